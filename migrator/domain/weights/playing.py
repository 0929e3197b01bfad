"""Weights played through in thought: what stands after every chunk, and how many writes that takes. Nothing is written."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.balancer import Pools, Row, Weighted
from migrator.domain.weights.planner import next_chunk, pending

MOST_WRITES = 1000


def played(now: Pools, rows: tuple[Weighted, ...]) -> tuple[Pools, int]:
    """Apply chunk after chunk in thought, and count them."""
    for writes in range(MOST_WRITES):
        if not pending(now, rows):
            return now, writes
        weights = {row.backend: row.weight for row in next_chunk(now, rows)}
        now = Pools(
            tuple(Row(replace(r.target, weight=weights.get(r.backend, r.weight)), r.side) for r in now.rows),
            now.capabilities,
        )
    return now, MOST_WRITES
