"""When the next turn is taken, and when a sample is wanted beside the regular ones. It sees no world and decides nothing.

Nothing is checked less for it: a sample that is taken earlier is one more, and a turn that comes sooner looks again.
"""

from __future__ import annotations

from math import inf, isfinite

from migrator.domain.model.decisions import Decision, Fail, Halt, Wait
from migrator.domain.observation.sighting import ConnectionCounts, GatewaySignals, JournalFacts, Sighting
from migrator.domain.steps import Step
from migrator.domain.steps.step import since
from migrator.workflow.soak_accounting import Account

QUICK = 0.1
"""Seconds between the first looks while a write is open, and after one that failed."""

SOON = 0.02
"""The shortest wait, in seconds."""

COUNTED = frozenset({ConnectionCounts, GatewaySignals})
"""What only a fresh sweep of the gateways can say after a write, or at the beginning of a step."""


def nap(decision: Decision, seen: Sighting | None, pace: float) -> float:
    """Give the seconds until the next turn: none after what changed something, at most `pace`, and no later than needed."""
    match decision:
        case Wait(_, seconds):
            left = pace if seconds is None else max(SOON, seconds)
            return min(pace, left, _open_write(seen))
        case Halt():
            return pace
        case Fail():
            return QUICK
        case _:
            return 0.0


def _open_write(seen: Sighting | None) -> float:
    """Give how long to wait before a write is read back again: as long as it has taken already."""
    opened = seen[JournalFacts].open if seen is not None else None
    return inf if seen is None or opened is None else max(QUICK, since(seen, opened.intended_at))


def moments(step: Step, seen: Sighting, account: Account, changed_at: float) -> tuple[float, ...]:
    """Give when (monotonic) samples are wanted: when the weights stand, when the soak is full, and after a change of ours.

    A soak counts only samples that lie wholly after the first of them, and ends with the first sample that fills it. A step
    that gives a side traffic writes many times: none of its writes makes a sample worth more than another.
    """
    left = step.watches - seen[JournalFacts].soaked
    full = max(account.steady_since, account.counted_at) + left if left > 0 else inf
    counted = changed_at if step.needs & COUNTED and step.gains is None else inf
    return tuple(moment for moment in (account.steady_since, full, counted) if isfinite(moment))
