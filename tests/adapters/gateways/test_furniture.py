"""What EnvoyFilters, plugins, policies and Envoy Gateway put into a gateway: each single difference is found, and no other.

Of every section at least eight differences and eight changes without meaning; and every single value of every kind in turn.
"""

from __future__ import annotations

import copy
import json
import re

import pytest

from migrator.adapters.gateways.configuration.canonical import canonical
from migrator.domain.model.manifests import items
from tests.adapters.gateways.furniture import furnished
from tests.adapters.gateways.furniture_seeds import DIFFERENCES, MEANINGLESS, ROOTS
from tests.adapters.gateways.istio_like import NEW, OLD, PORTS
from tests.adapters.gateways.seeds import Change
from tests.adapters.gateways.test_seeds import NOT_FOUND, Pair, single_changes

PAIR = Pair(canonical(furnished(OLD), OLD.identity, PORTS, "", {}), furnished(NEW), NEW.identity)


def of_section(kind: str) -> Pair:
    """Give the two gateways with this section of their dumps alone."""
    old, new = (
        {"configs": [s for s in items(furnished(side), "configs") if kind in str(s["@type"])]} for side in (OLD, NEW)
    )
    return Pair(canonical(old, OLD.identity, PORTS, "", {}), new, NEW.identity)


LEFT_OUT = NOT_FOUND | {
    r"alt_stat_name$": "how statistics are called",
    r"endpoints\.priority$": "by the gateway's place",
}


def test_equal_intent_is_alike_with_all_of_these() -> None:
    assert PAIR.places(PAIR.new) == []
    assert PAIR.alike(PAIR.new)


@pytest.mark.parametrize("kind", ["Listeners", "Routes", "Clusters", "Endpoints", "Secrets", "Ecds", "Bootstrap"])
def test_every_single_change_of_any_kind_is_found_but_for_those_that_mean_nothing(kind: str) -> None:
    pair, unseen = of_section(kind), []
    for place, new in single_changes(pair.new):
        known = any(re.search(pattern, place) for pattern in LEFT_OUT)
        if not known and pair.alike(new):
            unseen.append(place)

    assert unseen == []


@pytest.mark.parametrize("table", [DIFFERENCES, MEANINGLESS], ids=["differences", "changes without meaning"])
def test_there_are_at_least_eight_of_each_section(table: list[tuple[object, ...]]) -> None:
    sections = [row[0] for row in table]

    assert {section: sections.count(section) for section in ROOTS if sections.count(section) < 8} == {}


@pytest.mark.parametrize(("change", "place"), [pytest.param(c, p, id=f"{s}: {what}") for s, what, c, p in DIFFERENCES])
def test_a_single_difference_is_found_and_named(change: Change, place: str) -> None:
    new = copy.deepcopy(PAIR.new)
    change(new)
    places = PAIR.places(new)

    assert places
    assert any(place in each for each in places), places


@pytest.mark.parametrize("change", [pytest.param(c, id=f"{section}: {what}") for section, what, c in MEANINGLESS])
def test_a_change_without_meaning_raises_no_alarm(change: Change) -> None:
    new = copy.deepcopy(PAIR.new)
    change(new)

    assert json.dumps(new) != json.dumps(PAIR.new)
    assert PAIR.places(new) == []
    assert PAIR.alike(new)


def test_no_credential_of_any_of_these_is_shown() -> None:
    words = json.dumps(dict(PAIR.old.units))

    assert "s3cret" not in words
    assert "Bearer t" not in words
