"""What Envoy Gateway makes of a Gateway, and how it keeps it so: the ways that take a workload away from under its clients."""

from __future__ import annotations

import pytest

from migrator.lab.controllers.api.objects import name_of
from migrator.lab.controllers.api.resources import DAEMON_SETS, DEPLOYMENTS, SERVICES, Resource
from migrator.lab.controllers.api.writes import Apply, Delete
from migrator.lab.envoygateway.infrastructure.reconcile import Infrastructures, holds
from migrator.lab.envoygateway.kinds import ENVOY_PROXIES, GATEWAYS
from migrator.lab.envoygateway.names import MANAGER, SYSTEM, infra_name, labels_for
from migrator.lab.ground.layout import ENVOY_GATEWAY_OWNING, Scenario
from migrator.lab.starts.envoygateway import BALANCED_BY, owning
from tests.lab.controllers.cluster import Cluster, template
from tests.lab.envoygateway.world import XDS, cluster, gateway, proxy

NAME = infra_name("default/eg")


def names(made: Cluster, resource: Resource) -> list[str]:
    return [name_of(one) for one in made.all(resource) if one["metadata"]["namespace"] == SYSTEM]


def get(made: Cluster, resource: Resource) -> dict:
    return made.get(resource, NAME, SYSTEM)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        pytest.param("default", "envoy-default-37a8eec1", id="of the product's own test data"),
        pytest.param("default/eg", "envoy-default-eg-e41e7b31", id="of its documentation"),
    ],
)
def test_an_infrastructure_is_called_as_the_product_calls_it(key: str, name: str) -> None:
    assert infra_name(key) == name


def test_a_gateway_gets_a_deployment_and_a_service_of_type_load_balancer() -> None:
    made = cluster()
    gateway(made)
    made.settle()

    assert names(made, DEPLOYMENTS) == names(made, SERVICES) == [NAME]
    assert names(made, DAEMON_SETS) == []
    assert len(made.pods(**labels_for("default/eg"))) == 1
    assert get(made, SERVICES)["spec"]["type"] == "LoadBalancer"
    assert [(port["port"], port["targetPort"]) for port in get(made, SERVICES)["spec"]["ports"]] == [(80, 10080)]
    assert "controller" not in get(made, DEPLOYMENTS)["metadata"]["ownerReferences"][0]


def test_an_envoyproxy_chooses_the_workload_and_patches_it() -> None:
    made = cluster()
    host = {"spec": {"template": {"spec": {"hostNetwork": True, "containers": [{"name": "envoy", "tty": True}]}}}}
    pod = {"nodeSelector": {"kubernetes.io/hostname": "n2"}}
    daemon = {"pod": pod, "patch": {"type": "StrategicMerge", "value": host}}
    proxy(made, "ds", envoyDaemonSet=daemon, envoyService={"type": "ClusterIP"}, useListenerPortAsContainerPort=True)
    gateway(made, proxy="ds")
    made.settle()

    spec = get(made, DAEMON_SETS)["spec"]["template"]["spec"]
    assert names(made, DEPLOYMENTS) == []
    assert (spec["hostNetwork"], spec["nodeSelector"]) == (True, {"kubernetes.io/hostname": "n2"})
    assert [(one["name"], one.get("tty")) for one in spec["containers"]] == [
        ("envoy", True),
        ("shutdown-manager", None),
    ]
    assert [one["spec"]["nodeName"] for one in made.pods(**labels_for("default/eg"))] == ["n2"]
    assert get(made, SERVICES)["spec"]["type"] == "ClusterIP"
    assert get(made, SERVICES)["spec"]["ports"][0]["targetPort"] == 80


def test_what_is_deleted_or_changed_comes_back() -> None:
    made = cluster()
    gateway(made)
    made.settle()
    for resource in (DEPLOYMENTS, SERVICES):
        made.perform(Delete(resource, get(made, resource)))
    made.settle()
    made.change(DEPLOYMENTS, NAME, {"spec": {"replicas": 0}}, SYSTEM)
    made.settle()

    assert names(made, SERVICES) == [NAME]
    assert get(made, DEPLOYMENTS)["spec"]["replicas"] == 1


def test_an_annotation_that_somebody_else_added_stays() -> None:
    made = cluster()
    gateway(made)
    made.settle()
    made.change(DEPLOYMENTS, NAME, {"metadata": {"annotations": {"mine": "yes"}}}, SYSTEM)
    made.settle()

    assert get(made, DEPLOYMENTS)["metadata"]["annotations"]["mine"] == "yes"


def test_the_deployment_is_deleted_before_the_daemonset_is_made() -> None:
    made = cluster()
    proxy(made, "shape")
    gateway(made, proxy="shape")
    made.settle()
    made.change(ENVOY_PROXIES, "shape", {"spec": {"provider": {"kubernetes": {"envoyDaemonSet": {}}}}})
    writes = Infrastructures(XDS).sync(made.world()).writes

    kinds = [
        (type(one), one.resource)
        for one in writes
        if isinstance(one, Apply | Delete) and one.resource in (DEPLOYMENTS, DAEMON_SETS)
    ]
    assert kinds == [(Delete, DEPLOYMENTS), (Apply, DAEMON_SETS)]
    made.settle()
    assert (names(made, DEPLOYMENTS), names(made, DAEMON_SETS)) == ([], [NAME])


def test_a_daemonset_that_somebody_else_made_with_the_same_labels_is_deleted() -> None:
    made = cluster()
    gateway(made)
    made.settle()
    meta = {"name": "by-hand", "namespace": SYSTEM, "labels": labels_for("default/eg")}
    selector = {"matchLabels": {"app": "gw"}}
    made.add(DAEMON_SETS, {"metadata": meta, "spec": {"selector": selector, "template": template()}})
    made.settle()

    assert names(made, DAEMON_SETS) == []
    assert names(made, DEPLOYMENTS) == [NAME]


def test_everything_of_a_gateway_that_is_deleted_goes_and_nothing_of_another() -> None:
    made = cluster()
    gateway(made)
    gateway(made, "second")
    made.settle()
    made.remove(GATEWAYS, "eg")
    made.settle()

    assert names(made, DEPLOYMENTS) == names(made, SERVICES) == [infra_name("default/second")]
    assert made.pods(**labels_for("default/eg")) == []


def test_a_settled_world_is_left_alone() -> None:
    made = cluster()
    gateway(made)
    made.settle()
    controller = Infrastructures(XDS)
    again = controller.sync(made.world()).writes

    assert {type(one) for one in again} == {Apply}, "a controller that has just started applies everything once"
    assert {one.manager for one in again if isinstance(one, Apply)} == {MANAGER}
    assert controller.sync(made.world()).writes == ()


@pytest.mark.parametrize(
    ("live", "wanted", "said"),
    [
        pytest.param({"a": 1, "b": 2}, {"a": 1}, True, id="more than is wanted"),
        pytest.param({"a": [{"name": "x", "v": 1}, {"name": "y"}]}, {"a": [{"name": "x"}]}, True, id="a list by name"),
        pytest.param({"a": [1, 2]}, {"a": [1]}, False, id="a longer list of values"),
        pytest.param({}, {"a": {"b": 1}}, False, id="less than is wanted"),
        pytest.param({"a": [{"name": "x"}]}, {"a": [{"name": "x", "v": 1}]}, False, id="a field of an item"),
    ],
)
def test_an_object_holds_what_is_wanted(live: dict, wanted: dict, said: bool) -> None:
    assert holds(live, wanted) is said


def test_the_service_of_a_gateway_may_have_the_lab_s_balancer() -> None:
    made = cluster()
    proxy(made, "shape", envoyService={"type": "LoadBalancer", "annotations": {BALANCED_BY: "lb-lab"}})
    gateway(made, proxy="shape")
    made.settle()

    service = get(made, SERVICES)
    assert (service["spec"]["type"], service["metadata"]["annotations"]) == ("LoadBalancer", {BALANCED_BY: "lb-lab"})
    shapes = [one for one in owning(Scenario(way=ENVOY_GATEWAY_OWNING)) if one["kind"] == "EnvoyProxy"]
    types = [one["spec"]["provider"]["kubernetes"]["envoyService"]["type"] for one in shapes]
    assert types == ["LoadBalancer", "ClusterIP"]
