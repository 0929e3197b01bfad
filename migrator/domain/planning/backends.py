"""The slots of both sides: which backends are the old side's, and which will be the new side's. It changes nothing.

A slot is a place of a side that holds a weight behind one listener. Today each slot is one row of the balancer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from migrator.domain.model.balancer import Backend, Target, Weighted, is_v6
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Json, Manifest, items, mapping, number, text
from migrator.domain.model.pod_targets import Door, Entry
from migrator.domain.model.refs import source_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Kept, Network
from migrator.domain.model.workload import Pod
from migrator.domain.observation.nodes import Host
from migrator.domain.observation.world import World, containers, target_port, template_labels
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.resting.lowering import lowering
from migrator.domain.sides.filling import Footing

FIRST_NODE_PORT = 30000
"""Kubernetes gives node ports from 30000 on, unless its administrator chose another range."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a side that holds a weight; `weight` is what its row has now (0 also where there is no row yet).

    `listens` is the container port behind the row, 0 where it is not known. `vacant`: its pod is gone, by an earlier record.
    """

    backend: Backend
    weight: int
    entry: Entry
    listens: int = 0
    vacant: bool = False

    @property
    def listener(self) -> str:
        """Give the listener behind which the slot is."""
        return self.backend.listener

    @property
    def row(self) -> Weighted:
        """Give the slot as the row of the balancer that fills it today."""
        return Weighted(self.backend, self.weight)


@dataclass(frozen=True, slots=True)
class Sides:
    """The slots of both sides as they were seen.

    `old` are the old side's slots, `new` the slots that the plan names for the new side. `present` are the targets that are
    the new side's already: its own slots, and a mapped port on one of its nodes or pods.
    """

    old: tuple[Slot, ...]
    new: tuple[Slot, ...]
    present: tuple[Target, ...]


def sides_of(world: World, spec: Spec) -> Sides:
    """Give the slots of both sides, each worked out once."""
    old = old_slots(world, spec)
    held = {
        slot.backend for slot in old if not slot.vacant
    }  # an old pod may hold the very port that a new one is to have
    new = tuple(replace(slot, weight=0) if slot.backend in held else slot for slot in _new(world, spec, old))
    return Sides(old, new, tuple(each for each in _present(world, spec, new) if each.backend not in held))


def dialled_nodes(world: World, spec: Spec) -> World:
    """Give the look with each of the plan's nodes by the address that the balancer can dial: of its backends' family.

    A node with two families has an InternalIP of each, in either order. One that has none of that family has address "".
    """
    listeners = {listener.id for listener in spec.balancer.listeners}
    families = {is_v6(t.backend.address) for t in world.targets if t.backend.listener in listeners}
    known = {text(node, "metadata", "name"): _internal(node) for node in world.there.all("Node")}
    if not families:
        return world
    nodes = (
        Node(node.name, next((at for at in known[node.name] if is_v6(at) in families), ""))
        if node.name in known
        else node
        for node in world.nodes
    )
    return replace(world, nodes=tuple(nodes))


def old_slots(world: World, spec: Spec) -> tuple[Slot, ...]:
    """Give the targets that lead to the old pods.

    A target does by a pod's own address, a node's address and a hostPort of the pod on it, or any node's and a node port.
    """
    listeners = {listener.id for listener in spec.balancer.listeners}
    pods = {pod.ref.ip for pod in world.old.live}
    opened, on_hosts = _node_ports(world, spec), host_port_entries(world)
    nodes = _node_addresses(world) if opened else frozenset()
    mapped, known = mapped_host_ports(world), {row.backend for row in world.recorded}
    slots = []
    for target in world.targets:
        address, port = target.backend.address, target.backend.port
        by = [
            entry
            for entry, leads in (
                (Entry.HOST_PORT, (address, port) in on_hosts),
                (Entry.POD, address in pods),
                (Entry.NODE_PORT, address in nodes and port in opened),
            )
            if leads
        ]
        if by and target.backend.listener in listeners:
            listens = on_hosts.get((address, port), opened.get(port, port))
            slots.append(Slot(target.backend, target.weight, by[0], listens))
        elif target.backend in known:
            entry = Entry.HOST_PORT if port in mapped else Entry.POD
            slots.append(Slot(target.backend, target.weight, entry, mapped.get(port, port), vacant=True))
    return tuple(slots)


def _new(world: World, spec: Spec, old: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Give a slot per listener and node of the plan: the node's address and the mapped port.

    Of a workload that returns the slots are those that were kept, on nodes that are still there.
    """
    weights = {target.backend: target.weight for target in world.targets}
    if isinstance(spec.target, Kept):
        addresses = {node.address for node in world.nodes}
        kept = (row for row in spec.target.rows if row.address in addresses)
        return tuple(Slot(row, weights.get(row, 0), Entry.NODE_PORT) for row in kept)
    if spec.target.pod_targets.replicas:
        return ()
    entry = Entry.HOST_PORT if spec.target.network is Network.HOST_PORT else Entry.POD
    slots: list[Slot] = []
    for listener in spec.balancer.listeners:
        listening = {slot.listens for slot in old if slot.listener == listener.id}
        listens = listener.backend_port or min(listening, default=0)
        port = spec.target.port(listens) if listens else 0
        backends = (Backend(listener.id, node.address, port) for node in world.nodes) if port else ()
        slots += [Slot(backend, weights.get(backend, 0), entry, listens) for backend in backends]
    return tuple(slots)


def _present(world: World, spec: Spec, new: tuple[Slot, ...]) -> tuple[Target, ...]:
    """Give the targets that are the new side's now, though no old backend may be left to tell its port by."""
    listeners = {listener.id for listener in spec.balancer.listeners}
    planned, ports = {slot.backend for slot in new}, {mapped.new for mapped in spec.target.ports}
    nodes = {node.address for node in world.nodes} if world.new.exists else set()
    pods = {pod.ref.ip for pod in world.new.live}
    return tuple(
        target
        for target in world.targets
        if target.backend.listener in listeners
        and (target.backend in planned or (target.backend.address in nodes | pods and target.backend.port in ports))
    )


def doors_of(slots: Iterable[Slot], world: World, spec: Spec) -> tuple[Door, ...]:
    """Give the ports at which a side is dialled behind each listener, once each, and what is dialled there."""
    local = {number(port, "nodePort") for service in _local(world, spec) for port in items(service, "spec", "ports")}
    return tuple(
        sorted({Door(slot.listener, slot.backend.port, slot.entry, slot.backend.port in local - {0}) for slot in slots})
    )


def _local(world: World, spec: Spec) -> list[Manifest]:
    """Give the Services before the old pods whose node ports lead only to pods on the same node."""
    if world.source is None:
        return []
    services = world.services_of(template_labels(world.source), source_ref(spec).namespace)
    return [service for service in services if text(service, "spec", "externalTrafficPolicy") == "Local"]


def listening_ports(spec: Spec, old: Iterable[Slot]) -> frozenset[int]:
    """Give the ports on which the old pods get the balancer's traffic: behind a node port or a hostPort the pods' own."""
    given = {listener.id: listener.backend_port for listener in spec.balancer.listeners}
    seen = {slot.listens for slot in old if not given.get(slot.listener)}
    return frozenset(seen | {port for port in given.values() if port})


def declared_ports(source: Manifest, services: Iterable[Manifest]) -> frozenset[int]:
    """Give the ports that a workload's template names, or a Service that selects its pods."""
    own = {number(port, "containerPort") for row in containers(source) for port in items(row, "ports")}
    led = {target_port(source, port) for service in services for port in items(service, "spec", "ports")}
    return frozenset(own | led)


def host_port_entries(world: World) -> Mapping[tuple[str, int], int]:
    """Give container port by (node address, hostPort) of the old pods; empty for pods in their node's own network.

    The CNI forwards a hostPort to the one pod on that node, so such a backend is a whole pod.
    """
    ports = mapped_host_ports(world)
    if not ports:
        return {}
    nodes = {pod.ref.node for pod in world.old.live}
    planned = [node.address for node in world.nodes if node.name in nodes]
    seen = [node for node in world.all("Node") if text(node, "metadata", "name") in nodes]
    addresses = {*planned, *(address for node in seen for address in _internal(node))}
    return {(address, host): inside for address in addresses for host, inside in ports.items()}


def mapped_host_ports(world: World) -> Mapping[int, int]:
    """Give container port by hostPort, where the two may differ: in a network of the pods' own."""
    source = world.source
    if source is None or mapping(source, "spec", "template", "spec").get("hostNetwork") is True:
        return {}
    rows = [port for container in containers(source) for port in items(container, "ports")]
    return {number(row, "hostPort"): number(row, "containerPort") for row in rows if number(row, "hostPort")}


def _node_ports(world: World, spec: Spec) -> Mapping[int, int]:
    """Give container port by nodePort, of every Service that selects the old pods."""
    source = world.source
    if source is None:
        return {}
    services = world.services_of(template_labels(source), source_ref(spec).namespace)
    return {
        number(port, "nodePort"): target_port(source, port)
        for service in services
        for port in items(service, "spec", "ports")
        if number(port, "nodePort")
    }


def _node_addresses(world: World) -> frozenset[str]:
    """Give every node's address: a node port is open on all of them, as long as there are pods behind it."""
    planned = frozenset(node.address for node in world.nodes)
    if not world.old.live:
        return planned
    return planned.union(address for node in world.all("Node") for address in _internal(node))


def _internal(node: Manifest) -> list[str]:
    rows = items(node, "status", "addresses")
    return [text(row, "address") for row in rows if text(row, "type") == "InternalIP"]


def is_by_node(plan: Plan) -> bool:
    """Say whether the old side is dialled at its nodes' addresses, which only a list of all nodes tells."""
    return plan.detour is not None or any(door.entry is not Entry.POD for door in old_doors(plan))


def footing(plan: Plan, hosts: Iterable[Host] = (), every_node: bool = False, new: Iterable[Pod] = ()) -> Footing:
    """Give what the plan knows; `hosts` are the nodes as they are now, where somebody looked (`every_node`: at all).

    A node of the plan has left when it is not among them and none of the `new` pods is there. A list without any node says
    nothing of the kind.
    """
    seen = plan.seen
    found = {host.name: host.address for host in hosts}
    there = found.keys() | {pod.ref.node for pod in new if not pod.terminating}
    left = tuple(node for node in seen.nodes if node.name not in there) if every_node and found else ()
    nodes = {node.name: node.address for node in seen.nodes if node not in left}
    nodes |= {name: address for name, address in found.items() if address}
    # A node that is one side's at a time has its weight for itself: no pod elsewhere takes it over.
    recorded = () if plan.journey().by_turns else seen.old
    doors, planned = (old_doors(plan), new_doors(plan)), frozenset(seen.new)
    return Footing(recorded, *doors, nodes, every_node, plan.created_at, left, planned, lowering=lowering(plan))


def old_doors(plan: Plan) -> tuple[Door, ...]:
    """Give the ports at which the old side is dialled; of a plan that did not keep them by its own template."""
    return plan.seen.doors or guessed(plan.seen.source, (row.backend for row in plan.seen.old))


def guessed(source: Json, backends: Iterable[Backend]) -> tuple[Door, ...]:
    """Give the old side's doors of a plan that did not keep them: by the ports of its own template."""
    template: Manifest = source if isinstance(source, dict) else {}
    rows = [port for container in containers(template) for port in items(container, "ports")]
    inside = {number(row, "containerPort") for row in rows}
    shared = mapping(template, "spec", "template", "spec").get("hostNetwork") is True
    mapped = set() if shared else {number(row, "hostPort") for row in rows} - {0}

    def entry(port: int) -> Entry:
        if port in mapped:
            return Entry.HOST_PORT
        return Entry.NODE_PORT if port >= FIRST_NODE_PORT and port not in inside else Entry.POD

    return tuple(sorted({Door(each.listener, each.port, entry(each.port)) for each in backends}))


def new_doors(plan: Plan) -> tuple[Door, ...]:
    """Give the ports at which the new side is dialled: its nodes', however its pods have them, or scattered pods' own."""
    seen = plan.seen
    known = {(backend.listener, backend.port) for backend in seen.new}
    entry = Entry.NODE_PORT if isinstance(plan.spec.target, Kept) else Entry.HOST_PORT
    scattered = {Door(each.listener, each.port, each.entry) for each in seen.scattered.ports}
    return tuple(sorted(scattered | {Door(listener, port, entry) for listener, port in known}))
