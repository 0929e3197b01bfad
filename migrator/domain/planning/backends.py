"""Which backends are the old side's, and which will be the new side's, by what was seen and the plan's port map."""

from __future__ import annotations

from migrator.domain.model.balancer import Backend, Target, Weighted
from migrator.domain.model.manifests import Manifest, items, mapping, number, text
from migrator.domain.model.spec import Spec
from migrator.domain.planning.world import World, containers, target_port, template_labels


def old_backends(world: World, spec: Spec) -> tuple[Weighted, ...]:
    """Give the targets that lead to the old pods.

    That is their own address, their node's address on a hostPort of theirs, or any node's on a NodePort of theirs.
    """
    listeners = {listener.id for listener in spec.balancer.listeners}
    addresses = {pod.ref.ip for pod in world.old.live}
    node_ports = set(_node_ports(world, spec))
    node_addresses = _node_addresses(world) if node_ports else frozenset()
    doors = host_ports_by_listener(world)
    return tuple(
        Weighted(target.backend, target.weight)
        for target in world.targets
        if target.backend.listener in listeners
        and (
            target.backend.address in addresses
            or (target.backend.address, target.backend.port) in doors
            or (target.backend.address in node_addresses and target.backend.port in node_ports)
        )
    )


def new_backends(world: World, spec: Spec) -> tuple[Backend, ...]:
    """Give a backend per listener and node of the plan: the node's address and the mapped port.

    Of a workload that returns those that were kept, on nodes that are still there.
    """
    if spec.target.stored is not None:
        addresses = {node.address for node in world.nodes}
        return tuple(row for row in spec.target.stored.rows if row.address in addresses)
    return tuple(
        Backend(listener.id, node.address, port)
        for listener in spec.balancer.listeners
        if (port := _new_port(world, spec, listener.id, listener.backend_port))
        for node in world.nodes
    )


def new_side(world: World, spec: Spec) -> tuple[Target, ...]:
    """Give the targets that are the new side's now, though no old backend may be left to tell its port by.

    That are the plan's own backends, and a mapped port on one of its nodes or on a pod of the target.
    """
    listeners = {listener.id for listener in spec.balancer.listeners}
    planned, ports = set(new_backends(world, spec)), {mapping.new for mapping in spec.target.ports}
    nodes = {node.address for node in world.nodes} if world.new.exists else set()
    pods = {pod.ref.ip for pod in world.new.live}
    return tuple(
        target
        for target in world.targets
        if target.backend.listener in listeners
        and (target.backend in planned or (target.backend.address in nodes | pods and target.backend.port in ports))
    )


def old_ports(world: World, spec: Spec) -> set[int]:
    """Give the ports on which the old pods get the balancer's traffic: behind a NodePort or a hostPort the pods' own."""
    given = {listener.id: listener.backend_port for listener in spec.balancer.listeners}
    return {
        port for name, backend in given.items() for port in ({backend} if backend else _listening(world, spec, name))
    }


def declared_ports(world: World, spec: Spec) -> set[int]:
    """Give the ports that the old pods' template or a Service that selects them names."""
    source = world.source
    if source is None:
        return set()
    own = {number(port, "containerPort") for each in containers(source) for port in items(each, "ports")}
    services = world.services_of(template_labels(source), spec.cluster.namespace)
    return own | {target_port(source, port) for service in services for port in items(service, "spec", "ports")}


def host_ports_by_listener(world: World) -> dict[tuple[str, int], int]:
    """Give container port by (node address, hostPort) of the old pods; empty for pods in their node's own network.

    The CNI forwards a hostPort to the one pod on that node, so such a backend is a whole pod.
    """
    ports = host_ports(world)
    if not ports:
        return {}
    nodes = {pod.ref.node for pod in world.old.live}
    planned = [node.address for node in world.nodes if node.name in nodes]
    seen = [node for node in world.all("Node") if text(node, "metadata", "name") in nodes]
    addresses = {*planned, *(address for node in seen for address in _internal(node))}
    return {(address, host): inside for address in addresses for host, inside in ports.items()}


def host_ports(world: World) -> dict[int, int]:
    """Give container port by hostPort, where the two may differ: in a network of the pods' own."""
    source = world.source
    if source is None or mapping(source, "spec", "template", "spec").get("hostNetwork") is True:
        return {}
    rows = [port for container in containers(source) for port in items(container, "ports")]
    return {number(row, "hostPort"): number(row, "containerPort") for row in rows if number(row, "hostPort")}


def _new_port(world: World, spec: Spec, listener: str, given: int) -> int:
    """Give the new side's port behind a listener: the mapped container port behind its old backends; 0 if unknown."""
    if given:
        return spec.target.port(given)
    listening = _listening(world, spec, listener)
    return spec.target.port(min(listening)) if listening else 0


def _listening(world: World, spec: Spec, listener: str) -> set[int]:
    """Give the container ports behind a listener's old backends."""
    node_ports, doors = _node_ports(world, spec), host_ports_by_listener(world)
    rows = [row.backend for row in old_backends(world, spec) if row.backend.listener == listener]
    return {doors.get((row.address, row.port), node_ports.get(row.port, row.port)) for row in rows}


def _node_ports(world: World, spec: Spec) -> dict[int, int]:
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
