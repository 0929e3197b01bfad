"""What must go on carrying a listener while weights change (rule 1): the least that can stand, and which lowers leave some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrator.domain.model.balancer import Backend, Pools, Scope, Weighted


def floor(pools: Pools, changes: Mapping[Backend, int]) -> dict[str, int]:
    """Give per listener the least carrying weight that can stand while `changes` are applied in any order or part.

    What is deserted does not count: it may be gone by then. Where weights are a pool's, a listener's change as one: only
    what stands afterwards counts.
    """
    least = dict.fromkeys(pools.listeners, 0)
    at_once = pools.capabilities.weights_of is Scope.POOL
    for row in pools.rows:
        after = changes.get(row.backend, row.weight)
        solid = row.fit and not row.deserted
        least[row.backend.listener] += after * solid if at_once else min(row.carrying, after)
    return least


def safe_lowers(pools: Pools, lowers: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """Give the lowers, in their order, that are safe together in any order and part; the last that carries on a listener is
    never one. Each backend is lowered by itself, as a member of a pool is that leaves it."""
    carrying = {row.backend: row.carrying for row in pools.rows}
    left = dict.fromkeys(pools.listeners, 0)
    for backend, weight in carrying.items():
        left[backend.listener] += weight
    kept = []
    for each in lowers:
        listener, lost = each.backend.listener, max(0, carrying[each.backend] - each.weight)
        if left[listener] - lost > 0:
            left[listener] -= lost
            kept.append(each)
    return tuple(kept)
