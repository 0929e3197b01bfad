"""Checks of the balancer's backends: the old ones are found, nothing is foreign, and new ones do not clash with old."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.model.balancer import Backend, Health, Scope
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.subjects import balancer_subject, listeners_subject
from migrator.domain.planning.inplace.ground import makes_room
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
                listeners_subject([listener.id]),
                backends=tuple(str(t.backend) for t in world.targets if t.backend.listener == listener.id),
            )
    sick = [t for t in world.targets if t.weight and t.health is Health.UNHEALTHY]
    if sick:
        yield warn("balancer.unhealthy", str(sick[0].backend), backends=tuple(str(t.backend) for t in sick))


def foreign_backends(proposal: Proposal) -> Iterable[Finding]:
    """A backend that is neither side's takes a share that nobody planned. Where the old workload is not found, nobody knows
    whose a row is: it may be the one that serves."""
    if proposal.source is None:
        return
    known = {slot.backend for slot in proposal.old} | {target.backend for target in proposal.sides.present}
    for target in proposal.world.targets:
        if target.backend not in known:
            yield block(
                "balancer.foreign-backend", str(target.backend), weight=target.weight, health=target.health.value
            )


def new_backends_clash(proposal: Proposal) -> Iterable[Finding]:
    """The same address and port on both sides is one backend: no split of traffic is possible while both are dialled there."""
    old = {slot.backend for slot in proposal.old} if not makes_room(proposal) else set[Backend]()
    for backend in (slot.backend for slot in proposal.sides.new):
        if backend in old:
            yield block("balancer.same-backend", str(backend))


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
            yield block("balancer.mixed-pool", name, backends=tuple(str(backend) for backend in backends))


def registration_has_time(proposal: Proposal) -> Iterable[Finding]:
    """A balancer that takes minutes to call a new backend healthy must be given them, or Attach halts for nothing."""
    spec = proposal.spec
    takes, given = proposal.world.capabilities.registers, spec.deadlines.healthy
    if given < takes:
        yield warn("balancer.slow-to-register", balancer_subject(spec.balancer.id), takes=takes, given=given)


def whole_pods_behind_each_backend(proposal: Proposal) -> Iterable[Finding]:
    """Behind a NodePort the balancer sees nodes, not pods: one draining pod is invisible to it."""
    by_node = [slot.backend for slot in proposal.old if slot.entry is Entry.NODE_PORT]
    if by_node:
        yield warn("exposure.node-port", str(proposal.world.old.ref), backends=len(by_node), first=str(by_node[0]))
