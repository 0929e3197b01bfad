"""Checks of the balancer's backends: the old ones are found, nothing is foreign, and new ones do not clash with old."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.balancer import Backend, Health, Scope
from migrator.domain.model.worded import block, warn
from migrator.domain.planning.backends import Entry
from migrator.domain.planning.proposal import Proposal


def listeners_have_old_backends(proposal: Proposal) -> Iterable[Finding]:
    """Each listener must lead to the old side today, with weight and health, or there is nothing to move."""
    world = proposal.world
    old = proposal.old
    for listener in proposal.spec.balancer.listeners:
        rows = [row for row in old if row.backend.listener == listener.id]
        if not sum(row.weight for row in rows):
            yield block(
                "balancer.no-old-backend",
                f"listener {listener.id}",
                "no backend with weight on it leads to the old workload's pods or their NodePort",
                ", ".join(str(t.backend) for t in world.targets if t.backend.listener == listener.id)
                or "it has no backends",
                "check loadBalancer.id and listeners, and who registers backends",
            )
    sick = [t for t in world.targets if t.weight and t.health is Health.UNHEALTHY]
    if sick:
        yield warn(
            "balancer.unhealthy",
            str(sick[0].backend),
            f"{len(sick)} backends with weight are unhealthy in the balancer's eyes",
            ", ".join(str(t.backend) for t in sick[:5]),
            "mend them first: they are the way back",
        )


def foreign_backends(proposal: Proposal) -> Iterable[Finding]:
    """A backend that is neither side's takes a share that nobody planned."""
    known = {slot.backend for slot in proposal.old} | {target.backend for target in proposal.sides.present}
    for target in proposal.world.targets:
        if target.backend not in known:
            yield block(
                "balancer.foreign-backend",
                str(target.backend),
                f"a backend that belongs to neither side has weight {target.weight}; it is never touched and keeps its share",
                f"health {target.health}",
                "remove it, or waive this code to go on beside it",
            )


def new_backends_clash(proposal: Proposal) -> Iterable[Finding]:
    """The same address and port on both sides is one backend: no split of traffic is possible."""
    old = {slot.backend for slot in proposal.old}
    for backend in (slot.backend for slot in proposal.sides.new):
        if backend in old:
            yield block(
                "balancer.same-backend",
                str(backend),
                "old and new would be the same backend, so no share can be given to the new one",
                "",
                "use other nodes, or map to another port in spec.target.ports",
            )


def pools_are_of_one_side(proposal: Proposal) -> Iterable[Finding]:
    """Where weights belong to pools, a pool of both sides cannot be split: its weight would move both."""
    world = proposal.world
    old = {slot.backend for slot in proposal.old}
    new = {slot.backend for slot in proposal.sides.new}
    members: dict[str, list[Backend]] = {}
    for target in world.targets if world.capabilities.weights_of is Scope.POOL else ():
        members.setdefault(f"{target.backend.listener} {target.pool}", []).append(target.backend)
    for name, backends in members.items():
        if old.intersection(backends) and new.intersection(backends):
            yield block(
                "balancer.mixed-pool",
                name,
                "it holds backends of both sides, and its one weight would move both",
                ", ".join(str(backend) for backend in backends[:5]),
                "give the new side a group of its own, and take its backends out of the old one",
            )


def registration_has_time(proposal: Proposal) -> Iterable[Finding]:
    """A balancer that takes minutes to call a new backend healthy must be given them, or Attach halts for nothing."""
    spec = proposal.spec
    takes, given = proposal.world.capabilities.registers, spec.deadlines.healthy
    if given < takes:
        yield warn(
            "balancer.slow-to-register",
            f"balancer {spec.balancer.id}",
            f"a sound new backend may take up to {takes:g} s to be called healthy; Attach gives up after {given:g} s",
            f"deadlines.healthy is {given:g} s",
            f"set deadlines.healthy to {takes:g}s or more",
        )


def whole_pods_behind_each_backend(proposal: Proposal) -> Iterable[Finding]:
    """Behind a NodePort the balancer sees nodes, not pods: one draining pod is invisible to it."""
    by_node = [slot.backend for slot in proposal.old if slot.entry is Entry.NODE_PORT]
    if by_node:
        yield warn(
            "exposure.node-port",
            str(proposal.world.old.ref),
            f"{len(by_node)} old backends are NodePorts: the balancer cannot see a single pod, kube-proxy chooses",
            str(by_node[0]),
            "nothing to do for the switch itself; the new side is dialled directly",
        )
