"""A gateway's config: Istio's selection rules and port trap, routes, clusters, versions."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.lab.controllers.api.resources import ENDPOINT_SLICES, ISTIO_GATEWAYS, PODS, SERVICES, VIRTUAL_SERVICES
from migrator.lab.istiod.config import gateway_config, stale
from tests.lab.controllers.cluster import Cluster

Json = dict[str, Any]
LABELS = {"app": "igw", "istio": "ingressgateway"}
APP = "app.app.svc.cluster.local"
TO_APP = [{"destination": {"host": APP, "port": {"number": 8000}}}]


def pod(name: str = "gw-1", labels: Json | None = None, env: Json | None = None) -> Json:
    variables = [{"name": key, "value": value} for key, value in (env or {}).items()]
    container = {
        "name": "c",
        "image": "lab/gateway",
        "ports": [{"name": "web", "containerPort": 8443}],
        "env": variables,
    }
    meta = {"name": name, "namespace": "gateways", "labels": LABELS if labels is None else labels}
    return {"metadata": meta, "spec": {"containers": [container]}}


def service(target: int | str = 8080, selector: Json | None = None, name: str = "igw", port: int = 80) -> Json:
    spec = {"selector": selector or LABELS, "ports": [{"name": "http2", "port": port, "targetPort": target}]}
    return {"metadata": {"name": name, "namespace": "gateways"}, "spec": spec}


def gateway(*hosts: str, number: int = 80, selector: Json | None = None, protocol: str = "HTTP") -> Json:
    server = {"port": {"number": number, "name": "http", "protocol": protocol}, "hosts": list(hosts or ["*"])}
    spec = {"selector": selector or {"istio": "ingressgateway"}, "servers": [server]}
    return {"metadata": {"name": "public", "namespace": "gateways"}, "spec": spec}


def virtual(*hosts: str, http: list[Json] | None = None, name: str = "vs", namespace: str = "gateways") -> Json:
    bound = "public" if namespace == "gateways" else "gateways/public"
    spec = {"hosts": list(hosts or ["*"]), "gateways": [bound], "http": http or [{"route": TO_APP}]}
    return {"metadata": {"name": name, "namespace": namespace}, "spec": spec}


def backend() -> Json:
    meta = {"name": "app", "namespace": "app", "annotations": {"lab/endpoint": "127.77.0.3:8000"}}
    return {"metadata": meta, "spec": {"ports": [{"name": "http", "port": 8000}]}}


def mesh(
    *, gateways: tuple[Json, ...] = (), services: tuple[Json, ...] = (), virtuals: tuple[Json, ...] = ()
) -> Cluster:
    cluster = Cluster()
    for item in (backend(), *services):
        cluster.add(SERVICES, item)
    for item in gateways or (gateway(),):
        cluster.add(ISTIO_GATEWAYS, item)
    for item in virtuals or (virtual(),):
        cluster.add(VIRTUAL_SERVICES, item)
        cluster.pass_time(1)
    return cluster


def config(cluster: Cluster, wanted: Json | None = None) -> Json:
    return gateway_config(cluster.add(PODS, wanted or pod()), cluster.world())


def ports(found: Json) -> list[int]:
    return [one["port"] for one in found["listeners"]]


def test_a_config_speaks_istios_names():
    found = config(mesh(services=(service(),)))

    [listener] = found["listeners"]
    [host] = listener["vhosts"]
    name = f"outbound|8000||{APP}"
    assert (listener["port"], listener["name"], listener["route_config"]) == (8080, "0.0.0.0_8080", "http.8080")
    assert (host["name"], host["domains"]) == ("*:80", ["*"])
    assert host["routes"] == [{"match": {"prefix": "/"}, "cluster": name, "timeout_s": 0}]
    assert found["clusters"] == [{"name": name, "endpoints": [{"address": "127.77.0.3", "port": 8000}]}]


@pytest.mark.parametrize(
    ("services", "wanted", "port"),
    [
        pytest.param((service(8080),), pod(), 8080, id="the targetPort of the Service that selects the pod"),
        pytest.param((), pod(), 80, id="without a Service the Gateway's own port"),
        pytest.param((service(8080, selector={"app": "other"}),), pod(), 80, id="a Service of other pods says nothing"),
        pytest.param((service(8080, port=443),), pod(), 80, id="a Service without that port says nothing"),
        pytest.param((service("web"),), pod(), 8443, id="a named targetPort is the pod's own"),
        pytest.param(
            (service(8080, name="first"), service(18080, name="second")),
            pod(),
            8080,
            id="of two Services the first wins",
        ),
    ],
)
def test_a_gateway_port_becomes(services, wanted, port):
    assert ports(config(mesh(services=services), wanted)) == [port]


def test_a_pod_with_the_old_labels_listens_where_the_old_service_says_whatever_it_declares():
    """The trap: the DaemonSet's pod wants 18080, but the old Service selects it too."""
    cluster = mesh(services=(service(8080), service(18080, selector={"version": "v2"}, name="new")))

    assert ports(config(cluster, pod("new-1", LABELS | {"version": "v2"}))) == [8080]


def test_an_unprivileged_pod_skips_ports_below_1024():
    wanted = pod(env={"ISTIO_META_UNPRIVILEGED_POD": "true"})

    assert ports(config(mesh(), wanted)) == []
    assert ports(config(mesh(services=(service(8080),)), wanted)) == [8080]


@pytest.mark.parametrize(
    ("gateways", "virtuals"),
    [
        pytest.param((gateway(selector={"istio": "other"}),), (), id="no Gateway selects the pod"),
        pytest.param((), (virtual("a.example", name="x"),), id="no host in common"),
        pytest.param((gateway(protocol="HTTPS"),), (), id="only TLS, which the lab does not speak"),
    ],
)
def test_without_a_match_there_is_no_listener_and_yet_a_config(gateways, virtuals):
    found = config(mesh(gateways=gateways or (gateway("b.example"),), virtuals=virtuals))

    assert found["listeners"] == found["clusters"] == []
    assert found["version"]


def test_routes_keep_their_order_their_matches_and_their_timeouts():
    http = [
        {"match": [{"uri": {"exact": "/healthz"}}, {"uri": {"prefix": "/api"}}], "route": TO_APP, "timeout": "1m30s"},
        {"match": [{"uri": {"regex": "/v[0-9]+"}}], "route": TO_APP, "timeout": "250ms"},
        {"match": [{"headers": {"x": {"exact": "y"}}}], "route": TO_APP},
        {"route": TO_APP},
    ]
    [listener] = config(mesh(virtuals=(virtual(http=http),)))["listeners"]

    assert [(one["match"], one["timeout_s"]) for one in listener["vhosts"][0]["routes"]] == [
        ({"path": "/healthz"}, 90),
        ({"prefix": "/api"}, 90),
        ({"safe_regex": {"regex": "/v[0-9]+"}}, 0.25),
        ({"prefix": "/"}, 0),
    ]


def test_virtualservices_that_share_a_host_are_joined_and_the_catch_all_comes_last():
    api = [{"match": [{"uri": {"prefix": "/api"}}], "route": TO_APP}]
    cluster = mesh(virtuals=(virtual("a.example"), virtual("a.example", http=api, name="second")))

    [listener] = config(cluster)["listeners"]

    [host] = listener["vhosts"]
    assert host["domains"] == ["a.example", "a.example:*"]
    assert [one["match"] for one in host["routes"]] == [{"prefix": "/api"}, {"prefix": "/"}]


@pytest.mark.parametrize(
    ("server", "service_host", "namespace", "host"),
    [
        pytest.param("*", "a.example", "gateways", "a.example", id="any host narrows to the service's"),
        pytest.param("a.example", "*", "gateways", "a.example", id="and the other way round"),
        pytest.param("*.example", "a.example", "gateways", "a.example", id="a wildcard covers"),
        pytest.param("./a.example", "a.example", "gateways", "a.example", id="a dot means the gateway's namespace"),
        pytest.param("./a.example", "a.example", "shop", None, id="which shuts others out"),
        pytest.param("shop/a.example", "a.example", "shop", "a.example", id="a named namespace"),
        pytest.param("*/a.example", "a.example", "shop", "a.example", id="any namespace"),
        pytest.param("*.example", "a.test", "gateways", None, id="nothing in common"),
    ],
)
def test_hosts_meet(server, service_host, namespace, host):
    cluster = mesh(gateways=(gateway(server),), virtuals=(virtual(service_host, namespace=namespace),))

    found = config(cluster)["listeners"]

    assert [one["name"] for listener in found for one in listener["vhosts"]] == ([f"{host}:80"] if host else [])


def test_a_bare_destination_is_a_service_of_the_virtualservices_namespace_and_its_only_port():
    route = [{"destination": {"host": "shop"}}]
    shop = {"metadata": {"name": "shop", "namespace": "gateways"}, "spec": {"ports": [{"name": "http", "port": 81}]}}
    cluster = mesh(services=(shop,), virtuals=(virtual(http=[{"route": route}]),))

    assert [one["name"] for one in config(cluster)["clusters"]] == ["outbound|81||shop.gateways.svc.cluster.local"]


def test_endpoints_come_from_ready_slices_at_the_port_of_that_name():
    route = [{"destination": {"host": "shop", "port": {"number": 81}}}]
    spec = {"selector": {"a": "b"}, "ports": [{"name": "http", "port": 81}, {"name": "admin", "port": 82}]}
    cluster = mesh(
        services=({"metadata": {"name": "shop", "namespace": "gateways"}, "spec": spec},),
        virtuals=(virtual(http=[{"route": route}]),),
    )
    labels = {"kubernetes.io/service-name": "shop"}
    addresses = [("127.11.0.3", True), ("127.11.0.2", True), ("127.11.0.4", False)]
    endpoints = [{"addresses": [one], "conditions": {"ready": ready}} for one, ready in addresses]
    item = {
        "metadata": {"name": "shop-x", "namespace": "gateways", "labels": labels},
        "ports": [{"name": "http", "port": 8081}, {"name": "admin", "port": 8082}],
        "endpoints": endpoints,
    }
    cluster.add(ENDPOINT_SLICES, item)

    [found] = config(cluster)["clusters"]

    assert found["endpoints"] == [{"address": "127.11.0.2", "port": 8081}, {"address": "127.11.0.3", "port": 8081}]


def test_an_unknown_service_is_a_cluster_without_endpoints():
    route = [{"destination": {"host": "nobody.nowhere.svc.cluster.local", "port": {"number": 80}}}]

    [found] = config(mesh(virtuals=(virtual(http=[{"route": route}]),)))["clusters"]

    assert found["endpoints"] == []


def test_of_weighted_destinations_the_heaviest_is_kept():
    other = {"destination": {"host": "other.app.svc.cluster.local", "port": {"number": 1}}, "weight": 10}
    route = [other, TO_APP[0] | {"weight": 90}]

    [found] = config(mesh(virtuals=(virtual(http=[{"route": route}]),)))["clusters"]

    assert found["name"] == f"outbound|8000||{APP}"


@pytest.mark.parametrize(
    ("gateways", "virtuals"),
    [
        pytest.param(({"metadata": {"name": "public", "namespace": "gateways"}},), (), id="a Gateway without spec"),
        pytest.param((gateway() | {"spec": {"servers": [{"hosts": ["*"]}]}},), (), id="a server without port"),
        pytest.param((), ({"metadata": {"name": "vs", "namespace": "gateways"}},), id="a VirtualService without spec"),
        pytest.param((), (virtual(http=[{"redirect": {"uri": "/"}}]),), id="a rule that goes nowhere"),
    ],
)
def test_an_object_that_nobody_validated_is_left_out_and_breaks_nothing(gateways, virtuals):
    found = config(mesh(services=(service(),), gateways=gateways, virtuals=virtuals))

    assert [route for one in found["listeners"] for host in one["vhosts"] for route in host["routes"]] == []


def test_equal_configs_have_equal_versions_and_a_change_has_another():
    cluster = mesh(services=(service(),))
    one, two = config(cluster, pod("gw-1")), config(cluster, pod("gw-2"))
    cluster.change(SERVICES, "app", {"metadata": {"annotations": {"lab/endpoint": "127.77.0.3:8001"}}}, "app")

    assert one["version"] == two["version"] != config(cluster, pod("gw-3"))["version"]


def test_a_stale_config_has_the_same_routes_and_a_dead_upstream():
    fresh = config(mesh(services=(service(),)))
    old = stale(fresh)

    assert old["listeners"] == fresh["listeners"]
    assert [one["endpoints"] for one in old["clusters"]] == [[{"address": "127.77.0.3", "port": 1}]]
    assert old["version"] != fresh["version"]


def test_a_config_names_the_workload_of_the_pod():
    wanted = pod("igw-abc-x", LABELS | {"pod-template-hash": "abc"})
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "igw-abc", "uid": "u", "controller": True}
    wanted["metadata"]["ownerReferences"] = [owner]

    assert config(mesh(), wanted)["workload"]["name"] == "igw"
