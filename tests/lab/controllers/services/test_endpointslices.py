"""EndpointSlices: addresses, conditions, and ports that named targets resolve pod by pod."""

from __future__ import annotations

from typing import Any

from migrator.lab.controllers.api.objects import name_of
from migrator.lab.controllers.api.resources import DEPLOYMENTS, ENDPOINT_SLICES, PODS, SERVICES
from tests.lab.controllers.cluster import Cluster, deployment_of, template


def service(target: int | str = 8080, **spec: Any) -> dict[str, Any]:
    ports = [{"name": "http", "port": 80, "targetPort": target}]
    return {"metadata": {"name": "web"}, "spec": {"selector": {"app": "gw"}, "ports": ports} | spec}


def serving(**spec: Any) -> Cluster:
    cluster = Cluster(nodes=3)
    cluster.add(SERVICES, service(**spec))
    cluster.add(DEPLOYMENTS, deployment_of(2))
    cluster.settle()
    return cluster


def conditions(cluster: Cluster) -> list[tuple[bool, bool, bool]]:
    found = [one["conditions"] for item in cluster.all(ENDPOINT_SLICES) for one in item["endpoints"]]
    return [(one["ready"], one["serving"], one["terminating"]) for one in found]


def test_ready_pods_become_ready_endpoints_with_node_and_pod():
    cluster = serving()

    [found] = cluster.all(ENDPOINT_SLICES)
    labels = found["metadata"]["labels"]
    assert labels["kubernetes.io/service-name"] == "web"
    assert labels["endpointslice.kubernetes.io/managed-by"] == "endpointslice-controller.k8s.io"
    assert found["ports"] == [{"name": "http", "port": 8080, "protocol": "TCP"}]
    assert conditions(cluster) == [(True, True, False)] * 2
    assert {one["targetRef"]["name"] for one in found["endpoints"]} == {name_of(pod) for pod in cluster.pods()}
    assert all(one["nodeName"] for one in found["endpoints"])


def test_a_deleted_pod_stops_being_ready_at_once_though_it_still_serves():
    cluster = serving()
    cluster.delete_pod(name_of(cluster.pods(app="gw")[0]))

    cluster.step("endpointslice")

    assert sorted(conditions(cluster)) == [(False, True, True), (True, True, False)]


def test_a_pod_that_is_not_ready_is_listed_as_such_unless_all_are_to_be_published():
    cluster, generous = serving(), serving(publishNotReadyAddresses=True)
    for one in (cluster, generous):
        for pod in one.pods(app="gw"):
            one.report(pod, ready=False)
        one.settle()

    assert conditions(cluster) == [(False, False, False)] * 2
    assert conditions(generous) == [(True, False, False)] * 2


def test_pods_without_an_address_and_finished_pods_are_no_endpoints():
    cluster = serving()
    for pod in cluster.pods(app="gw"):
        cluster.change(PODS, name_of(pod), {"status": {"phase": "Failed"}})

    cluster.step("endpointslice")

    assert conditions(cluster) == []


def test_a_named_port_that_differs_between_pods_makes_two_slices():
    cluster = Cluster(nodes=2)
    cluster.add(SERVICES, service(target="http"))
    for number in (8080, 9090):
        spec = template()["spec"] | {"nodeName": "n1"}
        spec["containers"] = [{"name": "c", "image": "i", "ports": [{"name": "http", "containerPort": number}]}]
        cluster.add(PODS, {"metadata": {"name": f"p{number}", "labels": {"app": "gw"}}, "spec": spec})
    cluster.settle()

    found = cluster.all(ENDPOINT_SLICES)
    assert sorted(item["ports"][0]["port"] for item in found) == [8080, 9090]

    cluster.delete_pod("p9090")
    cluster.settle()
    assert [item["ports"][0]["port"] for item in cluster.all(ENDPOINT_SLICES)] == [8080]


def test_a_changed_selector_empties_the_slice_and_a_service_without_one_gets_none():
    cluster = serving()
    cluster.change(SERVICES, "web", {"spec": {"selector": {"app": "nobody"}}})
    cluster.add(SERVICES, {"metadata": {"name": "manual"}, "spec": {"ports": [{"port": 80}]}})
    cluster.settle()

    [found] = cluster.all(ENDPOINT_SLICES)
    assert found["metadata"]["labels"]["kubernetes.io/service-name"] == "web"
    assert found["endpoints"] == []
