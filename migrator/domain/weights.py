"""Weights for a share, and the next safe batch of them. Pure; knows ranges, active subsets and rule 1, and no vendor.

share = Σ new / (Σ old + Σ new + Σ foreign). `wanted` depends on which backends there are, never on their weights of the
moment, so it is the same target before, between and after the batches that lead to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from migrator.domain.pools import Backend, Pools, Row, Side, Weighted

GOOD = 0.1
"""Percentage points that are not worth changing more rows for."""


@dataclass(frozen=True, slots=True)
class Split:
    """The rows to have (every row of both sides) and the largest and smallest share any listener gets from them."""

    rows: tuple[Weighted, ...]
    achieved: float
    low: float


@dataclass(frozen=True, slots=True)
class _Totals:
    """The sums of both sides on one listener."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is given on one listener: original old weights, how many new, foreign weight, the range, the full weight."""

    old: tuple[int, ...]
    new: int
    foreign: int
    top: int

    @property
    def full(self) -> int:
        """Give the weight of a new backend at 100 %: what the heaviest old one had, else the top of the range."""
        return max(self.old, default=0) or self.top

    def share(self, totals: _Totals) -> float:
        whole = totals.old + totals.new + self.foreign
        return 100.0 * totals.new / whole if whole else 0.0

    def allows(self, totals: _Totals) -> bool:
        """Say whether totals are in range and no active new backend gets more than its share at 100 %."""
        if not (0 < totals.new <= self.new * self.top and 0 < totals.old <= len(self.old) * self.top):
            return False
        heaviest = -(-totals.new // self.new)
        return heaviest * self.new <= totals.old + totals.new + self.foreign


def wanted(pools: Pools, originals: Sequence[Weighted], share: float) -> Split:
    """Give the weights for `share` percent on the new side, on every listener.

    0 gives the recorded originals exactly, 100 the new side at full weight and the old at 0. In between the old side
    keeps its originals wherever that is near enough; otherwise both sides are scaled and, where the integers are too
    coarse, only a subset of the new side is active.
    """
    recorded = {row.backend: row.weight for row in originals}
    rows: list[Weighted] = []
    shares: list[float] = []
    for listener in pools.listeners:
        old, new = pools.of(Side.OLD, listener), pools.of(Side.NEW, listener)
        before = tuple(recorded.get(row.backend, row.weight) for row in old)
        foreign = sum(row.weight for row in pools.of(None, listener))
        ground = _Ground(before, len(new), foreign, pools.capabilities.weight_max)
        totals = _totals(ground, share)
        rows += _rows(old, _spread(before, totals.old, ground.top))
        rows += _rows(new, _spread((1,) * len(new), totals.new, ground.top))
        shares.append(ground.share(totals))
    return Split(tuple(rows), max(shares, default=0.0), min(shares, default=0.0))


def _rows(rows: Iterable[Row], weights: Iterable[int]) -> list[Weighted]:
    return [Weighted(row.backend, weight) for row, weight in zip(rows, weights, strict=True)]


def _totals(ground: _Ground, share: float) -> _Totals:
    if share <= 0 or not ground.new:
        return _Totals(sum(ground.old), 0)
    if share >= 100 or not sum(ground.old):
        return _Totals(0, ground.new * ground.full)
    best: _Totals | None = None
    for totals in chain(_keeping_old(ground, share), _even_new(ground, share), _any(ground, share)):
        if not ground.allows(totals):
            continue
        miss = abs(ground.share(totals) - share)
        if miss <= GOOD:
            return totals
        if best is None or miss < abs(ground.share(best) - share):
            best = totals
    return best or _Totals(max(1, sum(ground.old)), 1)


def _keeping_old(ground: _Ground, share: float) -> Iterable[_Totals]:
    """Leave the old side alone and give the new side what is missing: the fewest rows change."""
    rest = sum(ground.old) + ground.foreign
    ideal = rest * share / (100 - share)
    yield from (_Totals(sum(ground.old), new) for new in _around(ideal))


def _even_new(ground: _Ground, share: float) -> Iterable[_Totals]:
    """Give every new backend the same weight and scale the old side to it; near the full weight first."""
    weights = sorted(range(1, ground.top + 1), key=lambda weight: (abs(weight - ground.full), weight))
    for weight in weights:
        yield from _scaled_old(ground, share, weight * ground.new)


def _any(ground: _Ground, share: float) -> Iterable[_Totals]:
    """Try every sum of the new side, which implies active subsets and uneven rows; the large sums are the fine ones."""
    for new in range(ground.new * ground.top, 0, -1):
        yield from _scaled_old(ground, share, new)


def _scaled_old(ground: _Ground, share: float, new: int) -> Iterable[_Totals]:
    ideal = new * (100 - share) / share - ground.foreign
    return (_Totals(old, new) for old in _around(ideal))


def _around(ideal: float) -> tuple[int, int]:
    return int(ideal), int(ideal) + 1


def _spread(parts: Sequence[int], total: int, top: int) -> list[int]:
    """Share `total` out in proportion to `parts` by largest remainder, none above `top`; exact when it is their sum."""
    if total == sum(parts):
        return list(parts)
    whole = sum(parts)
    ideal = [total * part / whole for part in parts]
    given = [min(top, int(value)) for value in ideal]
    order = sorted(range(len(parts)), key=lambda i: given[i] - ideal[i])
    left = total - sum(given)
    while left > 0:
        room = [i for i in order if given[i] < top]
        for i in room[:left]:
            given[i] += 1
        left = total - sum(given)
    return given


def pending(pools: Pools, rows: Iterable[Weighted]) -> tuple[Weighted, ...]:
    """Give the wanted rows that the balancer does not have yet."""
    now = pools.weights()
    return tuple(row for row in rows if now.get(row.backend) not in (None, row.weight))


def next_chunk(pools: Pools, rows: Iterable[Weighted]) -> tuple[Weighted, ...]:
    """Give the next batch towards `rows` that keeps rule 1 whatever part of it is applied; () when none is safe now.

    Raises come first and lowers only as far as the backends that keep their weight throughout can carry: raise,
    confirm (a later look), lower. At most one vendor batch, of one listener where the vendor takes only one.
    """
    now = pools.weights()
    todo = pending(pools, rows)
    if not pools.capabilities.several_listeners and todo:
        todo = _of_one_listener(pools, todo)
    raises = [row for row in todo if row.weight > now[row.backend]]
    lowers = [row for row in todo if row.weight < now[row.backend]]
    batch = pools.capabilities.batch
    chunk = raises[:batch]
    if len(raises) < batch:
        chunk += _safe_lowers(pools, lowers)[: batch - len(raises)]
    return tuple(chunk)


def _of_one_listener(pools: Pools, todo: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """Give the rows of the first listener on which something safe can be done."""
    now = pools.weights()
    for listener in pools.listeners:
        here = tuple(row for row in todo if row.backend.listener == listener)
        if any(row.weight > now[row.backend] for row in here) or _safe_lowers(pools, here):
            return here
    return ()


def _safe_lowers(pools: Pools, lowers: Sequence[Weighted]) -> list[Weighted]:
    """Give the lowers of the listeners that stay above zero when all of them are applied and no raise is."""
    kept = floor(pools, {row.backend: row.weight for row in lowers})
    return [row for row in lowers if kept[row.backend.listener] > 0]


def floor(pools: Pools, changes: Mapping[Backend, int]) -> dict[str, int]:
    """Give per listener the least carrying weight that can stand while `changes` are applied in any order or part."""
    least = dict.fromkeys(pools.listeners, 0)
    for row in pools.rows:
        after = changes.get(row.backend, row.weight)
        least[row.backend.listener] += min(row.carrying, after)
    return least
