"""Backends of neither side that have weight: they take a share of the clients that nobody planned, and nobody judges them."""

from __future__ import annotations

from collections.abc import Collection

from migrator.domain.messages.findings import Finding, block
from migrator.domain.model.balancer import Backend, Pools


def foreign_rows(pools: Pools, known: Collection[Backend]) -> tuple[Finding, ...]:
    """Give a finding for each; `known` are those that the plan has seen, and that were accepted with it."""
    return tuple(
        block("drift.foreign-row", str(row.backend), weight=row.weight, health=row.target.health.value)
        for row in pools.of(None)
        if row.weight and row.backend not in known
    )
