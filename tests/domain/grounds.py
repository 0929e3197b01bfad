"""Balancers to plan weights on, a way to apply batches to them in thought, and what brute force would have found."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.weights.planner import next_chunk, pending

MOST_CHUNKS = 60


@dataclass(frozen=True, slots=True)
class Ground:
    """One listener: the old side's recorded weights, how many new backends, foreign weights, the largest weight."""

    old: tuple[int, ...]
    new: int
    foreign: tuple[int, ...] = ()
    top: int = 100

    @property
    def originals(self) -> tuple[Weighted, ...]:
        """Give what the plan recorded of the old side."""
        return tuple(Weighted(old_backend(i), weight) for i, weight in enumerate(self.old))

    def pools(self, batch: int = 500, health: Health = Health.HEALTHY) -> Pools:
        """Give the balancer as it is before the run: old at its recorded weights, new at 0."""
        rows = [Row(Target(row.backend, row.weight, health), Side.OLD) for row in self.originals]
        rows += [Row(Target(new_backend(i), 0, health), Side.NEW) for i in range(self.new)]
        rows += [Row(Target(foreign_backend(i), weight, health), None) for i, weight in enumerate(self.foreign)]
        return Pools(tuple(rows), Capabilities(weight_max=self.top, batch=batch))


def old_backend(index: int, listener: str = "l-1") -> Backend:
    """Give the backend of an old pod."""
    return Backend(listener, f"10.0.{index // 250}.{index % 250}", 8080)


def new_backend(index: int, listener: str = "l-1") -> Backend:
    """Give the backend of a node."""
    return Backend(listener, f"10.1.{index // 250}.{index % 250}", 80)


def foreign_backend(index: int, listener: str = "l-1") -> Backend:
    """Give somebody else's backend."""
    return Backend(listener, f"10.9.0.{index}", 80)


def grounds(most: int = 6, tops: Sequence[int] = (100, 256, 999), foreign: int = 2) -> st.SearchStrategy[Ground]:
    """Give grounds of at most `most` backends a side, at least one old one with weight."""

    def of(top: int) -> st.SearchStrategy[Ground]:
        weights = st.integers(0, top) | st.sampled_from((0, 1, 10, top))
        old = st.lists(weights, min_size=1, max_size=most).filter(any).map(tuple)
        others = st.lists(st.integers(0, top), max_size=foreign).map(tuple)
        return st.builds(Ground, old, st.integers(1, most), others, st.just(top))

    return st.sampled_from(tuple(tops)).flatmap(of)


def applied(pools: Pools, rows: Iterable[Weighted]) -> Pools:
    """Give the pools after these rows were written."""
    given = {row.backend: row.weight for row in rows}
    return Pools(
        tuple(Row(Target(r.backend, given.get(r.backend, r.weight), r.target.health), r.side) for r in pools.rows),
        pools.capabilities,
    )


def chunks(pools: Pools, rows: Sequence[Weighted]) -> list[tuple[Pools, tuple[Weighted, ...]]]:
    """Walk to `rows` and give each state with the batch that leaves it; it must end, and every batch must do something."""
    walked = []
    for _ in range(MOST_CHUNKS):
        if not pending(pools, rows):
            return walked
        chunk = next_chunk(pools, rows)
        assert chunk, "rows are pending, and no batch is safe"
        walked.append((pools, chunk))
        pools = applied(pools, chunk)
    raise AssertionError(f"not there after {MOST_CHUNKS} batches")


def extremes(pools: Pools, chunk: Sequence[Weighted]) -> tuple[float, float]:
    """Give the least and the largest share of the new side while any part of the batch is applied (one listener)."""
    now, side = pools.weights(), {row.backend: row.side for row in pools.rows}
    towards = [row for row in chunk if (row.weight > now[row.backend]) is (side[row.backend] is Side.NEW)]
    away = [row for row in chunk if row not in towards]
    return applied(pools, away).share() or 0.0, applied(pools, towards).share() or 0.0


def heaviest(pools: Pools) -> float:
    """Give the largest percent that a single new backend gets."""
    whole = sum(row.weight for row in pools.rows)
    return 100.0 * max(row.weight for row in pools.of(Side.NEW)) / whole


def nearest_by_force(ground: Ground, share: float) -> float | None:
    """Try every sum of both sides; give the least miss in points that the limits allow, None where they allow nothing."""
    foreign, bearing = sum(ground.foreign), sum(1 for weight in ground.old if weight)
    most = ground.top / (ground.new * ground.top + foreign)
    best: float | None = None
    for new in range(1, ground.new * ground.top + 1):
        ideal = new * (100 - share) / share - foreign
        for old in (int(ideal), int(ideal) + 1):
            whole = old + new + foreign
            if not 0 < old <= bearing * ground.top or -(-new // ground.new) / whole > most * (1 + 1e-12):
                continue
            miss = abs(100.0 * new / whole - share)
            best = miss if best is None else min(best, miss)
    return best


def parts(chunk: tuple[Weighted, ...]) -> list[tuple[Weighted, ...]]:
    """Give every part of a batch that a vendor could have applied when it stopped, none and all of it too."""
    return [part for size in range(len(chunk) + 1) for part in itertools.combinations(chunk, size)]
