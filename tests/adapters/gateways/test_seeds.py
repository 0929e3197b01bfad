"""Single differences sown into a gateway's dump: each is found. Changes that mean nothing: none raises an alarm.

The dumps are two: one written by hand as istiod would have it, one taken from real Envoys. Besides the differences named
here, every single value of every kind is changed, taken out or doubled in turn; what is not found stands in a table.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from migrator.adapters.gateways.comparison.comparing import apart, parity_of
from migrator.adapters.gateways.comparison.difference import differing, place_of
from migrator.adapters.gateways.configuration.canonical import Canonical, Identity, canonical
from migrator.domain.model.manifests import Manifest, dig
from tests.adapters.gateways import istio_like
from tests.adapters.gateways.istio_dumps import by_hand, can_certify, of_envoys
from tests.adapters.gateways.istio_like import NEW, OLD, PORTS
from tests.adapters.gateways.mutations import Path, changes, mutated
from tests.adapters.gateways.seeds import MEANINGLESS, SEEDS, Change

NET = "127.231"


@dataclass(frozen=True)
class Pair:
    """Two gateways of equal intent: the old one as it is read, the new one's dump and how that is read."""

    old: Canonical
    new: Manifest
    identity: Identity

    def read(self, new: Manifest) -> Canonical:
        """Read a dump of the new gateway."""
        return canonical(new, self.identity, {}, "", {})

    def places(self, new: Manifest) -> list[str]:
        """Give the places at which a dump of the new gateway differs from the old one."""
        found = self.read(new)
        units = apart(parity_of(self.old), parity_of(found))
        return [place_of(line) for line in differing(self.old.units, found.units, units).lines]

    def alike(self, new: Manifest) -> bool:
        """Say whether no unit differs and nothing is under way."""
        found = self.read(new)
        return not apart(parity_of(self.old), parity_of(found)) and not found.unready


HAND = Pair(canonical(by_hand(OLD), OLD.identity, PORTS, "", {}), by_hand(NEW), NEW.identity)


@pytest.fixture(scope="module", name="real")
def _real(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    if not can_certify():
        pytest.skip("makes its certificates with openssl")
    with of_envoys(tmp_path_factory.mktemp("envoys"), NET) as (old, new):
        identities = [
            Identity(s.identity.node_id.replace(s.ip, ip), s.identity.node_cluster, s.pod, ip) for s, ip in IPS
        ]
        return Pair(canonical(old, identities[0], {8080: 18080, 8443: 18443}, "", {}), new, identities[1])


IPS = ((OLD, f"{NET}.1.1"), (NEW, f"{NET}.2.1"))


@pytest.fixture(params=["written by hand", "of real Envoys"])
def pair(request: pytest.FixtureRequest) -> Pair:
    found: Pair = HAND if request.param == "written by hand" else request.getfixturevalue("real")
    return found


def test_equal_intent_is_alike(pair: Pair) -> None:
    assert pair.places(pair.new) == []
    assert pair.alike(pair.new)


NOT_FOUND = {
    r"(^|\.)(last_updated|version_info)$": "of the push, not of what was pushed",
    r"\.bootstrap\.node(\.|$)": "who the gateway is",
    r"\.path_config_source\.": "where a resource is read from; what it says is a unit of its own",
    r"stat_prefix$": "how statistics are called",
    r"lb_endpoints\.(load_balancing_weight|health_status)$": "by the gateway's place, and of the moment",
    r"endpoints\.(load_balancing_weight|locality|locality\..+)$": "by the gateway's place",
    r"istio\.config$|filter_metadata\.istio$": "which object it was made of: told, not compared",
    r"custom_tags\.literal\.value$": "the gateway's own labels; that of the mesh is compared (below)",
    r"^dynamic_listeners\.name$": "stands in the listener, too",
    r"^static_route_configs$": "a copy of what stands in a listener",
    r"^(static|dynamic)_endpoint_configs\.endpoint_config\.@type$": "a kind, not a value",
    r"^static_route_configs\.route_config\.@type$": "a kind, not a value",
}
"""What a change of may stay unseen, by where it is, and why."""


def test_every_single_change_of_any_kind_is_found_but_for_those_that_mean_nothing(pair: Pair) -> None:
    unseen = []
    for place, new in single_changes(pair.new):
        known = any(re.search(pattern, place) for pattern in NOT_FOUND)
        if not known and pair.alike(new):
            unseen.append(place)

    assert unseen == []


def of_its_own(document: Manifest, path: Path) -> bool:
    """Say whether a row is the gateway's own certificate, or what it has resolved itself: these have tests of their own."""
    name = dig(document, *path[:4], "name") or dig(document, *path[:4], "endpoint_config", "cluster_name")
    return len(path) > 3 and name in ("default", istio_like.REMOTE)


def single_changes(document: Manifest) -> Iterator[tuple[str, Manifest]]:
    """Give a change of each kind at each kind of place, with where it is; sections themselves stay."""
    seen = set()
    for path, kind in changes(document):
        place = ".".join(str(part) for part in path[2:] if not isinstance(part, int))
        shape = (str(dig(document, *path[:2], "@type")), place, kind)
        if place and place != "@type" and shape not in seen and "node" not in path and not of_its_own(document, path):
            seen.add(shape)
            yield place, mutated(document, path, kind)


def test_there_are_at_least_eight_differences_of_each_section() -> None:
    sections = [section for section, *_ in SEEDS]

    assert {section: sections.count(section) for section in sections if sections.count(section) < 8} == {}
    assert set(sections) == {
        "listeners",
        "filters",
        "routes",
        "clusters",
        "endpoints",
        "secrets",
        "extension configs",
        "bootstrap",
    }


@pytest.mark.parametrize(("change", "place"), [pytest.param(c, p, id=f"{s}: {what}") for s, what, c, p in SEEDS])
def test_a_single_difference_is_found_and_named(pair: Pair, change: Change, place: str) -> None:
    new = copy.deepcopy(pair.new)
    change(new)
    places = pair.places(new)

    assert places
    assert any(place in each for each in places), places


@pytest.mark.parametrize("change", [pytest.param(change, id=what) for what, change in MEANINGLESS])
def test_a_change_without_meaning_raises_no_alarm(pair: Pair, change: Change) -> None:
    new = copy.deepcopy(pair.new)
    change(new)

    assert json.dumps(new) != json.dumps(pair.new)
    assert pair.places(new) == []
    assert pair.alike(new)


def test_there_are_at_least_twenty_changes_without_meaning() -> None:
    assert len(MEANINGLESS) >= 20
