"""Plugins by mode and port, references to Gateways, subsets, Ingresses, and labels by which Istio controls a pod."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways.istio.configuration import (
    gateway_api_by_service,
    labels_keep_control,
    rules_name_own_addresses,
    rules_name_ports,
    same_configuration,
)
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.target import Derived, Network
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.proposal import propose
from tests.domain.gateways.istio.ground import V1, cells
from tests.domain.planning.checks.ground import (
    HOST_PORT,
    OLD,
    SHARED,
    SPACE,
    SPEC,
    codes,
    deployment,
    mapped,
    template,
    thing,
    world,
)

NAME = "gateway.networking.k8s.io/gateway-name"


def plugin(*match: Any, kind: str = "WasmPlugin") -> Manifest:
    return thing(kind, "w", {"match": list(match)})


def ports(*numbers: int, **more: Any) -> dict[str, Any]:
    return {"ports": [{"number": number} for number in numbers], **more}


TRAFFIC = [
    pytest.param([], "both", id="all traffic"),
    pytest.param([{"mode": "SERVER"}], "none", id="what sidecars receive"),
    pytest.param([{"mode": "CLIENT_AND_SERVER"}], "both", id="any direction"),
    pytest.param([ports(8080)], "old only", id="the old port"),
    pytest.param([ports(18080)], "new only", id="the new port"),
    pytest.param([ports(8080, 18080)], "both", id="both ports"),
    pytest.param([ports(8080), ports(18080)], "both", id="both ports in two selectors"),
    pytest.param([ports(443)], "both", id="a port that does not move"),
    pytest.param([ports(443, 8080)], "old only", id="one port of two moves"),
    pytest.param([ports(8080), {"mode": "CLIENT"}], "both", id="any port in another selector"),
    pytest.param([ports(8080, mode="SERVER"), ports(443)], "both", id="the old port of what is not for gateways"),
]


@pytest.mark.parametrize("kind", ["WasmPlugin", "TrafficExtension"])
@pytest.mark.parametrize(("match", "cell"), TRAFFIC)
def test_a_plugin_is_for_some_traffic(kind: str, match: Any, cell: str) -> None:
    assert cells(plugin(*match, kind=kind)) == [cell]


def test_a_plugin_for_the_old_port_stays_for_both_where_no_listener_moves() -> None:
    assert cells(plugin(ports(8080)), spec=HOST_PORT) == ["both"]


def test_a_plugin_of_one_side_is_one_sided_whatever_its_ports_are() -> None:
    assert cells(thing("WasmPlugin", "w", {"selector": V1, "match": [ports(8080)]})) == ["old only"]


def refers(kind: str = "Gateway", group: str = "gateway.networking.k8s.io", name: str = "edge", **more: Any) -> Any:
    return {"targetRefs": [{"kind": kind, "group": group, "name": name, **more}]}


REFERENCES = [
    pytest.param(refers(), SPACE, "both", id="the Gateway of these pods"),
    pytest.param(refers(), "istio-system", "none", id="of the root namespace"),
    pytest.param(refers(name="other"), SPACE, "none", id="another Gateway"),
    pytest.param(refers(namespace="shop"), SPACE, "none", id="a Gateway elsewhere"),
    pytest.param(refers("GatewayClass", name="istio"), "istio-system", "none", id="a class means waypoints"),
    pytest.param(refers("Service", ""), SPACE, "none", id="a Service means waypoints"),
    pytest.param(refers(group="networking.istio.io", name="public"), SPACE, "both", id="a Gateway of Istio's own API"),
    pytest.param(refers(group="networking.istio.io", name="other"), SPACE, "none", id="another one of it"),
]


@pytest.mark.parametrize(("spec", "space", "cell"), REFERENCES)
@pytest.mark.parametrize("kind", ["AuthorizationPolicy", "WasmPlugin", "Telemetry", "RequestAuthentication"])
def test_a_policy_can_refer_to_gateways(kind: str, spec: Any, space: str, cell: str) -> None:
    labelled = template()
    labelled["metadata"] = {"labels": {**SHARED, NAME: "edge"}}
    public = thing("Gateway", "public", {"selector": {"app": "gw"}})
    seen: Any = world(source=deployment(labelled))
    old = replace(seen.old, pods=tuple(replace(p, labels=(*p.labels, (NAME, "edge"))) for p in seen.old.pods))

    assert cells(public, thing(kind, "p", spec, space), kind=kind, source=deployment(labelled), old=old) == [cell]


SUBSETS = [
    pytest.param(OLD, SPACE, "old only", id="short name"),
    pytest.param(OLD, "shop", "both", id="short name of another namespace"),
    pytest.param(f"{OLD}.{SPACE}.svc.cluster.local", "shop", "old only", id="full name"),
    pytest.param(f"*.{SPACE}.svc.cluster.local", "shop", "old only", id="every Service of the namespace"),
    pytest.param("*.local", "shop", "old only", id="every Service"),
    pytest.param("*.shop.svc.cluster.local", "shop", "both", id="every Service of another namespace"),
    pytest.param("orders.shop.svc.cluster.local", "shop", "both", id="another Service"),
]


@pytest.mark.parametrize(("host", "space", "cell"), SUBSETS)
def test_a_subset_of_the_gateways_service_is_one_sides(host: str, space: str, cell: str) -> None:
    subsets = [{"name": "all", "labels": {"app": "gw"}}, {"name": "a", "labels": {"pod-template-hash": "6f7d"}}]
    made = thing("DestinationRule", "d", {"host": host, "subsets": subsets}, space)

    assert cells(made) == [cell]
    assert cells(thing("DestinationRule", "d", {"host": host, "subsets": subsets[:1]}, space)) == ["both"]


def mesh(words: str) -> Manifest:
    return {**thing("ConfigMap", "istio", space="istio-system"), "data": {"mesh": words}}


INGRESSES = [
    pytest.param({"ingressClassName": "istio"}, {}, "", ["both"], id="by class"),
    pytest.param(None, {"kubernetes.io/ingress.class": "istio"}, "", ["both"], id="by annotation"),
    pytest.param(None, {}, "", [], id="of nobody"),
    pytest.param(None, {}, "ingressControllerMode: DEFAULT\n", ["both"], id="of nobody, where Istio is the default"),
    pytest.param({"ingressClassName": "istio"}, {}, "ingressControllerMode: OFF\n", [], id="where Istio serves none"),
    pytest.param({"ingressClassName": "nginx"}, {}, "", [], id="of another controller"),
    pytest.param(
        {"ingressClassName": "edge"}, {}, "ingressClass: edge\ningressSelector: x\n", ["none"], id="elsewhere"
    ),
]


@pytest.mark.parametrize(("spec", "notes", "words", "found"), INGRESSES)
def test_an_ingress_of_istios_class_is_in_the_matrix(spec: Any, notes: Any, words: str, found: list[str]) -> None:
    made = thing("Ingress", "i", spec, api="networking.k8s.io/v1", annotations=notes)

    assert cells(made, mesh(words), kind="Ingress") == found


def test_an_ingress_is_left_behind_when_the_label_of_its_pods_changes() -> None:
    other = replace(SPEC, target=replace(SPEC.target, labels=(("istio", "edge"),)))
    made = thing("Ingress", "i", {"ingressClassName": "istio"}, api="networking.k8s.io/v1")

    assert codes(same_configuration(propose(world(made), other))) == {"istio.old-only block", "istio.matrix info"}


CONTROLS = [
    pytest.param({"istio.io/rev": "canary"}, {"istio.label-changes block"}, id="the control plane"),
    pytest.param({"topology.istio.io/network": "b"}, {"istio.label-changes block"}, id="the network"),
    pytest.param({NAME: "other"}, {"istio.label-changes block"}, id="the Gateway that it belongs to"),
    pytest.param({"version": "v2"}, set(), id="a label of no meaning to Istio"),
]


@pytest.mark.parametrize("spec", [pytest.param(SPEC, id="hostNetwork"), pytest.param(HOST_PORT, id="host ports")])
@pytest.mark.parametrize(("labels", "found"), CONTROLS)
def test_a_label_by_which_istio_controls_a_pod_may_not_change(spec: Any, labels: Any, found: set[str]) -> None:
    planned = replace(spec, target=replace(spec.target, labels=tuple(labels.items())))

    assert codes(labels_keep_control(propose(world(), planned))) == found


def test_the_injection_may_change_where_nobody_is_injected() -> None:
    injected = template()
    injected["metadata"] = {"labels": {**SHARED, "sidecar.istio.io/inject": "true"}}
    live = replace(world().old, pods=())
    refused = replace(HOST_PORT, target=replace(HOST_PORT.target, labels=(("sidecar.istio.io/inject", "false"),)))
    in_node = replace(SPEC, target=refused.target)
    in_node = replace(in_node, target=replace(in_node.target, network=SPEC.target.network))
    seen = world(source=deployment(injected), old=live)

    assert codes(labels_keep_control(propose(seen, refused))) == {"istio.label-changes block"}
    assert not list(labels_keep_control(propose(seen, in_node)))


def test_a_control_label_that_both_sides_have_is_no_change() -> None:
    labelled = template()
    labelled["metadata"] = {"labels": {**SHARED, "istio.io/rev": "stable"}}

    assert not list(labels_keep_control(propose(world(source=deployment(labelled)), SPEC)))
    assert not list(labels_keep_control(propose(replace(world(), source=None), SPEC)))


SECOND = replace(SPEC, target=Derived("gw-v2", Network.POD, workload_kind="Deployment"))
OF_A_SECOND = [
    pytest.param({"istio.io/rev": "canary"}, "istio.label-changes warn", id="another control plane is a version too"),
    pytest.param({"sidecar.istio.io/inject": "false"}, "istio.label-changes block", id="the injection"),
]


@pytest.mark.parametrize(("labels", "found"), OF_A_SECOND)
def test_a_second_deployments_pods_are_controlled_as_the_first_ones_are(labels: Any, found: str) -> None:
    planned = replace(SECOND, target=replace(SECOND.target, labels=(*labels.items(), ("version", "v2"))))

    told = {row for row in codes(preflight(propose(world(), planned))) if row.startswith("istio.label")}

    assert told == {found}


def test_what_holds_of_every_gateway_that_istio_fills_in_is_told_of_a_second_deployment() -> None:
    made: Any = template()
    made["spec"]["containers"][0]["env"] = [{"name": "EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "value": "true"}]
    routes = thing("VirtualService", "shop", {"http": [{}]}, api="networking.istio.io/v1")
    many = [thing("Service", f"s-{index}", {}, space="apps") for index in range(500)]
    planned = replace(SECOND, target=replace(SECOND.target, labels=(("version", "v2"),)))

    found = {row.code: row for row in preflight(propose(world(routes, *many, source=deployment(made)), planned))}

    assert {"termination.exit-on-zero", "probes.sticky-ready", "istio.start", "istio.clusters"} <= found.keys()
    assert found["istio.start"].subject == "Deployment gw-v2"


def test_a_rule_that_names_both_ports_is_no_trouble() -> None:
    def policy(*numbers: str) -> Manifest:
        return thing("AuthorizationPolicy", "p", {"rules": [{"to": [{"operation": {"ports": [*numbers]}}]}]})

    assert codes(rules_name_ports(propose(world(policy("8080")), SPEC))) == {"istio.port-in-rule block"}
    assert not list(rules_name_ports(propose(world(policy("8080", "18080")), SPEC)))
    assert not list(rules_name_ports(propose(world(policy("8080")), mapped((8080, 8080)))))
    assert not list(rules_name_ports(propose(replace(world(), source=None), SPEC)))


OWN = [
    pytest.param({"values": ["10.0.0.0/24"]}, SPACE, True, id="the old pods alone"),
    pytest.param({"notValues": ["10.0.0.0/24"]}, SPACE, True, id="all but the old pods"),
    pytest.param({"values": ["10.0.0.0/8"]}, SPACE, False, id="pods and nodes"),
    pytest.param({"values": ["192.0.2.1"]}, SPACE, False, id="nobody of them"),
    pytest.param({"values": ["10.0.0.0/24"]}, "shop", False, id="a policy of somebody else"),
]


@pytest.mark.parametrize(("condition", "space", "blocks"), OWN)
def test_a_rule_about_the_gateways_own_address_means_the_old_pods(condition: Any, space: str, blocks: bool) -> None:
    made = thing("AuthorizationPolicy", "p", {"rules": [{"when": [{"key": "destination.ip", **condition}]}]}, space)

    found = codes(rules_name_own_addresses(propose(world(made), SPEC)))

    assert found == ({"istio.address-in-rule block"} if blocks else set())
    assert not list(rules_name_own_addresses(propose(world(made), HOST_PORT)))


def api_gateway(name: str, *addresses: str, space: str = SPACE) -> Manifest:
    spec = {"gatewayClassName": "istio", "addresses": [{"value": each} for each in addresses]}
    return thing("Gateway", name, spec, space, "gateway.networking.k8s.io/v1")


def test_a_gateway_of_the_gateway_api_must_name_the_new_pods_service_too() -> None:
    live, own = f"{OLD}.{SPACE}.svc.cluster.local", f"gw-ds.{SPACE}.svc.cluster.local"

    assert codes(gateway_api_by_service(propose(world(api_gateway("a", live)), SPEC))) == {
        "istio.gateway-by-service block"
    }
    assert not list(gateway_api_by_service(propose(world(api_gateway("a", live, own)), SPEC)))
    assert not list(gateway_api_by_service(propose(world(api_gateway("a", live, space="shop")), SPEC)))
    assert not list(gateway_api_by_service(propose(replace(world(), source=None), SPEC)))


def test_a_gateway_whose_workload_istiod_makes_gives_the_new_pods_no_listener() -> None:
    labelled = template()
    labelled["metadata"] = {"labels": {**SHARED, NAME: "edge"}}
    gone = replace(world().old, pods=())
    seen = world(api_gateway("edge"), api_gateway("other"), source=deployment(labelled), old=gone)

    (found,) = gateway_api_by_service(propose(seen, SPEC))

    assert (found.key, found.subject) == ("istio.gateway-by-service:made", f"Gateway {SPACE}/edge")
