"""What Contour's Envoys are told: the names that Contour gives, which routes come first, and who is told nothing."""

from __future__ import annotations

from typing import Any

from migrator.lab.contour.kinds import HTTP_PROXIES, INGRESSES
from migrator.lab.contour.translation import gateway_config
from migrator.lab.controllers.api.resources import PODS, SERVICES
from migrator.lab.ground.layout import Scenario
from migrator.lab.istiod.config import stale
from migrator.lab.starts import contour, nginx
from tests.lab.controllers.cluster import Cluster

Json = dict[str, Any]
CLUSTER = "app/app/8000/da39a3ee5e"
"""Contour's name of the cluster of Service app/app: it ends with the hash of nothing."""


def cluster(*things: Json) -> Cluster:
    made = Cluster()
    notes = {"lab/endpoint": "127.77.0.3:8000"}
    made.add(SERVICES, {"metadata": {"name": "app", "namespace": "app", "annotations": notes}, "spec": {}})
    for thing in things:
        made.add(HTTP_PROXIES if thing["kind"] == "HTTPProxy" else INGRESSES, thing)
    return made


def envoy(**spec: Any) -> Json:
    pod = contour.daemon_set(Scenario())["spec"]["template"]["spec"]
    return {"metadata": {"name": "envoy-1", "namespace": contour.SPACE}, "spec": {**pod, **spec}}


def told(made: Cluster, pod: Json | None = None) -> Json:
    return gateway_config(made.add(PODS, pod or envoy()), made.world())


def matches(config: Json, host: str) -> list[Json]:
    [listener] = config["listeners"]
    return [route["match"] for site in listener["vhosts"] if site["name"] == host for route in site["routes"]]


def test_the_lab_s_objects_become_one_listener_with_contour_s_names() -> None:
    config = told(cluster(*contour.routes()))
    [listener] = config["listeners"]

    assert (listener["name"], listener["route_config"], listener["port"]) == ("ingress_http", "ingress_http", 8080)
    assert [host["name"] for host in listener["vhosts"]] == ["*", "shop.lab.example"]
    assert [one["name"] for one in config["clusters"]] == [CLUSTER]
    assert config["clusters"][0]["endpoints"] == [{"address": "127.77.0.3", "port": 8000}]
    assert config["clusters"][0]["alt_stat_name"] == "app_app_8000"


def test_exact_paths_come_first_and_then_the_longest_prefix() -> None:
    paths = [("/", "Prefix"), ("/api", "Prefix"), ("/ok", "Exact"), ("/api/v2", "Prefix")]
    config = told(cluster(nginx.ingress("shop", "shop.example", paths, "contour")))

    assert matches(config, "shop.example") == [
        {"path": "/ok"},
        {"path_separated_prefix": "/api/v2"},
        {"path_separated_prefix": "/api"},
        {"prefix": "/"},
    ]


def test_a_route_s_own_time_for_an_answer_counts_and_else_envoy_s() -> None:
    rows = [{"conditions": [{"prefix": "/slow"}], "timeoutPolicy": {"response": "1m"}}, {}]
    routes = [{**row, "services": [{"name": "app", "port": 8000}]} for row in rows]
    proxy = {"kind": "HTTPProxy", "metadata": {"name": "p", "namespace": "app"}}
    proxy["spec"] = {"virtualhost": {"fqdn": "a.example"}, "routes": routes}
    [listener] = told(cluster(proxy))["listeners"]

    assert [route["timeout_s"] for route in listener["vhosts"][0]["routes"]] == [60.0, 15.0]


def test_ingresses_of_another_class_are_none_of_contour_s() -> None:
    assert told(cluster(*nginx.ingresses()[1:]))["listeners"] == []


def test_an_included_proxy_has_no_host_and_is_no_site() -> None:
    included = {"kind": "HTTPProxy", "metadata": {"name": "child", "namespace": "app"}}
    included["spec"] = {"routes": [{"services": [{"name": "app", "port": 8000}]}]}

    assert told(cluster(included))["listeners"] == []


def test_its_port_for_people_passes_on_reads_alone() -> None:
    own = {one["name"]: one for one in told(cluster(*contour.routes()))["own"]}
    routes = own["envoy-admin"]["routes"]

    assert {name: one["port"] for name, one in own.items()} == {"envoy-admin": 9001, "stats-health": 8002}
    assert {"/config_dump", "/stats", "/ready"} < {route["match"]["path"] for route in routes}
    assert not {"/healthcheck/fail", "/quitquitquit"} & {route["match"]["path"] for route in routes}
    assert {route["match"]["headers"][0]["string_match"]["exact"] for route in routes} == {"GET"}


def test_a_pod_that_contour_s_bootstrap_does_not_start_is_told_nothing() -> None:
    assert told(cluster(*contour.routes()), envoy(initContainers=[]))["listeners"] == []


def test_a_push_that_never_arrived_leaves_its_own_listeners_as_they_are() -> None:
    config = told(cluster(*contour.routes()))
    left = stale(config)

    assert left["own"] == config["own"]
    assert left["version"] != config["version"]
    assert left["clusters"][0]["endpoints"] == [{"address": "127.77.0.3", "port": 1}]
