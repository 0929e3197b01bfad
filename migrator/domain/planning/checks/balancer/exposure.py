"""Checks of how the gateway is exposed today: which of the ways, and where the balancer cannot see a single pod."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from migrator.domain.messages.findings import Finding, Severity, finding, info, warn
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import Manifest, items, number, text
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.subjects import nodes_subject
from migrator.domain.planning.proposal import Proposal


class Exposure(StrEnum):
    """The ways of the founding document, and the balancer straight to pods."""

    NODE_PORT = "NodePort Service"
    LOCAL = "NodePort Service with externalTrafficPolicy Local"
    HOST = "hostNetwork"
    HOST_PORT = "a hostPort of the pods"
    DIRECT = "pods dialled directly"
    UNKNOWN = "unknown"


def exposure(proposal: Proposal) -> Exposure:
    """Tell by what the balancer dials."""
    entries = {slot.entry for slot in proposal.old}
    if not entries:
        return Exposure.UNKNOWN
    if proposal.old_pod.get("hostNetwork") is True:
        return Exposure.HOST
    if entries == {Entry.HOST_PORT}:
        return Exposure.HOST_PORT
    dialled = {slot.backend.port for slot in proposal.old}
    services = [row for row in proposal.services.leading if _node_ports(row) & dialled]
    if Entry.POD in entries or not services:
        return Exposure.DIRECT
    local = all(text(row, "spec", "externalTrafficPolicy") == "Local" for row in services)
    return Exposure.LOCAL if local else Exposure.NODE_PORT


def _node_ports(service: Manifest) -> set[int]:
    return {number(row, "nodePort") for row in items(service, "spec", "ports")} - {0}


def exposed_how(proposal: Proposal) -> Iterable[Finding]:
    """Say which way it is, and where that way hides pods from the balancer."""
    world = proposal.world
    if proposal.source is None:
        return
    way = exposure(proposal)
    yield info(
        "exposure.today",
        str(world.old.ref),
        way=way.value,
        services=tuple(
            f"Service {called(row)} ({text(row, 'spec', 'type') or 'ClusterIP'})" for row in proposal.services.leading
        ),
    )
    crowded = [
        node for node, count in Counter(pod.ref.node for pod in world.old.live if pod.ref.node).items() if count > 1
    ]
    if crowded and way in (Exposure.NODE_PORT, Exposure.LOCAL):
        yield warn(
            "exposure.several-per-node",
            nodes_subject(crowded),
            pods=len(world.old.live),
            nodes=len({pod.ref.node for pod in world.old.live}),
        )


def other_ways_in(proposal: Proposal) -> Iterable[Finding]:
    """Whoever reaches the old pods another way than through this balancer is not moved by the run: one finding for all.

    A LoadBalancer Service has node ports whether anybody dials them or not, so alone they are only for the record.
    """
    if proposal.source is None:
        return
    dialled = {row.backend.port for row in proposal.old}
    found = [(row, ports) for row in proposal.services.leading if (ports := sorted(_node_ports(row) - dialled))]
    kinds = {text(row, "spec", "type") for row, _ in found} & {"NodePort", "LoadBalancer"}
    if kinds:
        yield finding(
            "exposure.other-way-in",
            Severity.WARN if "NodePort" in kinds else Severity.INFO,
            say("subject.services", names=tuple(called(row) for row, _ in found)),
            ports=tuple(f"{called(row)} {', '.join(map(str, ports))}" for row, ports in found),
            types=tuple(sorted(kinds)),
        )
