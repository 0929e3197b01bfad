"""The three ways out of a port conflict on the nodes: other nodes, other ports, or the old side on a NodePort for a while.

The first two are generated as manifests, plan keys and commands for a person to apply; afterwards the plan is made again. The
third is part of the run where the plan file asks for it. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from migrator.domain.gateways import GatewayProfile
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import host_ports
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, text
from migrator.domain.model.target import Derived, Network, PortConflict, PortMapping, TolerationSpec
from migrator.domain.observation.world import World
from migrator.domain.planning.detour.making import detour_of
from migrator.domain.planning.proposal import Proposal, workload_of

HOME = "migrator.dev/gateway"
HIGHER = 10_000
HIGHEST = 29_999
"""Above begins the NodePort range, and above that the kernel's own ephemeral ports."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way: `why_not` is why it cannot be used here; `plan` are keys of spec.target; the rest is to be applied."""

    way: PortConflict
    title: Message
    why_not: Message | None
    costs: Message
    plan: Manifest
    manifests: tuple[Manifest, ...] = ()
    commands: tuple[str, ...] = ()


def ways_out(proposal: Proposal) -> tuple[WayOut, ...]:
    """Give the ways out: the one the plan asks for (target.portConflict), else all three.

    None without a source, none for a workload that returns as it was kept, and none for sides in two clusters: not built there.
    """
    target = proposal.spec.target
    if proposal.source is None or not isinstance(target, Derived) or proposal.spec.second is not None:
        return ()
    wanted = target.port_conflict
    return tuple(_WAYS[way](proposal, target) for way in PortConflict if wanted in (None, way))


def taken(proposal: Proposal) -> dict[str, set[int]]:
    """Give the ports the new pods want that another pod holds, by node, on every node of the cluster that has such."""
    wanted = {port for _, _, port in host_ports(proposal.new_pod)}
    by_node: dict[str, set[int]] = {}
    for pod in proposal.world.all("Pod"):
        held = {port for _, _, port in host_ports(pod.get("spec"))} & wanted
        owners = [text(owner, "name") for owner in items(pod, "metadata", "ownerReferences")]
        if held and text(pod, "spec", "nodeName") and proposal.spec.target.name not in owners:
            by_node.setdefault(text(pod, "spec", "nodeName"), set()).update(held)
    return by_node


def _nodes(proposal: Proposal, target: Derived) -> WayOut:
    """The new side on nodes that hold none of its ports; a taint keeps others off, so the old pods need no restart."""
    world = proposal.world
    busy = taken(proposal)
    free = [name for node in world.all("Node") if (name := text(node, "metadata", "name")) not in busy and _open(node)]
    elsewhere = replace(
        target,
        node_selector=tuple(sorted({**dict(target.node_selector), HOME: target.name}.items())),
        tolerations=(*target.tolerations, TolerationSpec(HOME, "Equal", target.name, "NoSchedule")),
    )
    chosen = _chosen(world, free)
    commands = [
        f"kubectl label node {' '.join(chosen)} {HOME}={target.name}{_labels_lacking(proposal, chosen)}",
        f"kubectl taint node {' '.join(chosen)} {HOME}={target.name}:NoSchedule",
    ]
    tolerations: list[Json] = [{"key": HOME, "operator": "Equal", "value": target.name, "effect": "NoSchedule"}]
    return WayOut(
        PortConflict.NODES,
        say("way.nodes", free=len(free), nodes=len(world.all("Node"))),
        None if free else say("way.no-node-free"),
        say("way.nodes-cost"),
        {"nodeSelector": dict(elsewhere.node_selector), "tolerations": tolerations},
        (workload_of(proposal, elsewhere),),
        tuple(commands) if chosen else (),
    )


def _chosen(world: World, free: list[str]) -> list[str]:
    """Give as many of the free nodes as the plan has, first those without an old pod: a taint keeps it from coming back."""
    inhabited = {pod.ref.node for pod in world.old.live}
    return sorted(free, key=lambda name: (name in inhabited, name))[: len(world.nodes) or len(free)]


def _open(node: Manifest) -> bool:
    return dig(node, "spec", "unschedulable") is not True


def _labels_lacking(proposal: Proposal, names: list[str]) -> str:
    """Give the labels of the plan's own selector that some of these nodes lack, as kubectl takes them."""
    having = [
        labels(n, "metadata", "labels") for n in proposal.world.all("Node") if text(n, "metadata", "name") in names
    ]
    wanted = [
        (key, value)
        for key, value in proposal.spec.target.node_selector
        if any(row.get(key) != value for row in having)
    ]
    return "".join(f" {key}={value}" for key, value in wanted)


def _ports(proposal: Proposal, target: Derived) -> WayOut:
    """The new side on the same nodes and on ports that are free on all of them."""
    world = proposal.world
    held = set[int]().union(*taken(proposal).values())
    used = {port for pod in world.all("Pod") for _, _, port in host_ports(pod.get("spec"))}
    own = {port for _, _, port in host_ports(proposal.new_pod)}
    moved = {port: _free(port, used | own) for port in sorted(held)}
    mapped = {row.old: row.new for row in target.ports}
    for port, other in moved.items():
        mapped[next((row.old for row in target.ports if row.new == port), port)] = other
    pairs = tuple(PortMapping(old, new) for old, new in sorted(mapped.items()))
    remapped = replace(target, ports=pairs, patch=_moved_static(proposal, target, moved))
    patch: Manifest = {"patch": remapped.patch} if remapped.patch is not None else {}
    return WayOut(
        PortConflict.PORTS,
        say("way.ports", ports=tuple(f"{port} -> {other}" for port, other in moved.items())),
        _why_no_ports(proposal.gateways.new, target.network, moved),
        say("way.ports-cost"),
        {"ports": {str(row.old): row.new for row in pairs}, **patch},
        (workload_of(proposal, remapped),),
    )


def _free(port: int, used: set[int]) -> int:
    """Give a free port that resembles this one; 0 where there is none below the NodePort range."""
    start = port + HIGHER
    return next((p for p in range(start if start <= HIGHEST else 1024, HIGHEST + 1) if p not in used), 0)


def _why_no_ports(gateway: GatewayProfile, network: Network, moved: dict[int, int]) -> Message | None:
    if 0 in moved.values():
        return say("way.no-port-free", below=HIGHEST + 1)
    return gateway.unmovable if network is Network.HOST and moved.keys() & gateway.movable.keys() else None


def _moved_static(proposal: Proposal, target: Derived, moved: dict[int, int]) -> Json:
    """Give the plan's patch with the variables that move the gateway's own listeners."""
    gateway = proposal.gateways.new
    env: list[Json] = [
        {"name": name, "value": str(moved[port])} for port, name in gateway.movable.items() if moved.get(port)
    ]
    if not env or target.patch is not None:
        return target.patch
    containers: list[Json] = [{"name": proposal.spec.gateway.container or gateway.containers[0], "env": env}]
    return {"spec": {"template": {"spec": {"containers": containers}}}}


def _node_port(proposal: Proposal, target: Derived) -> WayOut:
    """The run itself leads the old side over temporary node ports, and takes them away again (`planning/detour`)."""
    asked = replace(target, port_conflict=PortConflict.NODE_PORT)
    detour = detour_of(replace(proposal, spec=replace(proposal.spec, target=asked)))
    return WayOut(
        PortConflict.NODE_PORT,
        say("way.node-port"),
        None if detour else say("way.old-holds-none"),
        say("way.node-port-cost"),
        {"portConflict": PortConflict.NODE_PORT.value},
    )


_WAYS: dict[PortConflict, Callable[[Proposal, Derived], WayOut]] = {
    PortConflict.NODES: _nodes,
    PortConflict.PORTS: _ports,
    PortConflict.NODE_PORT: _node_port,
}
