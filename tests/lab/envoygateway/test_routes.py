"""What Envoy Gateway says of Gateways and routes, and the configuration that comes of them."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.lab.controllers.api.objects import condition_of
from migrator.lab.controllers.api.resources import SERVICES
from migrator.lab.envoygateway.kinds import GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES
from migrator.lab.envoygateway.names import SYSTEM, infra_name, labels_for
from migrator.lab.envoygateway.translation import cluster_of, gateway_config
from tests.lab.controllers.cluster import Cluster
from tests.lab.envoygateway.world import cluster, gateway, proxy, route


def said(made: Cluster, name: str, kind: str = "Accepted") -> list[tuple[str, str, str]]:
    parents = made.get(HTTP_ROUTES, name)["status"]["parents"]
    rows = [(one["parentRef"]["name"], condition_of({"status": one}, kind)) for one in parents]
    return [(name, row["status"], row["reason"]) for name, row in rows]


def test_a_class_and_a_gateway_that_stands_are_accepted_and_programmed() -> None:
    made = cluster()
    proxy(made, "inside", envoyService={"type": "ClusterIP"})
    gateway(made, proxy="inside")
    made.settle()
    made.change(SERVICES, infra_name("default/eg"), {"spec": {"clusterIPs": ["10.0.0.8"]}}, SYSTEM)
    made.settle()

    assert condition_of(made.get(GATEWAY_CLASSES, "eg"), "Accepted")["status"] == "True"
    assert condition_of(made.get(GATEWAYS, "eg"), "Programmed")["status"] == "True"
    assert made.get(GATEWAYS, "eg")["status"]["addresses"] == [{"type": "IPAddress", "value": "10.0.0.8"}]


def test_a_gateway_behind_a_balancer_is_programmed_once_it_has_an_address() -> None:
    made = cluster()
    gateway(made)
    made.settle()
    before = condition_of(made.get(GATEWAYS, "eg"), "Programmed")
    given = {"loadBalancer": {"ingress": [{"ip": "203.0.113.1"}]}}
    made.change(SERVICES, infra_name("default/eg"), {"status": given}, SYSTEM)
    made.settle()

    assert (before["status"], before["reason"]) == ("False", "AddressNotAssigned")
    assert condition_of(made.get(GATEWAYS, "eg"), "Programmed")["status"] == "True"


@pytest.mark.parametrize(
    ("listener", "parent", "hosts", "reason"),
    [
        pytest.param({}, {}, (), "Accepted", id="the same namespace"),
        pytest.param({}, {"sectionName": "other"}, (), "NoMatchingParent", id="a listener that is not there"),
        pytest.param({"hostname": "*.a.example"}, {}, ("b.example",), "NoMatchingListenerHostname", id="other hosts"),
        pytest.param(
            {"allowedRoutes": {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"x": "y"}}}}},
            {},
            (),
            "NotAllowedByListeners",
            id="a namespace that is not let in",
        ),
    ],
)
def test_a_route_is_told_whether_its_gateway_takes_it(
    listener: dict[str, Any], parent: dict[str, Any], hosts: tuple[str, ...], reason: str
) -> None:
    made = cluster()
    gateway(made, **listener)
    route(made, "r", {"name": "eg"} | parent, hosts=hosts)
    made.settle()

    assert said(made, "r") == [("eg", str(reason == "Accepted"), reason)]
    attached = made.get(GATEWAYS, "eg")["status"]["listeners"][0]["attachedRoutes"]
    assert attached == (1 if reason == "Accepted" else 0)


def test_a_route_may_be_accepted_by_two_gateways_and_other_controllers_words_stay() -> None:
    made = cluster()
    gateway(made)
    gateway(made, "second")
    route(made, "r", {"name": "eg"}, {"name": "second"}, {"name": "somebody-elses"})
    theirs = {"parentRef": {"name": "somebody-elses"}, "controllerName": "other", "conditions": []}
    made.change(HTTP_ROUTES, "r", {"status": {"parents": [theirs]}})
    made.settle()

    parents = made.get(HTTP_ROUTES, "r")["status"]["parents"]
    assert [one["parentRef"]["name"] for one in parents] == ["somebody-elses", "eg", "second"]
    assert parents[0] == theirs


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        pytest.param({"name": "app"}, "ResolvedRefs", id="it is there"),
        pytest.param({"name": "gone"}, "BackendNotFound", id="it is not"),
        pytest.param({"name": "app", "namespace": "other"}, "RefNotPermitted", id="of another namespace"),
    ],
)
def test_a_route_is_told_whether_its_backends_are_there(ref: dict[str, str], reason: str) -> None:
    made = cluster()
    gateway(made)
    route(made, "r", {"name": "eg"}, backendRefs=[ref])
    made.settle()

    assert said(made, "r", "ResolvedRefs")[0][2] == reason


def test_an_envoy_gets_the_routes_of_the_gateway_by_which_it_calls_its_cluster() -> None:
    made = cluster()
    gateway(made)
    gateway(made, "second", allowedRoutes={"namespaces": {"from": "All"}})
    both = ({"name": "eg"}, {"name": "second"})
    route(made, "everything", *both)
    route(made, "shop", *both, hosts=("shop.lab.example",), timeouts={"request": "15s"})
    made.settle()
    configs = [gateway_config(made.pods(**labels_for(f"default/{name}"))[0], made.world()) for name in ("eg", "second")]

    names = [[one["name"] for one in config["listeners"]] for config in configs]
    assert names == [["default/eg/http"], ["default/second/http"]]
    listener = configs[0]["listeners"][0]
    assert (listener["port"], listener["stat_prefix"]) == (10080, "http-10080")
    assert [one["name"] for one in listener["vhosts"]] == ["default/eg/http/*", "default/eg/http/shop_lab_example"]
    assert listener["vhosts"][1]["routes"] == [
        {
            "name": "httproute/default/shop/rule/0/match/0/shop_lab_example",
            "match": {"prefix": "/"},
            "cluster": "httproute/default/shop/rule/0",
            "timeout_s": 15.0,
        }
    ]
    assert configs[0]["clusters"] == configs[1]["clusters"]
    assert configs[0]["clusters"][0]["endpoints"] == [{"address": "127.77.0.3", "port": 8000}]


def test_exact_paths_come_before_the_longest_prefix() -> None:
    made = cluster()
    gateway(made)
    paths = [("PathPrefix", "/"), ("PathPrefix", "/api"), ("Exact", "/a")]
    route(made, "r", {"name": "eg"}, matches=[{"path": {"type": kind, "value": value}} for kind, value in paths])
    made.settle()
    config = gateway_config(made.pods(**labels_for("default/eg"))[0], made.world())

    routes = config["listeners"][0]["vhosts"][0]["routes"]
    assert [one["match"] for one in routes] == [{"path": "/a"}, {"prefix": "/api"}, {"prefix": "/"}]


def test_an_envoy_of_nobody_gets_nothing() -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c"}]}}

    assert cluster_of(pod) == ""
    assert gateway_config(pod, cluster().world())["listeners"] == []
