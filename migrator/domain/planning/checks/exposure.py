"""Checks of how the gateway is exposed today: which of the ways, and where the balancer cannot see a single pod."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from migrator.domain.model.findings import Finding
from migrator.domain.model.manifests import Manifest, items, number, text
from migrator.domain.model.spec import Spec
from migrator.domain.planning.backends import host_ports_by_listener, old_backends
from migrator.domain.planning.checks.matching import called
from migrator.domain.planning.checks.sides import info, listed, old_labels, old_pod_spec, warn
from migrator.domain.planning.world import World, template_labels


class Exposure(StrEnum):
    """The ways of the founding document, and the balancer straight to pods."""

    NODE_PORT = "NodePort Service"
    LOCAL = "NodePort Service with externalTrafficPolicy Local"
    HOST = "hostNetwork"
    HOST_PORT = "a hostPort of the pods"
    DIRECT = "pods dialled directly"
    UNKNOWN = "unknown"


def exposure(world: World, spec: Spec) -> Exposure:
    """Tell by what the balancer dials."""
    rows = old_backends(world, spec)
    if not rows:
        return Exposure.UNKNOWN
    if old_pod_spec(world).get("hostNetwork") is True:
        return Exposure.HOST
    doors = host_ports_by_listener(world)
    if all((row.backend.address, row.backend.port) in doors for row in rows):
        return Exposure.HOST_PORT
    dialled = {row.backend.port for row in rows}
    services = [row for row in services_of_old(world, spec) if _node_ports(row) & dialled]
    pods = {pod.ref.ip for pod in world.old.live}
    if any(row.backend.address in pods for row in rows) or not services:
        return Exposure.DIRECT
    local = all(text(row, "spec", "externalTrafficPolicy") == "Local" for row in services)
    return Exposure.LOCAL if local else Exposure.NODE_PORT


def services_of_old(world: World, spec: Spec) -> list[Manifest]:
    """Give the Services that select the old pods."""
    if world.source is None:
        return []
    return world.services_of(old_labels(world) | template_labels(world.source), spec.cluster.namespace)


def _node_ports(service: Manifest) -> set[int]:
    return {number(row, "nodePort") for row in items(service, "spec", "ports")} - {0}


def exposed_how(world: World, spec: Spec) -> Iterable[Finding]:
    """Say which way it is, and where that way hides pods from the balancer."""
    if world.source is None:
        return
    way = exposure(world, spec)
    yield info(
        "exposure.today",
        str(world.old.ref),
        f"is reached by: {way}",
        listed(
            f"Service {called(row)} ({text(row, 'spec', 'type') or 'ClusterIP'})"
            for row in services_of_old(world, spec)
        ),
    )
    crowded = [
        node for node, count in Counter(pod.ref.node for pod in world.old.live if pod.ref.node).items() if count > 1
    ]
    if crowded and way in (Exposure.NODE_PORT, Exposure.LOCAL):
        yield warn(
            "exposure.several-per-node",
            f"node {listed(sorted(crowded))}",
            "runs several old gateways behind one node port: the health check passes while one of them answers, so the "
            "balancer cannot see the other one drain or fail",
            f"{len(world.old.live)} pods on {len({pod.ref.node for pod in world.old.live})} nodes",
            "nothing to do for the switch; until then delete old pods one by one and slowly",
        )


def other_ways_in(world: World, spec: Spec) -> Iterable[Finding]:
    """Whoever reaches the old pods another way than through this balancer is not moved by the run."""
    if world.source is None:
        return
    dialled = {row.backend.port for row in old_backends(world, spec)}
    for service in services_of_old(world, spec):
        unseen = sorted(_node_ports(service) - dialled)
        kind = text(service, "spec", "type")
        if kind in ("NodePort", "LoadBalancer") and unseen:
            yield warn(
                "exposure.other-way-in",
                f"Service {called(service)}",
                f"opens node port {', '.join(map(str, unseen))}, which no listener of this plan dials: whoever uses it stays "
                "on the old pods until Retire, and moves to the new ones at once then",
                f"type {kind}",
                "find its users (another balancer, a script) and plan their move",
            )
