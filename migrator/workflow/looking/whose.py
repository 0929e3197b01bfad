"""Whose each row of the balancer is in this turn, and who is presumed to be there while nobody can say. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Capabilities, Pools, Side, Target, pools, sides
from migrator.domain.model.pod_targets import Entry, claimed, left_by
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.nodes import Host
from migrator.domain.observation.sighting import JournalFacts, Workloads
from migrator.domain.planning.backends import new_doors, old_doors
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Detach

Standing: TypeAlias = tuple[Sequence[Target], Capabilities]


@dataclass(frozen=True, slots=True)
class People:
    """Who was seen last: the workloads (None: never), the nodes, and what a follower calls its own besides the plan's."""

    workloads: Workloads | None
    hosts: tuple[Host, ...] = ()
    ours: tuple[Backend, ...] = ()


def told_apart(plan: Plan, standing: Standing, people: People, past: JournalFacts) -> Pools:
    """Give the balancer's rows, each with its side: of the plan's backends, of living pods, or of what the run accounts for."""
    targets, capabilities = standing
    if plan.journey().by_turns:
        return pools(targets, _by_turns(plan, people), capabilities)
    ports, seen = plan.seen.scattered.ports, plan.seen
    pods = people.workloads.new.pods if people.workloads else ()
    new = (*seen.new, *people.ours, *claimed(ports, pods), *_dialled_new(plan, people))
    left = left_by(ports, past.weights) | _once_new(plan, past, _nodes(plan, people).values())
    led = plan.detour.rows if plan.detour else ()
    old = (*(row.backend for row in (*seen.old, *led)), *_once_old(plan, past, {*new, *left}))
    return pools(targets, sides(targets, old, new, _dialled(plan, people), left), capabilities)


def _by_turns(plan: Plan, people: People) -> dict[Backend, Side]:
    """Give the side of each row where a node is one side's at a time: the new one's where a live pod of it is behind it."""
    live = people.workloads.new.live if people.workloads else ()
    at = _nodes(plan, people)
    renewed = {address for pod in live for address in (pod.ref.ip, at.get(pod.ref.node, "") or pod.host_ip)} - {""}
    rows = (row.backend for row in plan.seen.old)
    return {row: Side.NEW if row.address in renewed else Side.OLD for row in rows}


def _dialled(plan: Plan, people: People) -> set[str]:
    """Give the addresses at which the old side's pods are dialled now: their own, and where a door is a node's, the nodes'."""
    live = people.workloads.old.live if people.workloads else ()
    at = _nodes(plan, people)
    entries = {door.entry for door in old_doors(plan)}
    found = {pod.ref.ip for pod in live}
    if Entry.HOST_PORT in entries:
        found |= {at.get(pod.ref.node, "") or pod.host_ip for pod in live}
    if Entry.NODE_PORT in entries and live:
        found |= set(at.values())
    return found - {""}


def _nodes(plan: Plan, people: People) -> dict[str, str]:
    """Give the address of each node by its name, as the balancer dials it."""
    return {node.name: node.address for node in plan.seen.nodes} | {host.name: host.address for host in people.hosts}


def _dialled_new(plan: Plan, people: People) -> set[Backend]:
    """Give the backends of new pods on whatever nodes they are: the plan's own selector has chosen them."""
    live = people.workloads.new.live if people.workloads else ()
    at = _nodes(plan, people)
    addresses = {at.get(pod.ref.node, "") or pod.host_ip for pod in live} - {""}
    doors = [door for door in new_doors(plan) if door.entry is Entry.HOST_PORT]
    return {Backend(door.listener, address, door.port) for door in doors for address in addresses}


def _once_new(plan: Plan, past: JournalFacts, nodes: Collection[str]) -> set[Backend]:
    """Give the backends of new pods on nodes that came during the run, and may be gone again: it accounts for their rows.

    Where both sides are dialled at the same port, only what has a node's address is the new side's, beside pods' own.
    """
    shared = {(door.listener, door.port): door.entry for door in old_doors(plan)}
    doors = {(door.listener, door.port) for door in new_doors(plan) if door.entry is Entry.HOST_PORT}
    recorded = {row.backend for row in plan.seen.old}
    return {
        each
        for each in past.weights
        if (each.listener, each.port) in doors
        and each not in recorded
        and (
            (entry := shared.get((each.listener, each.port))) is None or (entry is Entry.POD and each.address in nodes)
        )
    }


def _once_old(plan: Plan, past: JournalFacts, others: set[Backend]) -> list[Backend]:
    """Give the backends of old pods that came during the run, and may be gone again: it accounts for their rows."""
    doors = {(row.backend.listener, row.backend.port) for row in plan.seen.old}
    return [each for each in past.weights if (each.listener, each.port) in doors and each not in others]


def presumed(plan: Plan, past: JournalFacts) -> Workloads:
    """Give what must be assumed while the cluster has not answered this process once: pods that nobody can read.

    They stand in for connections that are unknown, never 0. The old side is there until this run has deleted it: the pods
    whose rows it accounts for, or else those that step Detach took off the balancer.
    """
    spec, seen = plan.spec, plan.seen
    if seen.former:
        whole = Workload(target_ref(spec), seen.source_uid)
        rows = (row.backend for row in seen.old)
        return Workloads(replace(whole, pods=_unread(whole.ref.namespace, rows)), whole)
    nodes = [node.address for node in seen.nodes]
    scattered = left_by(seen.scattered.ports, past.weights.keys() - {row.backend for row in seen.old})
    new = (*seen.new, *scattered, *_once_new(plan, past, nodes))
    old = _once_old(plan, past, set(new)) or _taken_off(plan, past) or [row.backend for row in seen.old]
    uid = seen.source_uid if seen.old and seen.source_uid not in past.deleted else ""
    return Workloads(
        Workload(source_ref(spec), uid, pods=_unread(source_ref(spec).namespace, old)),
        Workload(target_ref(spec), pods=_unread(target_ref(spec).namespace, new)),
    )


def _taken_off(plan: Plan, past: JournalFacts) -> list[Backend]:
    """Give the old backends that step Detach has removed: their pods were there then."""
    return [backend for backend, step in past.removed.items() if isinstance(plan.steps[step], Detach)]


def _unread(namespace: str, backends: Iterable[Backend]) -> tuple[Pod, ...]:
    addresses = dict.fromkeys(backend.address for backend in backends)
    return tuple(Pod(PodRef(namespace, f"at {address}", "", address), (), ready=False) for address in addresses)
