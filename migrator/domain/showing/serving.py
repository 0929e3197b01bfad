"""What both sides served lately, gateway by gateway, for people who watch. Pure sums; no rule reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.domain.judging.window import added
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Buckets, Delta
from migrator.domain.observation.shown import Served
from migrator.domain.showing.percentiles import summed, times


def served(
    deltas: Iterable[Delta], start: float, end: float, timed: Sequence[tuple[float, Side, Buckets]] = ()
) -> Served:
    """Add up what ended in (start, end], and how long the answers took that were `timed` meanwhile."""
    by: dict[str, list[Delta]] = {}
    for delta in deltas:
        if start < delta.at <= end:
            by.setdefault(delta.gateway, []).append(delta)
    rates = tuple((name, added(rows)) for name, rows in sorted(by.items()))
    old, new = (times(summed(row for _, whose, row in timed if whose is side)) for side in (Side.OLD, Side.NEW))
    return Served(_seconds(by.values()), rates, old, new)


def _seconds(rows: Iterable[Sequence[Delta]]) -> float:
    """Give how many seconds the longest row of deltas covers: less than was asked for, where nobody has watched so long."""
    return max((sum(delta.interval for delta in row) for row in rows), default=0.0)
