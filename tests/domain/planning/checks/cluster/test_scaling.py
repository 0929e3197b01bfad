"""What others count: budgets and autoscalers that take the new pods into their sums."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.model.manifests import Manifest
from migrator.domain.planning.checks.cluster import scaling
from migrator.domain.planning.checks.nodes import capacity
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import OLD, SHARED, SPEC, codes, deployment, thing, world

BOTH, HASHED = {"matchLabels": SHARED}, {"matchLabels": {"pod-template-hash": "6f7d"}}

BUDGETS = [
    pytest.param({"minAvailable": 2, "selector": BOTH}, {"arithmetic.pdb-counts-both warn"}, id="an integer over both"),
    pytest.param(
        {"minAvailable": "50%", "selector": BOTH}, {"arithmetic.pdb-percentage warn"}, id="a percentage over both"
    ),
    pytest.param(
        {"maxUnavailable": 1, "selector": BOTH}, {"arithmetic.pdb-percentage warn"}, id="maxUnavailable over both"
    ),
    pytest.param({"minAvailable": 2, "selector": HASHED}, set(), id="the old pods alone"),
    pytest.param(
        {"minAvailable": 1, "selector": {"matchLabels": {"version": "v2"}}}, set(), id="an integer over the new"
    ),
    pytest.param(
        {"maxUnavailable": "10%", "selector": {"matchLabels": {"version": "v2"}}},
        {"arithmetic.pdb-percentage warn"},
        id="a percentage over the new",
    ),
]


@pytest.mark.parametrize(("spec", "found"), BUDGETS)
def test_a_budget_that_miscounts_is_named(spec: Any, found: set[str]) -> None:
    assert codes(scaling.budgets_count_right(propose(world(thing("PodDisruptionBudget", "b", spec)), SPEC))) == found


def scaler(kind: str = "HorizontalPodAutoscaler", **spec: Any) -> Manifest:
    return thing(kind, "s", {"scaleTargetRef": {"kind": "Deployment", "name": OLD}, **spec}, api="autoscaling/v2")


SCALERS = [
    pytest.param({"metrics": [{"type": "Resource"}]}, True, id="averages a resource"),
    pytest.param({}, True, id="has no metrics: CPU by default"),
    pytest.param({"metrics": [{"type": "External"}]}, False, id="asks something external"),
]


@pytest.mark.parametrize(("spec", "averages"), SCALERS)
def test_an_hpa_that_averages_over_both_sides_is_named(spec: Any, averages: bool) -> None:
    found = codes(scaling.scalers_count_right(propose(world(scaler(maxReplicas=2, **spec)), SPEC)))

    assert found == ({"arithmetic.hpa-averages-both warn"} if averages else set())


def test_an_hpa_of_a_deployment_that_selects_only_its_own_pods_counts_right() -> None:
    source = deployment()
    source["spec"] = {**source["spec"], "selector": {"matchLabels": {**SHARED, "version": "v1"}}}  # type: ignore[dict-item]

    assert not list(scaling.scalers_count_right(propose(world(scaler(maxReplicas=2), source=source), SPEC)))


def test_keda_is_known_as_the_owner_of_the_floor() -> None:
    assert codes(scaling.scaled_objects_are_known(propose(world(scaler("ScaledObject")), SPEC))) == {
        "arithmetic.keda info"
    }


@pytest.mark.parametrize(
    ("most", "found"), [(2, {"capacity.no-scaling info"}), (3, {"capacity.no-scaling info", "capacity.peak warn"})]
)
def test_three_nodes_with_one_lost_carry_a_peak_of_two_pods_and_not_of_three(most: int, found: set[str]) -> None:
    assert codes(capacity.peak_is_carried(propose(world(scaler(maxReplicas=most)), SPEC))) == found
