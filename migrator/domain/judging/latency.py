"""How far a side's latency histograms have caught up with its answers. Pure.

Envoy merges its histograms once a flush (`stats_flush_interval` of its bootstrap, 5 s by default) and its counters at
once: an answer that is counted may not be timed yet. Until it is, nobody can say that it was quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrator.domain.judging.limits import STALE
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Delta

REACH = 6
"""Flushes within which deltas are looked at."""


@dataclass(frozen=True, slots=True)
class Covered:
    """The newest stretch of time (monotonic) whose answers are all timed: `since` to `until`, with `requests` in it."""

    since: float
    until: float
    requests: int


def covered(deltas: Iterable[Delta], flush: float) -> Covered | None:
    """Give the newest stretch in which every new gateway's answers are timed; None without a delta of the new side.

    What was covered before the newest merge is not in it, so that each second is in one stretch alone.
    """
    rows = _by_gateway(deltas, flush)
    if not rows:
        return None
    times = sorted({delta.at for row in rows for delta in row})
    traces = [_trace(row, flush) for row in rows]
    until, since = _at(traces, times[-1]), None
    for time in reversed(times[:-1]):
        since = _at(traces, time)
        if since < until:
            break
    since = min(row[0].at - row[0].interval for row in rows) if since is None else since
    inside = (delta for row in rows for delta in row if since < delta.at <= until)
    return Covered(since, until, sum(delta.requests for delta in inside))


def is_behind(found: Covered, newest: Delta, flush: float) -> bool:
    """Say whether the histograms are silent: further behind than several merges of theirs, and of ours, take."""
    return newest.at - found.until > STALE * max(flush, newest.interval)


def window(length: float, flush: float) -> float:
    """Give the seconds over which slow answers are judged: two merges at least, so that one is always wholly in it."""
    return max(length, 2 * flush)


def _by_gateway(deltas: Iterable[Delta], flush: float) -> list[list[Delta]]:
    """Give the new gateways' recent deltas in order; a gateway that is read no more is left out."""
    rows: dict[str, list[Delta]] = {}
    for delta in sorted((d for d in deltas if d.side is Side.NEW), key=lambda d: d.at):
        rows.setdefault(delta.gateway, []).append(delta)
    newest = max((row[-1].at for row in rows.values()), default=0.0)
    recent = [[d for d in row if d.at > newest - REACH * max(flush, d.interval)] for row in rows.values()]
    return [row for row in recent if row and row[-1].at >= newest - STALE * row[-1].interval]


def _at(traces: Sequence[list[tuple[float, float]]], time: float) -> float:
    """Give until when all gateways were covered, as it was known at a time."""
    return min(max((until for at, until in trace if at <= time), default=trace[0][1]) for trace in traces)


def _trace(row: Sequence[Delta], flush: float) -> list[tuple[float, float]]:
    """Give (time, until when this gateway's answers were timed by then), delta by delta.

    `owed` are answers that no merge has had. One that is still being sent is counted, and timed when it ends: after two
    merges in vain, what is owed and what is active are the same. A merge within a delta speaks for what was before it.
    """
    until, owed, found = row[0].at - row[0].interval, 0, []
    for delta in row:
        if delta.timed:
            owed = max(0, delta.requests - max(0, delta.timed - owed))
            until = delta.at - delta.interval
        else:
            owed += delta.requests
        idle = (
            delta.timed is not None
            and delta.at - until > 2 * max(flush, delta.interval)
            and owed <= (delta.active or 0)
        )
        if idle or not (owed or (delta.timed and delta.requests)):
            until = delta.at
        found.append((delta.at, until))
    return found
