"""The selector audit as one value: Kubernetes' own kinds, then the gateway's; each one-sided row can be widened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.gateways import PROFILES
from migrator.domain.gateways.audit import merge_at, widened, widened_selector
from migrator.domain.model.kubernetes import matches
from migrator.domain.model.manifests import Manifest, mapping, merged, selects
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.planning.matrix import audit, matrix
from migrator.domain.planning.proposal import propose
from tests.domain.gateways.istio.ground import changed
from tests.domain.planning.checks.ground import HOST_PORT, SPACE, SPEC, service, thing, world

BOTH = {"matchLabels": {"app": "gw"}}
V2 = {"matchLabels": {"version": "v2"}}
NOT_V2 = {"matchExpressions": [{"key": "version", "operator": "NotIn", "values": ["v2"]}]}
MONITORING = {"namespaceSelector": {"matchNames": [SPACE]}}

ROWS = [
    pytest.param(service("s", {"app": "gw"}), "both", id="Service of both"),
    pytest.param(service("s", {"app": "gw", "version": "v2"}), "new only", id="Service of the new pods"),
    pytest.param(service("s", {"pod-template-hash": "6f7d"}), "old only", id="Service of the old pods"),
    pytest.param(thing("PodDisruptionBudget", "b", {"selector": NOT_V2}), "old only", id="budget of the old pods"),
    pytest.param(service("s", {"app": "other"}), "none", id="Service of somebody else"),
    pytest.param(thing("ServiceEntry", "e", {"workloadSelector": {"labels": {"app": "gw"}}}), "both", id="entry"),
    pytest.param(
        thing("ServiceEntry", "e", {"workloadSelector": {"labels": {"version": "v2"}}}), "new only", id="entry of new"
    ),
    pytest.param(thing("ServiceEntry", "e", {"hosts": ["a"]}), "none", id="entry by addresses"),
    pytest.param(thing("NetworkPolicy", "n", {"podSelector": {}}), "both", id="policy of the namespace"),
    pytest.param(thing("NetworkPolicy", "n", {"podSelector": NOT_V2}), "old only", id="policy by an expression"),
    pytest.param(thing("PodDisruptionBudget", "b", {"selector": V2}), "new only", id="budget of the new pods"),
    pytest.param(thing("PodMonitor", "m", {"selector": BOTH}), "both", id="monitor"),
    pytest.param(thing("PodMonitor", "m", {"selector": V2, **MONITORING}, "mon"), "new only", id="monitor elsewhere"),
    pytest.param(
        thing("PodMonitor", "m", {"selector": BOTH, "namespaceSelector": {"any": True}}, "mon"), "both", id="everywhere"
    ),
]


@pytest.mark.parametrize("kind", sorted(PROFILES))
@pytest.mark.parametrize(("made", "cell"), ROWS)
def test_kinds_that_choose_pods_have_a_row_whatever_the_gateway_is(kind: str, made: Manifest, cell: str) -> None:
    spec = replace(SPEC, gateway=GatewaySpec(kind))

    (row,) = matrix(propose(world(made, plain=[]), spec))

    assert str(row.reach) == cell
    leads = row.kind in ("Service", "ServiceEntry", "PodDisruptionBudget")
    assert row.meant is (leads and cell == "old only")
    assert (row.widening is not None) is (row.one_sided and not leads)
    if row.widening is not None:
        (again,) = matrix(propose(world(changed(made, row.widening), plain=[]), spec))
        assert str(again.reach) == "both"


def test_what_means_other_namespaces_has_no_row() -> None:
    others = [
        service("s", {"app": "gw"}),
        thing("NetworkPolicy", "n", {"podSelector": {}}),
        thing("PodMonitor", "m", {"selector": BOTH, "namespaceSelector": {"matchNames": ["x"]}}),
    ]
    moved: list[Any] = [merged(each, {"metadata": {"namespace": "shop"}}) for each in others]

    assert matrix(propose(world(*moved, plain=[]), SPEC)) == ()


def test_an_entry_that_holds_an_address_is_that_sides() -> None:
    entries = [
        thing("WorkloadEntry", name, {"address": address})
        for name, address in (("o", "10.0.0.1"), ("n", "10.1.0.1"), ("x", "192.0.2.1"))
    ]

    rows = matrix(propose(world(*entries, plain=[]), SPEC))
    on_pods = matrix(propose(world(*entries, plain=[]), HOST_PORT))

    assert [str(row.reach) for row in rows] == ["old only", "new only", "none"]
    assert [str(row.reach) for row in on_pods] == ["old only", "none", "none"]
    assert [row.widening for row in rows] == [None, None, None]


def test_without_a_source_there_is_no_row_and_what_was_not_seen_is_named() -> None:
    seen = replace(world(), source=None, unseen=("EnvoyFilter",), strange=(("g", "K"),))
    found = audit(propose(seen, SPEC))

    assert (found.rows, found.unseen, found.strange) == ((), ("EnvoyFilter",), ("K.g",))


KEYS, VALUES = ("a", "b", "c"), ("1", "2")
LABELS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))
ROW = st.fixed_dictionaries(
    {
        "key": st.sampled_from(KEYS),
        "operator": st.sampled_from(("In", "NotIn", "Exists", "DoesNotExist")),
        "values": st.lists(st.sampled_from(VALUES), min_size=1, max_size=2),
    }
)
SELECTORS = st.fixed_dictionaries({}, optional={"matchLabels": LABELS, "matchExpressions": st.lists(ROW, max_size=3)})


def kubernetes(selector: Any, having: dict[str, str]) -> bool:
    """Say what apimachinery says (labels.Requirement.Matches): `notin` and `!` hold of a label that is absent."""
    rows = [{"key": key, "operator": "In", "values": [value]} for key, value in selector.get("matchLabels", {}).items()]
    for row in [*rows, *selector.get("matchExpressions", [])]:
        key, operator, values = row["key"], row["operator"], row["values"]
        if operator == "In" and not (key in having and having[key] in values):
            return False
        if operator == "NotIn" and key in having and having[key] in values:
            return False
        if operator == "Exists" and key not in having:
            return False
        if operator == "DoesNotExist" and key in having:
            return False
    return True


@given(SELECTORS, LABELS)
def test_a_label_selector_means_what_it_means_to_kubernetes(selector: Any, having: dict[str, str]) -> None:
    assert matches(selector, having) is kubernetes(selector, having)


@given(SELECTORS, LABELS, LABELS)
def test_a_widened_label_selector_matches_both_sides(selector: Any, old: Any, new: Any) -> None:
    patch = widened_selector(selector, old, new)

    if patch is not None:
        wide = merged(selector, patch)
        assert matches(wide, old)
        assert matches(wide, new)
    else:
        assert not {key for key, value in old.items() if new.get(key) == value}


@given(LABELS.filter(bool), LABELS, LABELS)
def test_a_widened_equality_selector_matches_both_sides_and_never_everybody(wanted: Any, old: Any, new: Any) -> None:
    patch = merge_at(widened(wanted, old, new), "spec")

    if patch is None:
        assert not old.items() & new.items()
    else:
        wide: Any = mapping(merged({"spec": wanted}, patch.patch), "spec")
        assert wide
        assert selects(wide, old)
        assert selects(wide, new)
