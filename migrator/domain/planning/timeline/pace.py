"""What a write costs in seconds on this balancer and in the cluster, and how many writes a change of rows takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.domain.model.balancer import Backend, Capabilities
from migrator.domain.planning.plan import Plan

TURN = 1.0
"""A turn that writes and the one that reads it back (the driver's pace is 0.4 s)."""

MOST = 10.0
"""The longest that one write may take: perform asks once and waits at most this long."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of one write: to the balancer (its settling, its rate limit) and to the cluster."""

    balancer: float
    balancer_most: float
    cluster: float = TURN
    cluster_most: float = MOST


def pace(can: Capabilities) -> Pace:
    """Give the pace of a balancer."""
    between = 60.0 / can.writes_per_minute if can.writes_per_minute else 0.0
    once = max(can.settle, between)
    return Pace(once + TURN, once + MOST)


def batches(backends: Iterable[Backend], can: Capabilities) -> int:
    """Give the calls that name these backends once: full batches, of one listener each where the vendor wants that."""
    listeners = [backend.listener for backend in backends]
    if can.several_listeners:
        return -(-len(listeners) // can.batch)
    return sum(-(-listeners.count(name) // can.batch) for name in set(listeners))


def old_backends(plan: Plan) -> tuple[Backend, ...]:
    """Give the old side's backends."""
    return tuple(row.backend for row in plan.seen.old)
