"""The detour of a plan, worked out of one look: which node ports, which rows, which changes. It neither looks nor asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.kubernetes import clashing, name_of, node_ports_of
from migrator.domain.model.manifests import Json, Manifest, items, mapping, number, text
from migrator.domain.model.pod_targets import Door, Entry
from migrator.domain.model.refs import source_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived, PortConflict
from migrator.domain.observation.detour import STAND_IN, Detour
from migrator.domain.observation.world import World, target_port, template_labels
from migrator.domain.planning.backends import FIRST_NODE_PORT, Slot
from migrator.domain.planning.detour.template import held, held_in_turn, lent
from migrator.domain.planning.proposal import Proposal
from migrator.domain.steps.prepare import MANAGED_BY, MANAGER

LAST_NODE_PORT = 32767


def asks(spec: Spec) -> bool:
    """Say whether the plan wants the old side led over node ports where it holds the new side's."""
    return isinstance(spec.target, Derived) and spec.target.port_conflict is PortConflict.NODE_PORT


def holds(world: World, new_pod: Manifest) -> bool:
    """Say whether an old pod holds a port that a new one needs on one of the plan's nodes, or shares its network with it."""
    old = mapping(world.source or {}, "spec", "template", "spec")
    both_on_host = old.get("hostNetwork") is True and new_pod.get("hostNetwork") is True
    nodes = {node.name for node in world.nodes}
    here = any(pod.ref.node in nodes for pod in world.old.live)
    return here and (both_on_host or bool(clashing(node_ports_of(new_pod), node_ports_of(old))))


def detour_of(proposal: Proposal) -> Detour | None:
    """Give the detour; None where the plan asks for none, or the old side holds nothing that the new one needs."""
    world, spec, source, old = proposal.world, proposal.spec, proposal.source, proposal.old
    if source is None or not asks(spec) or not holds(world, proposal.new_pod):
        return None
    at = _chosen(world, sorted({slot.listens for slot in old}))
    rows = tuple(Weighted(Backend(slot.listener, slot.backend.address, at[slot.listens]), slot.weight) for slot in old)
    doors = tuple(sorted({Door(row.backend.listener, row.backend.port, Entry.NODE_PORT, True) for row in rows}))
    nodes = _named(world, {slot.backend.address for slot in old})
    few = _at_a_time(spec, old)
    return Detour(
        _service(world, spec, source, at),
        rows,
        doors,
        lent(source, nodes),
        held_in_turn(source) if few else held(source),
        few,
    )


def _at_a_time(spec: Spec, old: Sequence[Slot]) -> int:
    """Give how many pods change places at a time; 0 where nobody would be left meanwhile: then others come beside them."""
    asked = spec.target.at_a_time if isinstance(spec.target, Derived) else 0
    places = Counter(listener for listener, _ in {(slot.listener, slot.backend.address) for slot in old if slot.weight})
    return asked if all(asked < places[slot.listener] for slot in old) else 0


def heard_inside(proposal: Proposal) -> Spec:
    """Give the spec with the port on which the old pods listen behind each listener: a node port would not tell it any more."""
    spec = proposal.spec
    if detour_of(proposal) is None:
        return spec
    inside = {slot.listener: slot.listens for slot in proposal.old}
    listeners = tuple(
        replace(row, backend_port=row.backend_port or inside.get(row.id, 0)) for row in spec.balancer.listeners
    )
    return replace(spec, balancer=replace(spec.balancer, listeners=listeners))


def _chosen(world: World, ports: Iterable[int]) -> Mapping[int, int]:
    """Give a free node port for each container port, the lowest first. The plan names them, not the server."""
    taken = {number(row, "nodePort") for service in world.all("Service") for row in items(service, "spec", "ports")}
    taken |= {number(service, "spec", "healthCheckNodePort") for service in world.all("Service")}
    taken |= {target.backend.port for target in world.targets}
    taken |= {port for pod in world.all("Pod") for _, _, port in node_ports_of(pod.get("spec"))}
    free = (port for port in range(FIRST_NODE_PORT, LAST_NODE_PORT + 1) if port not in taken)
    return dict(zip(ports, free, strict=False))


def _named(world: World, addresses: set[str]) -> list[str]:
    """Give the names of the nodes that have these addresses."""
    known = {node.name: {node.address} for node in world.nodes}
    for node in world.all("Node"):
        known.setdefault(name_of(node), set()).update(
            text(row, "address") for row in items(node, "status", "addresses")
        )
    return sorted(name for name, has in known.items() if has & addresses)


def _service(world: World, spec: Spec, source: Manifest, at: Mapping[int, int]) -> Json:
    """Give the Service: of a name of its own, with the numbers of the Service that clients of the old pods know (Istio goes by
    these), and local, so that the address of a client stays and a node without a stand-in is called unhealthy."""
    own = template_labels(source)
    known = {
        target_port(source, row): row
        for service in reversed(world.services_of(own, source_ref(spec).namespace))
        for row in reversed(items(service, "spec", "ports"))
    }
    key, value = STAND_IN
    ports: list[Json] = [
        {
            "name": text(known.get(port, {}), "name") or f"tcp-{port}",
            "port": number(known.get(port, {}), "port") or port,
            "targetPort": port,
            "nodePort": node_port,
            "protocol": "TCP",
        }
        for port, node_port in at.items()
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": f"{spec.source.name}-node-port",
            "namespace": source_ref(spec).namespace,
            "labels": {MANAGED_BY: MANAGER},
        },
        "spec": {
            "type": "NodePort",
            "externalTrafficPolicy": "Local",
            "selector": {**own, key: value},
            "ports": ports,
        },
    }
