"""Checks of the ports on the nodes: held by others, inside the NodePort range, reserved by Istio, or shared without a sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from migrator.domain.gateways.profile import ADMIN_PORT
from migrator.domain.hardening.companion import own_port
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.model.balancer import Side
from migrator.domain.model.kubernetes import (
    called,
    clashing,
    controller_of,
    host_ports,
    labels_of,
    name_of,
    namespace_of,
    node_ports_of,
    pod_containers,
)
from migrator.domain.model.manifests import Manifest, items, number, text, uid_of
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.subjects import nodes_subject
from migrator.domain.planning.inplace.ground import makes_room
from migrator.domain.planning.proposal import Proposal

Holder: TypeAlias = "tuple[str, tuple[int, ...]]"
"""Whose pods hold ports, and which."""

NODE_PORTS = range(30000, 32768)

NODE_DAEMONS = {
    22: "sshd",
    10248: "kubelet",
    10249: "kube-proxy",
    10250: "kubelet",
    10255: "kubelet",
    10256: "kube-proxy",
}
"""Ports that every node has taken (kubernetes.io/docs/reference/networking/ports-and-protocols; defaults of the daemons)."""

CONTROL_PLANE = {
    2379: "etcd",
    2380: "etcd",
    2381: "etcd",
    6443: "kube-apiserver",
    10257: "kube-controller-manager",
    10259: "kube-scheduler",
}
CONTROL_PLANES = frozenset({"node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"})


def ports_are_free(proposal: Proposal) -> Iterable[Finding]:
    """No pod on the plan's nodes may hold a host port that a new pod needs."""
    if proposal.source is None:
        return
    for (owner, taken), rows in _held(proposal, host_ports(proposal.new_pod)).items():
        yield block(
            "ports.taken",
            nodes_subject(node for node, _ in rows),
            ports=taken,
            owner=owner,
            pods=tuple(name for _, name in rows),
        )


def port_beside_is_free(proposal: Proposal) -> Iterable[Finding]:
    """The container of ours beside a gateway on its node's network listens there too, and declares no port that keeps a second
    one off the node: that one's pod would never be Ready."""
    if proposal.source is None:
        return
    for (owner, taken), rows in _held(proposal, own_port(proposal.new_pod)).items():
        yield block(
            "ports.companion-taken",
            nodes_subject(node for node, _ in rows),
            port=taken[0],
            owner=owner,
            pods=tuple(name for _, name in rows),
        )


def _held(proposal: Proposal, wanted: set[tuple[str, str, int]]) -> dict[Holder, list[tuple[str, str]]]:
    """Give who holds which of these ports on the plan's nodes, with each node and pod."""
    held: dict[Holder, list[tuple[str, str]]] = {}
    for pod in _neighbours(proposal) if wanted else ():
        taken = tuple(clashing(wanted, node_ports_of(pod.get("spec")) | own_port(pod.get("spec"))))
        if taken:
            owner = f"{text(controller_of(pod), 'kind') or 'Pod'} {text(controller_of(pod), 'name') or name_of(pod)}"
            held.setdefault((owner, taken), []).append((text(pod, "spec", "nodeName"), called(pod)))
    return held


def node_daemons_keep_theirs(proposal: Proposal) -> Iterable[Finding]:
    """Kubernetes' own processes, and the way in for people, listen on every node: no pod declares their ports."""
    if proposal.source is None:
        return
    wanted = {port for protocol, _, port in host_ports(proposal.new_pod) if protocol == "TCP"}
    names = {node.name for node in proposal.world.nodes}
    masters = [
        name_of(node)
        for node in proposal.world.all("Node")
        if name_of(node) in names and not CONTROL_PLANES.isdisjoint(labels_of(node))
    ]
    for port in sorted(wanted & NODE_DAEMONS.keys()):
        yield block("ports.node-daemon", "spec.target.ports", port=port, daemon=NODE_DAEMONS[port])
    for port in sorted(wanted & CONTROL_PLANE.keys()) if masters else ():
        yield block("ports.node-daemon", nodes_subject(masters), port=port, daemon=CONTROL_PLANE[port])


def _neighbours(proposal: Proposal) -> Iterator[Manifest]:
    """Give the pods that run, or will, on the plan's nodes and not the new side's own, and make no room for it."""
    world = proposal.world
    names = {node.name for node in world.nodes}
    leaving = {pod.ref.uid for pod in world.old.pods} if makes_room(proposal) else set[str]()
    for pod in world.all("Pod"):
        ended = text(pod, "status", "phase") in ("Succeeded", "Failed") or uid_of(pod) in leaving
        if text(pod, "spec", "nodeName") in names and not ended and not _ours(pod, proposal.spec):
            yield pod


def _ours(pod: Manifest, spec: Spec) -> bool:
    owners = items(pod, "metadata", "ownerReferences")
    named = any(text(o, "kind") == "DaemonSet" and text(o, "name") == spec.target.name for o in owners)
    return named and namespace_of(pod) == target_ref(spec).namespace


def node_ports_keep_out(proposal: Proposal) -> Iterable[Finding]:
    """A host port inside the NodePort range may be given to a Service any day, and kube-proxy then takes its traffic."""
    if proposal.source is None:
        return
    wanted = {port for _, _, port in host_ports(proposal.new_pod)}
    for service in proposal.world.all("Service"):
        held = {number(row, "nodePort") for row in items(service, "spec", "ports")}
        given = sorted((held | {number(service, "spec", "healthCheckNodePort")}) & wanted)
        if given:
            yield block("ports.node-port-taken", f"Service {called(service)}", ports=tuple(given))
    inside = sorted(port for port in wanted if port in NODE_PORTS)
    if inside:
        yield warn(
            "ports.node-port-range",
            "spec.target.ports",
            ports=tuple(inside),
            first=NODE_PORTS.start,
            last=NODE_PORTS.stop - 1,
        )


def reserved_ports_stay(proposal: Proposal) -> Iterable[Finding]:
    """No listener may be moved to a port that the gateway's own processes open."""
    gateway = proposal.gateways.new
    moved = {row.new for row in proposal.spec.target.ports if row.old != row.new}
    for port in sorted(moved & gateway.reserved):
        yield block(
            "ports.istio-reserved",
            "spec.target.ports",
            gateway=gateway.title,
            port=port,
            reserved=tuple(sorted(gateway.reserved)),
        )


def nobody_shares_a_port(proposal: Proposal) -> Iterable[Finding]:
    """Two Envoys in one node's network share admin and status ports without an error (SO_REUSEPORT)."""
    if proposal.source is None or not proposal.on_host or not proposal.gateways.new.shared:
        return
    found = [
        (text(pod, "spec", "nodeName"), called(pod))
        for pod in _neighbours(proposal)
        if pod.get("spec") and _host_proxy(pod, proposal.gateways.new.containers)
    ]
    if found:
        admin = proposal.spec.gateway_of(Side.NEW).admin_port
        yield block(
            "ports.shared-proxy",
            nodes_subject(node for node, _ in found),
            ports=tuple(admin if port == ADMIN_PORT else port for port in proposal.gateways.new.shared),
            pods=tuple(name for _, name in found),
        )


def _host_proxy(pod: Manifest, names: tuple[str, ...]) -> bool:
    spec = pod.get("spec")
    on_node = isinstance(spec, dict) and spec.get("hostNetwork") is True
    return on_node and any(text(row, "name") in names for row in pod_containers(spec))


def mapping_is_of_real_ports(proposal: Proposal) -> Iterable[Finding]:
    """A port that nobody listens on maps nothing, and one that is left out stays what it was on the nodes."""
    spec = proposal.spec
    if proposal.source is None or not spec.target.ports:
        return
    mapped, behind = {row.old for row in spec.target.ports}, proposal.listening_ports
    if nowhere := sorted(mapped - proposal.services.declared - behind):
        listening = tuple(sorted(behind | proposal.services.declared))
        yield block("ports.mapped-nowhere", "spec.target.ports", ports=tuple(nowhere), listening=listening)
    if left_out := sorted(behind - mapped):
        yield warn("ports.not-mapped", "spec.target.ports", ports=tuple(left_out), mapped=tuple(sorted(mapped)))
