"""Where a run stands on its detour, as this look shows it: the same address and port is the old side's before, the new side's
after. A plan without a detour stays as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migrator.domain.model.balancer import Weighted
from migrator.domain.observation.detour import Detour, on_host_ports, stand_ins
from migrator.domain.observation.nodes import Host
from migrator.domain.observation.sighting import JournalFacts, Workloads
from migrator.domain.planning.backends import footing, old_doors
from migrator.domain.planning.plan import Plan, Seen
from migrator.domain.sides.filling import Footing


def over(seen: Seen, detour: Detour | None) -> Seen:
    """Give what the plan rests on once the old side is dialled at node ports and its host ports are free."""
    return seen if detour is None else replace(seen, old=detour.rows, doors=detour.doors)


def phased(plan: Plan, people: Workloads | None, past: JournalFacts) -> Plan:
    """Give the plan as both sides are dialled now.

    While an old pod holds host ports, and there is no new pod (they exclude each other), no row there is the new side's; once
    there is none, the old side is dialled at its node ports alone.
    """
    detour = plan.detour
    if detour is None:
        return plan
    if not _is_over(detour, plan.seen.old, people, past):
        direct = replace(plan.seen, new=(), new_now=(), doors=(*old_doors(plan), *detour.doors))
        return replace(plan, seen=direct)
    return replace(plan, seen=over(plan.seen, detour))


def grounded(plan: Plan, hosts: Iterable[Host], every_node: bool, people: Workloads) -> Footing:
    """Give what the plan (as the sides are dialled now) knows of both: on a detour with the old pods that node ports alone lead
    to, and the rows that dial these beside the record."""
    known = footing(plan, hosts, every_node, people.new.live)
    if plan.detour is None:
        return known
    recorded = {row.backend for row in known.recorded}
    besides = tuple(row.backend for row in plan.detour.rows if row.backend not in recorded)
    return replace(known, apart=frozenset(pod.ref.uid for pod in stand_ins(people.old)), besides=besides)


def _is_over(detour: Detour, hosts: Iterable[Weighted], people: Workloads | None, past: JournalFacts) -> bool:
    """Say whether the old side has left its host ports. Where nobody has seen its pods, the weights that the run gave tell; and
    while nodes go over in turn, both kinds of rows are there, until all node ports are or the run has taken some off."""
    if people is None:
        known = [row.backend for row in detour.rows if row.backend in past.weights]
        if detour.at_a_time and any(row.backend in past.weights for row in hosts) and len(known) < len(detour.rows):
            return any(row.backend in past.removed for row in detour.rows)
        return any(past.weights[backend][0] for backend in known)
    return bool(people.new.pods) or not on_host_ports(people.old)
