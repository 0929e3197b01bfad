"""The nodes' ports and addresses: who else may take what the balancer sends there, and which family is dialled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.kubernetes import node_ports_of
from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.subjects import nodes_subject
from migrator.domain.observation.nodes import Host
from migrator.domain.planning.backends import dialled_nodes
from migrator.domain.planning.checks.nodes import ports
from migrator.domain.planning.checks.nodes.addresses import addresses_are_the_sockets
from migrator.domain.planning.checks.nodes.capacity import nodes_to_run_on
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, codes, mapped, node, pod, service, thing, world

NODE = "10.1.0.1"


def caught(*objects: Manifest) -> list[Finding]:
    return list(addresses_are_the_sockets(propose(world(*objects), SPEC)))


def catching(port: int = 18080, protocol: str = "TCP", **spec: Any) -> Manifest:
    return service("other", {"app": "x"}, ports=[{"port": port, "targetPort": 8080, "protocol": protocol}], **spec)


def led_by(address: str, **more: Any) -> Manifest:
    return {**catching(type="LoadBalancer"), "status": {"loadBalancer": {"ingress": [{"ip": address, **more}]}}}


def redirect(**matcher: Any) -> Manifest:
    spec = {"redirectFrontend": {"addressMatcher": {"ip": NODE, **matcher}}}
    return thing("CiliumLocalRedirectPolicy", "local", spec, api="cilium.io/v2")


@pytest.mark.parametrize(
    ("made", "why"),
    [
        pytest.param(catching(externalIPs=[NODE, "10.9.9.9"]), say("address.external"), id="an external IP"),
        pytest.param(led_by(NODE), say("address.load-balancer"), id="its balancer's address is the node's"),
        pytest.param(led_by(NODE, ipMode="VIP"), say("address.load-balancer"), id="the same, said plainly"),
        pytest.param(redirect(toPorts=[{"port": "18080"}]), say("address.redirect"), id="a local redirect"),
        pytest.param(redirect(), say("address.redirect"), id="a local redirect of every port"),
    ],
)
def test_what_the_node_sends_to_a_service_never_reaches_the_new_gateway(made: Manifest, why: Any) -> None:
    (told,) = caught(made)

    assert (told.code, told.severity) == ("ports.service-address", Severity.BLOCK)
    assert (told["why"], told["address"], told["ports"]) == (why, NODE, (18080,))


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(catching(), id="no address of a node"),
        pytest.param(catching(externalIPs=["10.9.9.9"]), id="another address"),
        pytest.param(catching(80, externalIPs=[NODE]), id="another port"),
        pytest.param(led_by(NODE, ipMode="Proxy"), id="the balancer is a proxy: nodes do not catch its address"),
        pytest.param(redirect(toPorts=[{"port": "80"}]), id="a redirect of another port"),
        pytest.param(catching(externalIPs="odd"), id="no list"),
    ],
)
def test_other_addresses_and_ports_are_no_matter(made: Manifest) -> None:
    assert caught(made) == []


def test_the_health_checks_node_port_of_a_service_is_taken_too() -> None:
    local = service("other", {"app": "x"}, type="LoadBalancer", healthCheckNodePort=30090)

    assert "ports.node-port-taken block" in codes(
        ports.node_ports_keep_out(propose(world(local), mapped((8080, 30090))))
    )


def asking(on_host: bool = True, **container: Any) -> Manifest:
    made = {"name": "c", "ports": [{"name": "dns", "containerPort": 53}], **container}
    return pod("node-local-dns", {}, "node-local-dns", "DaemonSet", "node-1", hostNetwork=on_host, containers=[made])


@pytest.mark.parametrize(
    "container",
    [
        pytest.param({"livenessProbe": {"httpGet": {"path": "/health", "port": 18080}}}, id="a liveness probe"),
        pytest.param({"readinessProbe": {"tcpSocket": {"port": 18080}}}, id="a TCP probe"),
        pytest.param({"startupProbe": {"grpc": {"port": 18080}}}, id="a gRPC probe"),
        pytest.param({"lifecycle": {"preStop": {"httpGet": {"port": 18080}}}}, id="a hook"),
        pytest.param({"livenessProbe": {"exec": {"command": ["curl", "http://127.0.0.1:18080/x"]}}}, id="a command"),
    ],
)
def test_a_port_that_a_neighbours_probe_asks_in_the_nodes_network_is_taken(container: Any) -> None:
    assert codes(ports.ports_are_free(propose(world(asking(**container)), SPEC))) == {"ports.taken block"}
    assert not list(ports.ports_are_free(propose(world(asking(False, **container)), SPEC)))


def test_a_probe_may_name_a_declared_port_and_a_name_that_leads_nowhere_holds_none() -> None:
    named = asking(livenessProbe={"httpGet": {"port": "dns"}}, readinessProbe={"httpGet": {"port": "nobody"}})

    assert node_ports_of(named["spec"]) == {("TCP", "", 53)}


@pytest.mark.parametrize("port", [22, 10250, 10256])
def test_ports_of_the_nodes_own_daemons_are_taken_everywhere(port: int) -> None:
    (told,) = ports.node_daemons_keep_theirs(propose(world(), mapped((8080, port))))

    assert (told.code, told.severity, told["port"]) == ("ports.node-daemon", Severity.BLOCK, port)


@pytest.mark.parametrize("role", ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"])
def test_ports_of_the_control_plane_are_taken_where_it_runs(role: str) -> None:
    made = node("node-2", "10.1.0.2")
    there = {**made, "metadata": {**mapping(made, "metadata"), "labels": {role: ""}}}
    (told,) = ports.node_daemons_keep_theirs(propose(world(there), mapped((8080, 6443))))

    assert (told.code, told.subject) == ("ports.node-daemon", nodes_subject(["node-2"]))
    assert not list(ports.node_daemons_keep_theirs(propose(world(node()), mapped((8080, 6443)))))


def test_without_a_source_no_port_is_wanted() -> None:
    seen = propose(replace(world(), source=None), SPEC)

    assert [*ports.node_daemons_keep_theirs(seen), *addresses_are_the_sockets(seen)] == []


def two_families(name: str, *addresses: str) -> Manifest:
    rows = [{"type": "InternalIP", "address": at} for at in addresses]
    return {**node(name), "status": {"addresses": rows}}


def look(old: str) -> Any:
    nodes = (two_families("node-1", "fd00::1", NODE), two_families("node-2", "10.1.0.2", "fd00::2"))
    lone = two_families("node-3", "10.1.0.3")
    targets = (Target(Backend("l-1", old, 8080), 100, Health.HEALTHY),)
    return replace(world(*nodes, lone), targets=targets)


def test_nodes_are_dialled_by_an_address_of_the_old_backends_family() -> None:
    four, six = dialled_nodes(look("10.0.0.1"), SPEC), dialled_nodes(look("fd00::9"), SPEC)

    assert [row.address for row in four.nodes] == [NODE, "10.1.0.2", "10.1.0.3"]
    assert [row.address for row in six.nodes] == ["fd00::1", "fd00::2", ""]


def test_a_node_without_an_address_of_that_family_blocks_and_says_which() -> None:
    seen = replace(look("fd00::9"))
    told = [f for f in nodes_to_run_on(propose(dialled_nodes(seen, SPEC), SPEC)) if f.severity is Severity.BLOCK]

    assert [(f.code, f.variant, f.subject) for f in told] == [("nodes.no-address", "family", nodes_subject(["node-3"]))]


def test_nodes_stay_as_they_are_while_nobody_is_dialled_or_their_addresses_were_not_seen() -> None:
    assert dialled_nodes(replace(look("fd00::9"), targets=()), SPEC).nodes == world().nodes
    assert dialled_nodes(world(), SPEC).nodes == world().nodes


def test_a_node_of_a_run_is_dialled_like_its_backends() -> None:
    both = Host("n", "fd00::1", addresses=("fd00::1", "10.1.0.1"))

    assert both.dialled_like([Backend("l", "10.0.0.1", 80)]).address == "10.1.0.1"
    assert both.dialled_like([]) == both
    assert Host("n", "").dialled_like([Backend("l", "10.0.0.1", 80)]) == Host("n", "")


def test_a_node_that_is_labelled_out_of_balancers_is_told() -> None:
    made = node()
    out = {
        **made,
        "metadata": {
            **mapping(made, "metadata"),
            "labels": {"node.kubernetes.io/exclude-from-external-load-balancers": ""},
        },
    }

    assert "nodes.excluded warn" in codes(nodes_to_run_on(propose(world(out), SPEC)))


def test_an_address_of_ipv6_is_printed_in_brackets() -> None:
    assert str(Backend("l-1", "fd00::1", 80)) == "l-1/[fd00::1]:80"
