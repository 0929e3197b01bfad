"""PodDisruptionBudgets, above all that a DaemonSet can only be guarded by an integer minAvailable."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.lab.controllers.api.objects import condition_of
from migrator.lab.controllers.api.resources import DAEMON_SETS, DEPLOYMENTS, DISRUPTION_BUDGETS
from migrator.lab.controllers.workloads import budgets
from tests.lab.controllers.cluster import Cluster, daemon_set_of, deployment_of


def status(cluster: Cluster, app: str, spec: dict[str, Any]) -> dict[str, Any]:
    selector = {"matchLabels": {"app": app}}
    cluster.add(DISRUPTION_BUDGETS, {"metadata": {"name": "pdb"}, "spec": spec | {"selector": selector}})
    for write in budgets.sync(cluster.world()).writes:
        cluster.perform(write)
    assert budgets.sync(cluster.world()).writes == (), "a second look has nothing to add"
    return cluster.get(DISRUPTION_BUDGETS, "pdb")


@pytest.mark.parametrize(
    ("spec", "desired", "allowed"),
    [
        pytest.param({"minAvailable": 3}, 3, 1, id="an integer"),
        pytest.param({"minAvailable": 4}, 4, 0, id="all of them"),
        pytest.param({"minAvailable": "50%"}, 2, 2, id="a percentage of the Deployment's replicas"),
        pytest.param({"maxUnavailable": 1}, 3, 1, id="a bound from above"),
        pytest.param({"maxUnavailable": "26%"}, 2, 2, id="a percentage from above, rounded up"),
    ],
)
def test_a_deployments_pods_may_be_evicted_down_to_the_bound(spec, desired, allowed):
    cluster = Cluster(nodes=3)
    cluster.add(DEPLOYMENTS, deployment_of(4))
    cluster.settle()

    found = status(cluster, "gw", spec)

    counts = {"expectedPods": 4, "currentHealthy": 4, "desiredHealthy": desired, "disruptionsAllowed": allowed}
    assert counts.items() <= found["status"].items()
    assert condition_of(found, "DisruptionAllowed")["status"] == str(bool(allowed))


def test_a_daemonset_is_guarded_by_an_integer():
    cluster = Cluster(nodes=3)
    cluster.add(DAEMON_SETS, daemon_set_of())
    cluster.settle()

    found = status(cluster, "ds", {"minAvailable": 2})

    assert found["status"]["disruptionsAllowed"] == 1


@pytest.mark.parametrize("spec", [{"maxUnavailable": 1}, {"minAvailable": "50%"}])
def test_any_other_budget_over_a_daemonset_cannot_be_computed_and_allows_nothing(spec):
    cluster = Cluster(nodes=3)
    cluster.add(DAEMON_SETS, daemon_set_of())
    cluster.settle()

    found = status(cluster, "ds", spec)

    condition = condition_of(found, "DisruptionAllowed")
    assert found["status"]["disruptionsAllowed"] == 0
    assert (condition["reason"], condition["message"]) == (
        "SyncFailed",
        "daemonsets.apps does not implement the scale subresource",
    )
