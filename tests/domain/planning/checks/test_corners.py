"""What the checks say in cases that no gateway of the corpus has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.gateways import PROFILES
from migrator.domain.gateways.istio.attach import by_selector
from migrator.domain.gateways.istio.proxy import Proxy
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.manifests import mapping
from migrator.domain.model.spec import GatewaySpec, Spec
from migrator.domain.observation.world import World
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.checks.workloads.probes import suggested
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import HOST_PORT, SHARED, SPACE, SPEC, codes, node, pod, service, thing, world

PROXY = Proxy(SHARED, SPACE, "istio-system", frozenset({8080}))


def found(looked: World, spec: Spec = SPEC) -> set[str]:
    return {said.split()[0] for said in codes(preflight(propose(looked, spec)))}


def test_behind_a_node_port_a_gateway_of_another_kind_has_no_rules_by_client() -> None:
    hiding = service("np", type="NodePort", externalTrafficPolicy="Cluster")
    ports: Any = mapping(hiding, "spec")["ports"]
    ports[0]["nodePort"] = 30080
    targets = (Target(Backend("l-1", "10.0.0.1", 30080), 100, Health.HEALTHY),)
    envoy = replace(SPEC, gateway=GatewaySpec("envoy"))

    assert "client.address-changes" in found(world(plain=[hiding], targets=targets), envoy)


def test_a_health_check_on_a_port_that_no_new_pod_declares_is_named() -> None:
    assert "balancer.check-port" in found(world(health=(HealthCheck("l-1", port=9999, path="/"),)))
    assert "balancer.check-port" not in found(world())


def test_a_policy_of_another_namespace_stands_beside_nothing() -> None:
    peer = {"podSelector": {"matchLabels": SHARED}, "namespaceSelector": {}}
    rule: Any = [{"from": [peer]}]
    upstream = thing(
        "NetworkPolicy", "up", {"podSelector": {"matchLabels": {"app": "up"}}, "ingress": rule}, space="apps"
    )
    elsewhere = thing("NetworkPolicy", "all", {"podSelector": {}, "ingress": [{}]}, space="else")
    other = thing("NetworkPolicy", "db", {"podSelector": {"matchLabels": {"app": "db"}}, "ingress": [{}]}, space="apps")

    assert "hostnetwork.upstream-policy" in found(world(upstream, elsewhere, other))


def test_with_host_ports_a_policy_of_another_namespace_is_nobodys_business() -> None:
    policy = thing("NetworkPolicy", "p", {"podSelector": {"matchLabels": {"version": "v2"}}}, space="apps")

    assert not any("policy" in code for code in found(world(policy), HOST_PORT))


def test_a_rule_of_istio_by_an_unknown_condition_or_a_word_for_a_port_is_passed_over() -> None:
    rules: Any = [
        {"to": [{"operation": {"ports": ["8080", "http"]}}], "when": [{"key": "source.ip", "values": ["10.0.0.0/8"]}]}
    ]
    policy = thing("AuthorizationPolicy", "p", {"rules": rules}, api="security.istio.io/v1")
    elsewhere = thing("Gateway", "g", {"addresses": [{"value": "gw.other"}]}, "other", "gateway.networking.k8s.io/v1")

    said = found(world(policy, elsewhere))

    assert "istio.gateway-by-service" not in said


def test_a_patch_for_a_port_that_only_one_side_has_asks_for_a_second_patch() -> None:
    context = {"context": "GATEWAY", "listener": {"portNumber": 8080}}
    both = {"applyTo": "HTTP_FILTER", "match": {"context": "GATEWAY"}}
    patches = [both, {"applyTo": "LISTENER", "match": context, "patch": {"operation": "MERGE"}}]
    only_old = thing("EnvoyFilter", "f", {"configPatches": patches}, api="networking.istio.io/v1alpha3")

    said = [finding for finding in preflight(propose(world(only_old), SPEC)) if finding.code == "istio.old-only"]

    assert [(finding.code, finding.variant) for finding in said] == [("istio.old-only", "port")]


@pytest.mark.parametrize(
    ("toleration", "repelled"),
    [
        pytest.param(
            {"key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoExecute"}, True, id="another effect"
        ),
        pytest.param({"operator": "Exists"}, False, id="everything"),
        pytest.param({"key": "gpu", "operator": "Exists"}, False, id="the key"),
        pytest.param({"key": "gpu", "value": "yes"}, False, id="key and value"),
        pytest.param({"key": "gpu", "value": "no"}, True, id="another value"),
    ],
)
def test_a_taint_keeps_out_what_does_not_tolerate_it(toleration: dict[str, Any], repelled: bool) -> None:
    tainted = node(spec={"taints": [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]})
    source = world().source
    assert source is not None
    spec = mapping(source, "spec", "template", "spec")
    spec["tolerations"] = [toleration]

    assert any("taint" in code for code in found(world(tainted, source=source))) is repelled


def test_pods_that_have_ended_use_no_room() -> None:
    ended = {**pod("done", {}, where="node-1"), "status": {"phase": "Succeeded"}}

    assert found(world(ended, node())) == found(world(node()))


def test_envoys_liveness_must_not_ask_what_the_word_to_go_flips() -> None:
    envoy: Any = suggested(PROFILES["envoy"], 15000)
    istio: Any = suggested(PROFILES["istio"], 15000)

    assert "tcpSocket" in envoy["livenessProbe"]
    assert "httpGet" in istio["livenessProbe"]


def test_istio_selects_by_namespace_reference_and_selector() -> None:
    named = {"kind": "Gateway", "name": "g"}
    by_ref = thing("AuthorizationPolicy", "p", {"targetRefs": [named]})
    by_class = thing("AuthorizationPolicy", "p", {"targetRef": {"kind": "GatewayClass", "name": "c"}}, "istio-system")

    assert not by_selector(by_ref, PROXY)
    assert not by_selector(by_class, PROXY)
    assert not by_selector(thing("AuthorizationPolicy", "p", {}, "apps"), PROXY)
    assert by_selector(thing("AuthorizationPolicy", "p", {}), PROXY)


def test_workloads_elsewhere_are_distinct() -> None:
    other = thing("Deployment", "o", {"selector": {"matchLabels": {"version": "v2"}}}, "apps", "apps/v1")

    assert "selectors.other-workload" not in found(world(other))
