"""The slots of both sides: which backends are the old side's, and which will be the new side's. It changes nothing.

A slot is a place of a side that holds a weight behind one listener. Today each slot is one row of the balancer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.model.balancer import Backend, Target, Weighted
from migrator.domain.model.manifests import Manifest, items, mapping, number, text
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Kept, Network
from migrator.domain.observation.world import World, containers, target_port, template_labels


class Entry(StrEnum):
    """What the balancer dials at a slot: a pod itself, a hostPort that leads to one pod, or a node port that leads to any."""

    POD = "pod"
    HOST_PORT = "hostPort"
    NODE_PORT = "nodePort"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a side that holds a weight; `weight` is what its row has now (0 also where there is no row yet).

    `listens` is the container port behind the row, 0 where it is not known.
    """

    backend: Backend
    weight: int
    entry: Entry
    listens: int = 0

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
    old = _old(world, spec)
    new = _new(world, spec, old)
    return Sides(old, new, _present(world, spec, new))


def _old(world: World, spec: Spec) -> tuple[Slot, ...]:
    """Give the targets that lead to the old pods.

    A target does by a pod's own address, a node's address and a hostPort of the pod on it, or any node's and a node port.
    """
    listeners = {listener.id for listener in spec.balancer.listeners}
    pods = {pod.ref.ip for pod in world.old.live}
    opened, on_hosts = _node_ports(world, spec), host_port_entries(world)
    nodes = _node_addresses(world) if opened else frozenset()
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
    services = world.services_of(template_labels(source), spec.cluster.namespace)
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
