"""Who gets which Istio configuration: the matrix, resource by resource, and rules that name a port that moves."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.gateways.istio.configuration import (
    gateway_api_by_service,
    matrix,
    no_gateway_left_empty,
    rules_name_ports,
    same_configuration,
)
from migrator.domain.model.manifests import Manifest
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import HOST_PORT, SPACE, SPEC, codes, thing, world

BY_V1 = {"matchLabels": {"app": "gw", "pod-template-hash": "6f7d"}}
BY_V2 = {"matchLabels": {"version": "v2"}}
BY_BOTH = {"matchLabels": {"istio": "ingressgateway"}}
ELSEWHERE = {"matchLabels": {"app": "shop"}}


def patch(context: str = "GATEWAY", **match: Any) -> Manifest:
    """Give one patch of an EnvoyFilter."""
    return {"applyTo": "HTTP_FILTER", "match": {"context": context, **match}}


def envoy_filter(*patches: Manifest, space: str = SPACE, **spec: Any) -> Manifest:
    """Give an EnvoyFilter."""
    return thing("EnvoyFilter", "f", {"configPatches": list(patches), **spec}, space)


CELLS = [
    pytest.param(
        thing("Gateway", "g", {"selector": {"istio": "ingressgateway"}}), "both", id="gateway by a shared label"
    ),
    pytest.param(thing("Gateway", "g", {"selector": {"app": "gw"}}, "shop"), "both", id="gateway of another namespace"),
    pytest.param(thing("Gateway", "g", {"selector": {"version": "v2"}}), "new only", id="gateway by the new label"),
    pytest.param(thing("Gateway", "g", {"selector": {"app": "other"}}), "none", id="gateway of somebody else"),
    pytest.param(thing("Gateway", "g", {}), "both", id="gateway without a selector"),
    pytest.param(envoy_filter(patch()), "both", id="filter without a selector, by its context"),
    pytest.param(envoy_filter(patch(), space="istio-system"), "both", id="filter of the root namespace"),
    pytest.param(envoy_filter(patch(), space="shop"), "none", id="filter of another namespace"),
    pytest.param(envoy_filter(patch("SIDECAR_INBOUND")), "none", id="filter for sidecars"),
    pytest.param(envoy_filter(patch("ANY")), "both", id="filter for any proxy"),
    pytest.param(
        envoy_filter(patch(), workloadSelector={"labels": {"version": "v2"}}), "new only", id="filter by the new label"
    ),
    pytest.param(
        envoy_filter(patch(), workloadSelector={"labels": {"pod-template-hash": "6f7d"}}),
        "old only",
        id="filter by the old template's hash",
    ),
    pytest.param(
        envoy_filter(patch(), space="istio-system", workloadSelector={"labels": {"app": "gw"}}),
        "both",
        id="filter of the root namespace by label",
    ),
    pytest.param(envoy_filter(patch(listener={"portNumber": 8080})), "old only", id="filter for the old port"),
    pytest.param(envoy_filter(patch(listener={"name": "0.0.0.0_18080"})), "new only", id="filter for the new listener"),
    pytest.param(
        envoy_filter(patch(), patch(routeConfiguration={"name": "http.8080"})),
        "old only",
        id="one patch of two is for the old",
    ),
    pytest.param(envoy_filter(patch(listener={"portNumber": 443})), "both", id="filter for a port that does not move"),
    pytest.param(
        envoy_filter(patch(), targetRefs=[{"kind": "Gateway", "name": "other"}]),
        "none",
        id="filter for another gateway",
    ),
    pytest.param(thing("AuthorizationPolicy", "p", {"selector": BY_BOTH}), "both", id="policy by a shared label"),
    pytest.param(thing("AuthorizationPolicy", "p", {"selector": BY_V1}), "old only", id="policy by an old label"),
    pytest.param(thing("AuthorizationPolicy", "p", {}), "both", id="policy of the whole namespace"),
    pytest.param(thing("AuthorizationPolicy", "p", {}, "istio-system"), "both", id="policy of the root namespace"),
    pytest.param(thing("AuthorizationPolicy", "p", {}, "shop"), "none", id="policy of another namespace"),
    pytest.param(thing("RequestAuthentication", "r", {"selector": BY_V2}), "new only", id="JWT rule by the new label"),
    pytest.param(thing("PeerAuthentication", "r", {"selector": BY_V1}), "old only", id="mTLS rule by an old label"),
    pytest.param(thing("Telemetry", "t", {"selector": ELSEWHERE}), "none", id="telemetry of somebody else"),
    pytest.param(thing("WasmPlugin", "w", {"selector": BY_BOTH}), "both", id="plugin by a shared label"),
    pytest.param(thing("ProxyConfig", "c", {"selector": BY_V1}), "old only", id="proxy configuration by an old label"),
    pytest.param(
        thing("Sidecar", "s", {"workloadSelector": {"labels": {"version": "v2"}}}),
        "does not apply to gateways",
        id="sidecar by the new label",
    ),
    pytest.param(thing("Sidecar", "s", {}), "does not apply to gateways", id="sidecar of the namespace"),
    pytest.param(thing("WorkloadGroup", "g", {}), "does not apply to gateways", id="template of virtual machines"),
    pytest.param(thing("DestinationRule", "d", {"host": "shop"}, "shop"), "both", id="destination rule by host"),
    pytest.param(
        thing("DestinationRule", "d", {"workloadSelector": BY_V1}), "old only", id="destination rule by client"
    ),
]


@pytest.mark.parametrize(("resource", "cell"), CELLS)
def test_each_resource_has_its_cell(resource: Manifest, cell: str) -> None:
    rows = matrix(propose(world(resource), SPEC))

    assert [str(row.reach) for row in rows] == [cell]


ROUTES = [
    pytest.param({"gateways": ["public"]}, "both", id="through a gateway of both"),
    pytest.param({"gateways": ["gateways/public"]}, "both", id="through its full name"),
    pytest.param({"gateways": ["other"]}, "none", id="through another gateway"),
    pytest.param({"gateways": ["mesh"]}, "none", id="inside the mesh"),
    pytest.param({"gateways": ["mesh", "early"]}, "new only", id="through a gateway of the new pods"),
    pytest.param(
        {"gateways": ["public"], "http": [{"match": [{"sourceLabels": {"version": "v2"}}]}]},
        "new only",
        id="with a match for the new pods alone",
    ),
]


@pytest.mark.parametrize(("spec", "cell"), ROUTES)
def test_a_route_goes_where_its_gateways_go(spec: Any, cell: str) -> None:
    public = thing("Gateway", "public", {"selector": {"app": "gw"}})
    early = thing("Gateway", "early", {"selector": {"version": "v2"}})

    rows = matrix(propose(world(public, early, thing("VirtualService", "v", spec)), SPEC))

    assert [str(row.reach) for row in rows if row.kind == "VirtualService"] == [cell]


def test_one_sided_steering_blocks_and_one_sided_telemetry_warns() -> None:
    seen = world(
        thing("WasmPlugin", "auth", {"selector": BY_V1}),
        thing("Telemetry", "logs", {"selector": BY_V2}),
        thing("Gateway", "public", {"selector": {"app": "gw"}}),
    )

    found = codes(same_configuration(propose(seen, SPEC)))

    assert found == {"istio.old-only block", "istio.new-only warn", "istio.matrix info"}


def test_nothing_of_istio_is_asked_of_another_gateway() -> None:
    from dataclasses import replace

    from migrator.domain.model.spec import GatewaySpec

    envoy = replace(SPEC, gateway=GatewaySpec("envoy"))
    seen = world(thing("WasmPlugin", "auth", {"selector": BY_V1}))

    assert "istio.old-only" in {found.code for found in preflight(propose(seen, SPEC))}
    assert not [found.code for found in preflight(propose(seen, envoy)) if found.code.startswith("istio.")]


def test_the_root_namespace_is_read_from_the_mesh_configuration() -> None:
    mesh = {
        **thing("ConfigMap", "istio", space="istio-system"),
        "data": {"mesh": "accessLogFile: x\nrootNamespace: mesh\n"},
    }
    rows = matrix(propose(world(mesh, thing("AuthorizationPolicy", "p", {}, "mesh")), SPEC))

    assert [str(row.reach) for row in rows] == ["both"]


def test_with_port_mapping_no_listener_moves_and_no_filter_is_one_sided() -> None:
    rows = matrix(propose(world(envoy_filter(patch(listener={"portNumber": 8080}))), HOST_PORT))

    assert [str(row.reach) for row in rows] == ["both"]


def test_new_pods_that_no_gateway_selects_would_listen_on_nothing() -> None:
    seen = world(thing("Gateway", "public", {"selector": {"pod-template-hash": "6f7d"}}))

    assert codes(no_gateway_left_empty(propose(seen, SPEC))) == {"istio.no-listener block"}
    assert not list(no_gateway_left_empty(propose(world(), SPEC)))


PORT_RULES = [
    pytest.param({"rules": [{"to": [{"operation": {"ports": ["8080"]}}]}]}, True, id="an operation's port"),
    pytest.param(
        {"rules": [{"when": [{"key": "destination.port", "values": ["8080"]}]}]}, True, id="a condition's port"
    ),
    pytest.param({"rules": [{"to": [{"operation": {"ports": ["443"]}}]}]}, False, id="a port that stays"),
    pytest.param({"rules": [{"to": [{"operation": {"paths": ["/8080"]}}]}]}, False, id="a path"),
    pytest.param(
        {"selector": ELSEWHERE, "rules": [{"to": [{"operation": {"ports": ["8080"]}}]}]}, False, id="another's"
    ),
]


@pytest.mark.parametrize(("spec", "blocks"), PORT_RULES)
def test_a_policy_that_names_a_moving_port_blocks(spec: Any, blocks: bool) -> None:
    found = codes(rules_name_ports(propose(world(thing("AuthorizationPolicy", "p", spec)), SPEC)))

    assert found == ({"istio.port-in-rule block"} if blocks else set())


def test_a_gateway_that_names_the_guarded_service_blocks() -> None:
    named = thing(
        "Gateway",
        "api",
        {"addresses": [{"value": f"gw.{SPACE}.svc.cluster.local"}]},
        api="gateway.networking.k8s.io/v1",
    )

    assert codes(gateway_api_by_service(propose(world(named), SPEC))) == {"istio.gateway-by-service block"}
