"""How long answers took, out of a histogram that counts them by buckets. Pure; what was not timed has no percentile.

The buckets are cumulative, as Envoy and Prometheus have them: how many answers took at most so many seconds.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.samples import Buckets
from migrator.domain.observation.shown import Times


def grown(was: Buckets, now: Buckets) -> Buckets:
    """Give what was timed between two readings of one gateway; one that was restarted meanwhile begins at 0."""
    before = dict(was)
    if any(count < before.get(edge, 0) for edge, count in now):
        return now
    return tuple((edge, count - before.get(edge, 0)) for edge, count in now)


def summed(many: Iterable[Buckets]) -> Buckets:
    """Add histograms up. Those of one kind of gateway have the same edges; an edge that one lacks is left out of the sum."""
    rows = [dict(each) for each in many if each]
    edges = set.intersection(*(set(row) for row in rows)) if rows else set()
    return tuple((edge, sum(row[edge] for row in rows)) for edge in sorted(edges))


def times(buckets: Buckets) -> Times:
    """Give the median and the 99th percentile."""
    return Times(_at(buckets, 0.5), _at(buckets, 0.99))


def _at(buckets: Buckets, part: float) -> float | None:
    """Give the seconds within which so great a part was answered: straight through its bucket, as Prometheus does."""
    wanted = part * buckets[-1][1] if buckets else 0.0
    if not wanted:
        return None
    pairs = zip(((0.0, 0), *buckets), buckets, strict=False)
    (low, below), (edge, count) = next(pair for pair in pairs if pair[1][1] >= wanted)
    return low + (edge - low) * (wanted - below) / (count - below)
