"""What a node's network changes: admission, policies, and who now sees a node's address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.adapters.balancers import profile_of
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.kubernetes import covers
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.planning.checks.balancer import client
from migrator.domain.planning.checks.cluster import mesh
from migrator.domain.planning.checks.nodes import host_network
from migrator.domain.planning.checks.workloads import sides
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import (
    HOST_PORT,
    SHARED,
    SPACE,
    SPEC,
    codes,
    deployment,
    node,
    pod,
    service,
    template,
    thing,
    world,
)

LEVELS = [
    pytest.param("privileged", False, id="privileged"),
    pytest.param("baseline", True, id="baseline"),
    pytest.param("restricted", True, id="restricted"),
]


@pytest.mark.parametrize(("level", "blocks"), LEVELS)
@pytest.mark.parametrize("spec", [pytest.param(SPEC, id="hostNetwork"), pytest.param(HOST_PORT, id="host ports")])
def test_pod_security_refuses_pods_on_the_node(level: str, blocks: bool, spec: Any) -> None:
    seen = world(thing("Namespace", SPACE, space="", labels={"pod-security.kubernetes.io/enforce": level}))

    assert codes(host_network.namespace_admits(propose(seen, spec))) == (
        {"hostnetwork.pod-security block"} if blocks else set()
    )


def test_the_label_is_to_be_changed_in_the_new_sides_cluster() -> None:
    labelled = thing("Namespace", SPACE, space="", labels={"pod-security.kubernetes.io/enforce": "restricted"})
    spec = replace(SPEC, second=ClusterSpec(SPEC.cluster.namespace, "b"))

    (found,) = host_network.namespace_admits(propose(world(labelled), spec))

    assert (found.subject, found["context"]) == (f"Namespace b:{SPACE}", "b")


def test_a_pod_is_made_from_the_template_to_be_tried() -> None:
    made = host_network.pod_to_try(propose(world(), SPEC).workload)

    assert made["kind"] == "Pod"
    assert made["metadata"] == {
        "name": "gw-ds-dry-run",
        "namespace": SPACE,
        "labels": {**SHARED, "version": "v2"},
        "annotations": {},
    }
    assert made["spec"]["hostNetwork"] is True  # type: ignore[index, call-overload]


def test_a_refused_pod_is_told_apart_from_a_refused_daemonset() -> None:
    seen = world(refused=(("Pod gateways/gw-ds-dry-run", "violates PodSecurity"), ("DaemonSet gateways/gw-ds", "no")))

    assert codes(sides.server_would_admit(propose(seen, SPEC))) == {
        "deploy.pod-refused block",
        "deploy.refused block",
    }


def test_a_pod_that_may_not_be_tried_is_named() -> None:
    assert codes(host_network.pod_was_tried(propose(world(untried=("Pod gateways/x",)), SPEC))) == {
        "hostnetwork.not-tried info"
    }


def test_a_sysctl_of_the_network_is_refused_on_the_node_and_derivation_takes_it_out() -> None:
    made = template(securityContext={"sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]})
    again = {
        "spec": {"template": {"spec": {"securityContext": {"sysctls": [{"name": "net.core.somaxconn", "value": "9"}]}}}}
    }
    patched = replace(SPEC, target=replace(SPEC.target, patch=again))

    assert not list(host_network.sysctls_are_legal(propose(world(source=deployment(made)), SPEC)))
    assert codes(host_network.sysctls_are_legal(propose(world(), patched))) == {"hostnetwork.sysctl block"}


def test_a_policy_of_the_old_pods_applies_no_longer() -> None:
    seen = world(thing("NetworkPolicy", "p", {"podSelector": {"matchLabels": {"app": "gw"}}}))

    assert codes(host_network.policy_no_longer_applies(propose(seen, SPEC))) == {"hostnetwork.policy-gone warn"}
    assert not list(host_network.policy_no_longer_applies(propose(seen, HOST_PORT)))


def upstream(*peers: Any, chosen: Any = None, name: str = "p") -> Manifest:
    return thing("NetworkPolicy", name, {"podSelector": chosen or {}, "ingress": [{"from": list(peers)}]}, "shop")


OF_US = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": SPACE}}}
UPSTREAMS = [
    pytest.param([upstream(OF_US)], True, id="lets our namespace in"),
    pytest.param([upstream({**OF_US, "podSelector": {"matchLabels": {"app": "gw"}}})], True, id="lets our pods in"),
    pytest.param([upstream({**OF_US, "podSelector": {"matchLabels": {"app": "x"}}})], False, id="lets other pods in"),
    pytest.param([upstream({"podSelector": {}})], False, id="lets its own namespace in"),
    pytest.param([upstream({"ipBlock": {"cidr": "10.0.0.0/24"}})], True, id="lets pod addresses in"),
    pytest.param([upstream({"ipBlock": {"cidr": "10.0.0.0/8"}})], False, id="lets pods and nodes in"),
    pytest.param(
        [upstream({"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}})], True, id="lets all but the nodes in"
    ),
    pytest.param(
        [upstream(OF_US), upstream({"ipBlock": {"cidr": "10.1.0.0/24"}}, name="q")], False, id="another lets nodes in"
    ),
    pytest.param([upstream()], False, id="lets everybody in"),
]


@pytest.mark.parametrize(("policies", "blocks"), UPSTREAMS)
def test_an_upstream_that_knows_the_pods_and_not_the_nodes_blocks(policies: list[Manifest], blocks: bool) -> None:
    found = codes(host_network.upstreams_let_nodes_in(propose(world(*policies), SPEC)))

    assert found == ({"hostnetwork.upstream-policy block"} if blocks else set())
    assert not list(host_network.upstreams_let_nodes_in(propose(world(*policies), HOST_PORT)))


ON_HOST = deployment(template(hostNetwork=True))
OF_NODES = [
    pytest.param(upstream(OF_US), False, id="by our namespace, which no node is of"),
    pytest.param(upstream({"ipBlock": {"cidr": "10.0.0.0/24"}}), True, id="by the addresses of the old nodes"),
    pytest.param(upstream({"ipBlock": {"cidr": "10.0.0.0/8"}}), False, id="by the addresses of all nodes"),
]


@pytest.mark.parametrize(("policy", "blocks"), OF_NODES)
def test_old_pods_of_their_nodes_network_are_known_to_upstreams_as_nodes(policy: Manifest, blocks: bool) -> None:
    found = codes(host_network.upstreams_let_nodes_in(propose(world(policy, source=ON_HOST), SPEC)))

    assert found == ({"hostnetwork.upstream-policy block"} if blocks else set())


def test_no_policy_is_lost_where_none_applied() -> None:
    seen = world(thing("NetworkPolicy", "p", {"podSelector": {"matchLabels": {"app": "gw"}}}), source=ON_HOST)

    assert not list(host_network.policy_no_longer_applies(propose(seen, SPEC)))


BLOCKS = [
    pytest.param(["10.0.0.0/24"], True, id="the pods' addresses"),
    pytest.param(["10.0.0.1"], True, id="one pod's address"),
    pytest.param(["10.0.0.0/8"], False, id="pods and nodes"),
    pytest.param(["203.0.113.0/24"], False, id="clients"),
]


@pytest.mark.parametrize(("blocks", "found"), BLOCKS)
def test_a_mesh_policy_by_address_blocks_when_it_means_the_old_pods(blocks: list[str], found: bool) -> None:
    made = thing("AuthorizationPolicy", "a", {"rules": [{"from": [{"source": {"ipBlocks": blocks}}]}]}, "shop")

    assert codes(mesh.rules_by_address(propose(world(made), SPEC))) == (
        {"hostnetwork.ip-blocks block"} if found else set()
    )


def test_the_ports_that_open_on_the_nodes_are_listed() -> None:
    (found,) = host_network.ports_open_on_nodes(propose(world(), SPEC))

    assert found.code == "network.host"
    assert found["ports"] == (15021, 18080)


BY_NODE_PORT = {"type": "NodePort", "ports": [{"port": 80, "targetPort": 8080, "nodePort": 30080}]}


def behind_node_port(*objects: Manifest, **spec: Any) -> Any:
    live = service("gw", {"app": "gw"}, **{**BY_NODE_PORT, **spec})
    seen = world(*objects, node("old-1", "10.2.0.1"), plain=[live])
    return replace(seen, targets=(Target(Backend("l-1", "10.2.0.1", 30080), 100, Health.HEALTHY),))


def test_behind_a_cluster_wide_node_port_the_client_changes() -> None:
    by_client = thing(
        "AuthorizationPolicy", "a", {"rules": [{"from": [{"source": {"remoteIpBlocks": ["1.2.3.0/24"]}}]}]}
    )

    assert codes(client.client_address_stays(propose(behind_node_port(), SPEC))) == {"client.address-changes warn"}
    assert codes(client.client_address_stays(propose(behind_node_port(by_client), SPEC))) == {
        "client.address-changes block"
    }
    assert not list(client.client_address_stays(propose(behind_node_port(externalTrafficPolicy="Local"), SPEC)))
    assert not list(client.client_address_stays(propose(world(), SPEC)))


def test_gateways_that_expect_proxy_protocol_are_named() -> None:
    value = {"name": "envoy.filters.listener.proxy_protocol"}
    made = thing("EnvoyFilter", "pp", {"configPatches": [{"match": {"context": "GATEWAY"}, "patch": {"value": value}}]})
    annotated = template()
    annotated["metadata"] = {
        "labels": SHARED,
        "annotations": {"proxy.istio.io/config": "gatewayTopology: {proxyProtocol: {}}"},
    }

    assert codes(client.proxy_protocol_is_known(propose(world(made), SPEC))) == {"client.proxy-protocol warn"}
    assert codes(client.proxy_protocol_is_known(propose(world(source=deployment(annotated)), SPEC))) == {
        "client.proxy-protocol warn"
    }
    assert not list(client.proxy_protocol_is_known(propose(world(), SPEC)))


@pytest.mark.parametrize("key", ["listener_filters", "listenerFilters"])
@pytest.mark.parametrize("name", ["envoy.listener.proxy_protocol", "envoy.filters.listener.proxy_protocol"])
def test_proxy_protocol_is_known_in_a_listener_that_is_merged(key: str, name: str) -> None:
    def merging(filters: Any) -> Manifest:
        patch = {"applyTo": "LISTENER", "patch": {"operation": "MERGE", "value": {key: filters}}}
        return thing("EnvoyFilter", "pp", {"configPatches": [patch]})

    inspector = {"name": "envoy.filters.listener.tls_inspector"}

    assert list(client.proxy_protocol_is_known(propose(world(merging([{"name": name}, inspector])), SPEC)))
    assert not list(client.proxy_protocol_is_known(propose(world(merging([inspector])), SPEC)))


def test_addresses_that_are_none_cover_nothing() -> None:
    assert not covers("nonsense", "10.0.0.1")
    assert not covers("10.0.0.0/8", "")


def behind(layer: int = 4, provider: str = "tencent", *objects: Manifest) -> list[Any]:
    listener = replace(SPEC.balancer.listeners[0], layer=layer)
    spec = replace(SPEC, balancer=replace(SPEC.balancer, listeners=(listener,)))
    seen = replace(world(*objects), driver=profile_of(provider))
    return list(client.callers_reach_the_gateways(propose(seen, spec)))


def test_callers_on_the_new_nodes_cannot_reach_their_own_node_through_a_balancer_that_keeps_addresses() -> None:
    callers = [pod(f"job-{at}", {"app": "job"}, where=f"node-{at}") for at in (1, 2)]
    elsewhere = pod("far", {"app": "job"}, where="old-1")
    (found,) = behind(4, "tencent", *callers, elsewhere)

    assert (found.code, found["pods"]) == ("client.loopback", 2)
    assert len(behind(4, "aws", *callers)) == 1
    assert behind(4, "aws", elsewhere) == []


def test_where_the_balancer_speaks_itself_or_dials_these_nodes_already_nothing_changes_for_callers() -> None:
    targets = tuple(Target(Backend("l-1", f"10.1.0.{at}", 30080), 100, Health.HEALTHY) for at in (1, 2, 3))
    led = service(type="NodePort", ports=[{"port": 80, "targetPort": 8080, "nodePort": 30080}])
    seen = replace(world(plain=[led]), targets=targets)

    assert behind(layer=7) == []
    assert behind(4, "haproxy") == []
    assert not list(client.callers_reach_the_gateways(propose(seen, SPEC)))
