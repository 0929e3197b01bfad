"""Batches of one vendor call that keep rule 1: what may be registered, removed and lowered together. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.domain.model.balancer import Backend, Capabilities, Pools, Scope, Weighted
from migrator.domain.observation.sighting import Sighting
from migrator.domain.weights.floors import safe_lowers


def one_batch(backends: tuple[Backend, ...], capabilities: Capabilities) -> tuple[Backend, ...]:
    """Give as many of the backends as one vendor call may name: of one listener where it takes only one."""
    if not capabilities.several_listeners and backends:
        backends = tuple(b for b in backends if b.listener == backends[0].listener)
    return backends[: capabilities.batch]


def next_weights(pools: Pools, raises: Sequence[Weighted], lowers: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """Give the next batch: raises first, then as many lowers to 0 as leave every listener something healthy with weight.

    Lowers are counted against what carries now, so the batch is safe in any order and part (rule 1).
    """
    todo = (*raises, *safe_lowers(pools, lowers))
    if not pools.capabilities.several_listeners and todo:
        todo = tuple(row for row in todo if row.backend.listener == todo[0].backend.listener)
    return todo[: pools.capabilities.batch]


def is_pooled(seen: Sighting) -> bool:
    """Say whether weights are a pool's: then a backend joins and leaves with the weight that its pool has."""
    return seen[Pools].capabilities.weights_of is Scope.POOL
