"""How many pods may be away at once: rolling updates wait for the balancer, and a budget is a whole number."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.gateways.products.nginxes import PLAIN_NGINX
from migrator.domain.hardening import What, harden
from migrator.domain.hardening.patches import combined
from migrator.domain.messages.message import say
from tests.domain.hardening.ground import ground, measures, remarks, workload


def pdb(selector: Any, space: str = "edge", **bounds: Any) -> Any:
    spec = {"selector": {"matchLabels": selector}, **bounds}
    return {"kind": "PodDisruptionBudget", "metadata": {"name": "b", "namespace": space}, "spec": spec}


def test_the_next_pod_goes_only_once_the_balancer_sends_to_the_one_that_came() -> None:
    measure = measures(ground())[What.MIN_READY]

    assert (measure.was, measure.now, measure.patch) == (0, 15, {"spec": {"minReadySeconds": 15}})
    assert What.MIN_READY not in measures(ground(workload(minReadySeconds=15)))


STRATEGIES = [
    pytest.param(None, True, id="the default, a quarter away"),
    pytest.param({"type": "Recreate"}, True, id="all away at once"),
    pytest.param({"rollingUpdate": {"maxUnavailable": 0}}, False, id="none away"),
    pytest.param(
        {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "0%"}}, False, id="none away, in percent"
    ),
]


@pytest.mark.parametrize(("strategy", "changed"), STRATEGIES)
def test_no_pod_of_a_deployment_goes_before_a_new_one_is_there(strategy: Any, changed: bool) -> None:
    assert (What.ROLLING in measures(ground(workload(strategy=strategy)))) is changed


def test_pods_that_hold_ports_of_their_nodes_cannot_come_before_others_go() -> None:
    on_host = workload({"hostNetwork": True}, container={"ports": [{"containerPort": 80}]})

    assert What.ROLLING not in measures(ground(on_host))
    assert What.ROLLING not in measures(ground(workload(kind="DaemonSet")))


def test_a_missing_budget_is_made_with_a_whole_number() -> None:
    found = harden(ground())

    (made,) = found.objects
    assert made["spec"] == {"minAvailable": 2, "selector": {"matchLabels": {"app": "gw"}}}
    assert say("harden.budget", pods=3, least=2) in found.remarks


def test_a_workload_without_labels_gets_a_budget_without_them() -> None:
    made = workload()
    made["metadata"] = {"name": "gw", "namespace": "edge"}

    (budget,) = harden(ground(made)).objects

    assert budget["metadata"] == {"name": "gw", "namespace": "edge"}


BUDGETS = [
    pytest.param({"budgets": None}, "harden.budget-unseen", id="nobody looked"),
    pytest.param({"pods": 1}, "harden.budget-impossible", id="one pod"),
    pytest.param({"pods": None}, "harden.budget-impossible", id="nobody knows how many pods"),
    pytest.param(
        {"made": workload(kind="DaemonSet"), "budgets": (pdb({"app": "gw"}, minAvailable="50%"),)},
        "harden.budget-wrong",
        id="a percentage of a DaemonSet",
    ),
    pytest.param(
        {"made": workload(kind="DaemonSet"), "budgets": (pdb({"app": "gw"}, maxUnavailable=1),)},
        "harden.budget-wrong",
        id="maxUnavailable of a DaemonSet",
    ),
    pytest.param({"budgets": (pdb({"app": "gw"}, maxUnavailable=1),)}, None, id="a Deployment has a scale"),
    pytest.param({"budgets": (pdb({"app": "gw"}, minAvailable=2),)}, None, id="a whole number"),
]


@pytest.mark.parametrize(("facts", "said"), BUDGETS)
def test_a_budget_is_not_made_where_there_is_one_or_none_can_help(facts: Any, said: str | None) -> None:
    seen = ground(**facts)

    assert not harden(seen).objects
    assert {code for code in remarks(seen) if "budget" in code} == ({said} if said else set())


def test_another_namespaces_budget_is_none_of_its() -> None:
    assert harden(ground(budgets=(pdb({"app": "gw"}, space="other", minAvailable=1),))).objects


def test_the_patches_are_one_with_each_container_once_and_nulls_kept() -> None:
    made = workload(container={"livenessProbe": {"httpGet": {"path": "/ready", "port": 15000}}})
    patch: Any = combined(harden(ground(made)).measures)

    (row,) = patch["spec"]["template"]["spec"]["containers"]
    assert row["livenessProbe"]["httpGet"] is None
    assert row.keys() == {"name", "startupProbe", "readinessProbe", "livenessProbe"}
    assert patch["spec"]["minReadySeconds"] == 15


def test_variables_of_one_container_are_kept_together() -> None:
    rows = [{"name": "EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "value": "true"}]
    patch: Any = combined(harden(ground(workload(container={"env": rows}))).measures)

    (row,) = patch["spec"]["template"]["spec"]["containers"]
    assert row["env"] == [{"name": "MINIMUM_DRAIN_DURATION", "value": "20s"}]


def test_only_istio_has_settings_of_a_large_mesh() -> None:
    assert [name for name, *_ in harden(ground()).elsewhere] == ["PILOT_FILTER_GATEWAY_CLUSTER_CONFIG"]
    assert not harden(ground(product=PLAIN_NGINX)).elsewhere
