"""What of a workload that stands already is read, so that the rest of a plan is made of it as of any other: its nodes, how its
pods are dialled and at which port, and what tells them from the old ones. Of a Deployment to be it is read of the source, whose
pods its own will be like. Pure; nothing is guessed where nothing is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Manifest, items, labels, mapping, number
from migrator.domain.model.pod_targets import Entry, PodPort, PodTargets
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived, Existing, Network, PortMapping, mapped
from migrator.domain.observation.world import World, containers, target_port, template_labels
from migrator.domain.planning.backends import Slot, old_slots


def stands_as(world: World, spec: Spec) -> Manifest:
    """Give the manifest of the workload that stands already; an empty one where there is none."""
    target = spec.target
    home = target_ref(spec).namespace
    found = (row for row in world.all(target.kind) if namespace_of(row) == home and name_of(row) == target.name)
    return next(found, {})


def resolved(world: World, spec: Spec) -> tuple[World, Spec]:
    """Give the look with the nodes that have a pod of the workload, and the spec with what it says of itself.

    Both stay as they are where the plan derives a DaemonSet or an earlier run kept its workload, and where none stands.
    """
    target = spec.target
    if isinstance(target, Derived) and target.is_placed:
        return replace(world, nodes=()), replace(spec, target=replace(target, pod_targets=_like_the_old(world, spec)))
    if not isinstance(target, Existing):
        return world, spec
    workload = stands_as(world, spec)
    own, old_labels = template_labels(workload), template_labels(world.source or {})
    listening = _listening(spec, old_slots(world, spec))
    inside = tuple(PortMapping(port, _inside(port, target, world, spec, workload)) for port in sorted(_all(listening)))
    network = _network(workload, inside)
    ports = tuple(PortMapping(row.old, _dialled(row.new, workload, network)) for row in inside)
    by_node = target.kind == "DaemonSet" and network is not Network.POD
    selector = labels(workload, "spec", "template", "spec", "nodeSelector") if by_node else {}
    read = replace(
        target,
        network=network,
        node_selector=tuple(sorted(selector.items())),
        labels=tuple(sorted((key, value) for key, value in own.items() if old_labels.get(key) != value)),
        ports=ports,
        pod_targets=PodTargets() if by_node else _scattered(world.new.wanted, listening, ports, network),
    )
    occupied = {pod.ref.node for pod in world.new.live} if by_node else set()
    nodes = tuple(node for node in world.nodes if node.name in occupied)
    return replace(world, nodes=nodes), replace(spec, target=read)


def _listening(spec: Spec, old: Iterable[Slot]) -> Mapping[str, int]:
    """Give by listener the port on which the old pods listen for it; none where that is not known."""
    slots = tuple(old)
    found = {}
    for listener in spec.balancer.listeners:
        behind = min((slot.listens for slot in slots if slot.listener == listener.id), default=0)
        if port := listener.backend_port or behind:
            found[listener.id] = port
    return found


def _all(listening: Mapping[str, int]) -> set[int]:
    return set(listening.values())


def _inside(port: int, target: Existing, world: World, spec: Spec, workload: Manifest) -> int:
    """Give the port on which the pods that stand listen for a port of the old ones.

    It is the one that the plan file says; else that of their own Service's port of the same number as the old pods' Service
    has; else the same number.
    """
    said = mapped(target.asked, port)
    if said != port or any(row.old == port for row in target.asked):
        return said
    source = world.source or {}
    before = [row for row in _services(world, source, source_ref(spec).namespace) if target_port(source, row) == port]
    numbers = {number(row, "port") for row in before}
    after = (row for row in _services(world, workload, target_ref(spec).namespace) if number(row, "port") in numbers)
    return next((found for row in after if (found := target_port(workload, row))), port)


def _services(world: World, workload: Manifest, home: str) -> list[Manifest]:
    """Give the ports of the Services that select a workload's pods."""
    own = template_labels(workload)
    return [row for service in world.services_of(own, home) for row in items(service, "spec", "ports")] if own else []


def _network(workload: Manifest, inside: Iterable[PortMapping]) -> Network:
    if mapping(workload, "spec", "template", "spec").get("hostNetwork") is True:
        return Network.HOST
    opened = _host_ports(workload)
    ports = [row.new for row in inside]
    return Network.HOST_PORT if ports and all(port in opened for port in ports) else Network.POD


def _host_ports(workload: Manifest) -> Mapping[int, int]:
    rows = [port for container in containers(workload) for port in items(container, "ports")]
    return {number(row, "containerPort"): number(row, "hostPort") for row in rows if number(row, "hostPort")}


def _dialled(port: int, workload: Manifest, network: Network) -> int:
    return _host_ports(workload)[port] if network is Network.HOST_PORT else port


def _like_the_old(world: World, spec: Spec) -> PodTargets:
    """Give how the pods of a Deployment to be are dialled: as the source's own, and as many unless the plan file says."""
    listening, source = _listening(spec, old_slots(world, spec)), world.source or {}
    inside = tuple(PortMapping(port, port) for port in sorted(_all(listening)))
    network = _network(source, inside)
    ports = tuple(PortMapping(row.old, _dialled(row.new, source, network)) for row in inside)
    return _scattered(spec.target.pod_targets.replicas or world.old.wanted, listening, ports, network)


def _scattered(
    replicas: int, listening: Mapping[str, int], ports: tuple[PortMapping, ...], network: Network
) -> PodTargets:
    entry = Entry.HOST_PORT if network is Network.HOST_PORT else Entry.POD
    rows = (PodPort(listener, mapped(ports, port), entry) for listener, port in listening.items())
    return PodTargets(replicas, tuple(sorted(rows)))
