"""How many connections a side still has, by a fresh count. What nobody has counted lately is unknown, never 0."""

from __future__ import annotations

from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Wait
from migrator.domain.observation.sighting import Clocks, ConnectionCounts, Sighting, Workloads
from migrator.domain.steps.step import elapsed

FRESH = 60.0
"""Seconds; a sweep of a thousand gateways takes less. An older count says nothing of now: its reader hangs."""


def connections(seen: Sighting, side: Side) -> int | None:
    """Give the live connections of a side's pods; None is unknown, never 0."""
    if _age(seen) > FRESH:
        return None
    return seen[ConnectionCounts].connections(tuple(pod.ref for pod in seen[Workloads].of(side).live))


def connections_of(seen: Sighting, pods: tuple[PodRef, ...]) -> int | None:
    """Give the live connections of these pods; without a pod there is nobody to have any. None is unknown, never 0."""
    if not pods:
        return 0
    return None if _age(seen) > FRESH else seen[ConnectionCounts].connections(pods)


def counting(seen: Sighting, side: Side) -> Wait | None:
    """Wait for the first count of a process that has just begun, and of a step that has: not yet is not unknown."""
    uncounted = seen[ConnectionCounts].uncounted(tuple(pod.ref for pod in seen[Workloads].of(side).live))
    if uncounted:
        return Wait(say("connections.uncounted", gateways=len(uncounted), side=side))
    if _age(seen) > elapsed(seen) and elapsed(seen) < FRESH:
        return Wait(say("connections.recounting", side=side))
    return None


def is_counted_here(seen: Sighting) -> bool:
    """Say whether the newest count was made since the step began."""
    return _age(seen) <= elapsed(seen)


def _age(seen: Sighting) -> float:
    return seen[Clocks].monotonic - seen[ConnectionCounts].at
