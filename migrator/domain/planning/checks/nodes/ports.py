"""Checks of the ports on the nodes: held by others, inside the NodePort range, reserved by Istio, or shared without a sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.gateways.profile import ADMIN_PORT
from migrator.domain.messages.findings import Finding
from migrator.domain.model.kubernetes import (
    called,
    clashing,
    controller_of,
    host_ports,
    name_of,
    namespace_of,
    pod_containers,
)
from migrator.domain.model.manifests import Manifest, items, number, text
from migrator.domain.model.spec import Spec
from migrator.domain.model.worded import block, listed, warn
from migrator.domain.planning.proposal import Proposal

NODE_PORTS = range(30000, 32768)


def ports_are_free(proposal: Proposal) -> Iterable[Finding]:
    """No pod on the plan's nodes may hold a host port that a new pod needs."""
    if proposal.source is None:
        return
    wanted = host_ports(proposal.new_pod)
    held: dict[tuple[str, tuple[int, ...]], list[tuple[str, str]]] = {}
    for pod in _neighbours(proposal):
        taken = tuple(clashing(wanted, host_ports(pod.get("spec"))))
        if taken:
            owner = f"{text(controller_of(pod), 'kind') or 'Pod'} {text(controller_of(pod), 'name') or name_of(pod)}"
            held.setdefault((owner, taken), []).append((text(pod, "spec", "nodeName"), called(pod)))
    for (owner, taken), rows in held.items():
        yield block(
            "ports.taken",
            _where(sorted({node for node, _ in rows})),
            f"host port {', '.join(map(str, taken))} is held by a pod of {owner}; the new pods would stay Pending there",
            listed((f"Pod {name}" for _, name in rows), 3),
            "choose other nodes (spec.target.nodeSelector), map to free ports (spec.target.ports), or move the old side to a "
            "NodePort for the run",
        )


def _neighbours(proposal: Proposal) -> Iterator[Manifest]:
    """Give the pods that run, or will, on the plan's nodes and are not the new side's own."""
    world = proposal.world
    names = {node.name for node in world.nodes}
    for pod in world.all("Pod"):
        ended = text(pod, "status", "phase") in ("Succeeded", "Failed")
        if text(pod, "spec", "nodeName") in names and not ended and not _ours(pod, proposal.spec):
            yield pod


def _ours(pod: Manifest, spec: Spec) -> bool:
    owners = items(pod, "metadata", "ownerReferences")
    named = any(text(o, "kind") == "DaemonSet" and text(o, "name") == spec.target.name for o in owners)
    return named and namespace_of(pod) == spec.cluster.namespace


def _where(nodes: list[str]) -> str:
    return f"node {nodes[0]}" if len(nodes) == 1 else f"{len(nodes)} nodes ({listed(nodes, 3)})"


def node_ports_keep_out(proposal: Proposal) -> Iterable[Finding]:
    """A host port inside the NodePort range may be given to a Service any day, and kube-proxy then takes its traffic."""
    if proposal.source is None:
        return
    wanted = {port for _, _, port in host_ports(proposal.new_pod)}
    for service in proposal.world.all("Service"):
        given = sorted({number(row, "nodePort") for row in items(service, "spec", "ports")} & wanted)
        if given:
            yield block(
                "ports.node-port-taken",
                f"Service {called(service)}",
                f"has node port {', '.join(map(str, given))} on every node: kube-proxy would take the new gateways' traffic",
                "",
                "map to other ports in spec.target.ports",
            )
    inside = sorted(port for port in wanted if port in NODE_PORTS)
    if inside:
        yield warn(
            "ports.node-port-range",
            "spec.target.ports",
            f"{', '.join(map(str, inside))} lies in the range from which Services are given node ports; the next may get it",
            f"{NODE_PORTS.start}-{NODE_PORTS.stop - 1}, unless the API server says otherwise",
            "choose a port outside of it",
        )


def reserved_ports_stay(proposal: Proposal) -> Iterable[Finding]:
    """No listener may be moved to a port that the gateway's own processes open."""
    gateway = proposal.gateway
    moved = {row.new for row in proposal.spec.target.ports if row.old != row.new}
    for port in sorted(moved & gateway.reserved):
        yield block(
            "ports.istio-reserved",
            "spec.target.ports",
            f"port {port} is opened by {gateway.title} itself; a listener there is refused or never reached",
            f"reserved: {', '.join(map(str, sorted(gateway.reserved)))}",
            "map to another port",
        )


def nobody_shares_a_port(proposal: Proposal) -> Iterable[Finding]:
    """Two Envoys in one node's network share admin and status ports without an error (SO_REUSEPORT)."""
    if proposal.source is None or not proposal.on_host or not proposal.gateway.shared:
        return
    found = [
        (text(pod, "spec", "nodeName"), called(pod))
        for pod in _neighbours(proposal)
        if pod.get("spec") and _host_proxy(pod, proposal.gateway.containers)
    ]
    if found:
        shared = [
            str(port if port != ADMIN_PORT else proposal.spec.gateway.admin_port) for port in proposal.gateway.shared
        ]
        yield block(
            "ports.shared-proxy",
            _where(sorted({node for node, _ in found})),
            f"another proxy runs in the node's network: both would share port {_and(shared)}, and health checks, counters and "
            "the word to drain would reach either of them",
            listed((f"Pod {name}" for _, name in found), 3),
            "choose other nodes (spec.target.nodeSelector)",
        )


def _and(ports: list[str]) -> str:
    *first, last = ports
    return f"{', '.join(first)} and {last}" if first else last


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
        yield block(
            "ports.mapped-nowhere",
            "spec.target.ports",
            f"{', '.join(map(str, nowhere))} is mapped, and the old side does not listen there",
            f"it listens on {', '.join(map(str, sorted(behind | proposal.services.declared))) or 'no port that we see'}",
            "map the port on which the old gateway listens (a Service's targetPort), not the one that clients dial",
        )
    if left_out := sorted(behind - mapped):
        yield warn(
            "ports.not-mapped",
            "spec.target.ports",
            f"the old side gets traffic on {', '.join(map(str, left_out))}, which is not mapped: the new side would listen "
            "on the same port of the nodes",
            f"mapped: {', '.join(map(str, sorted(mapped)))}",
            "map it too, or to itself when that is meant",
        )
