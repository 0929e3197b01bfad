"""Weights for a share, and the next safe batch of them. Pure; knows ranges, active subsets and rule 1, and no vendor.

share = Σ new / (Σ old + Σ new + Σ foreign). `wanted` depends on which backends there are, never on their weights of the
moment, so it is the same split before, between and after the batches that lead to it. All shares of a run lie on one
path: first the new side grows beside an old side that stands, then the old side shrinks beside a new side that stands.
So no batch of a climb ever takes share from the new side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from migrator.domain.model.balancer import Backend, Pools, Scope, Side, Unit, Weighted
from migrator.domain.weights.floors import floor, safe_lowers
from migrator.domain.weights.usual import usual

GOOD = 0.2
"""Percentage points that a share may be off."""

FINE = 250
"""Sums of weights from which on one unit is never more than 2 * GOOD points."""

TRIES = 10_000
"""The most sums that are tried beside the path; backends enough for more are fine enough on it."""


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
    """What is given on one listener: original old weights, how many new backends, foreign weight, the range."""

    old: tuple[int, ...]
    new: int
    foreign: int
    top: int

    @property
    def most(self) -> _Totals:
        """Give the largest sums; an old backend that had no weight never gets any."""
        return _Totals(sum(1 for weight in self.old if weight) * self.top, self.new * self.top)

    def share(self, totals: _Totals) -> float:
        whole = totals.old + totals.new + self.foreign
        return 100.0 * totals.new / whole if whole else 0.0

    def allows(self, totals: _Totals) -> bool:
        """Say whether totals are in range and no new backend gets more than its share at 100 %."""
        if not (0 < totals.new <= self.most.new and 0 < totals.old <= self.most.old):
            return False
        heaviest = -(-totals.new // self.new)
        return heaviest * (self.most.new + self.foreign) <= self.top * (totals.old + totals.new + self.foreign)


def wanted(pools: Pools, originals: Sequence[Weighted], share: float) -> Split:
    """Give the weights for `share` percent on the new side, on every listener.

    0 gives the recorded originals exactly, 100 the old side at 0. The old side keeps its originals while the new one
    grows, unless they are too coarse; then it is scaled first. Where the integers are too coarse for a common path, or
    would give one new backend more than its share at 100 %, other sums are tried, with only a subset of the new side.
    """
    recorded = {row.backend: row.weight for row in originals}
    rows: list[Weighted] = []
    shares: list[float] = []
    for listener in pools.listeners:
        units = pools.units(listener)
        old, new = ([unit for unit in units if unit.side is side] for side in Side)
        before = tuple(_recorded(unit, recorded) for unit in old)
        foreign = sum(unit.weight for unit in units if unit.side is None)
        ground = _Ground(before, len(new), foreign, pools.capabilities.weight_max)
        totals = _totals(ground, share)
        rows += _rows(old, _spread(before, totals.old, ground.top))
        rows += _rows(new, _spread((1,) * len(new), totals.new, ground.top))
        shares.append(ground.share(totals))
    return Split(tuple(rows), max(shares, default=0.0), min(shares, default=0.0))


def _rows(units: Iterable[Unit], weights: Iterable[int]) -> list[Weighted]:
    return [Weighted(each, weight) for unit, weight in zip(units, weights, strict=True) for each in unit.backends]


def _recorded(unit: Unit, recorded: Mapping[Backend, int]) -> int:
    """Give the weight that is recorded for a unit: in a pool any backend that was there then knows it.

    One that came since has what most of its listener's have; its own weight of the moment says nothing.
    """
    known = [recorded[backend] for backend in unit.backends if backend in recorded]
    if known:
        return max(known)
    others = [weight for each, weight in recorded.items() if each.listener == unit.backends[0].listener]
    return usual(others) if others else unit.weight


def _totals(ground: _Ground, share: float) -> _Totals:
    if share <= 0 or not ground.new:
        return _Totals(sum(ground.old), 0)
    if not sum(ground.old):
        return _Totals(0, ground.most.new)
    corner = _corner(ground)
    if share >= 100:
        return _Totals(0, corner.new)
    best: _Totals | None = None
    for totals in chain((_on_path(ground, corner, share),), _near(ground, corner, share)):
        if not ground.allows(totals):
            continue
        if abs(ground.share(totals) - share) <= GOOD:
            return totals
        if best is None or abs(ground.share(totals) - share) < abs(ground.share(best) - share):
            best = totals
    return best or _Totals(corner.old, 1)


def _corner(ground: _Ground) -> _Totals:
    """Give where the path turns: both sides at full weight. The originals if they are fine enough, else scaled.

    Foreign weight cannot be lowered, so beside it the new side needs its whole range to come nearest to 100 %.
    """
    heaviest, total = max(ground.old), sum(ground.old)
    scales = [_Totals(total * k, ground.new * heaviest * k) for k in (1, ground.top // heaviest)]
    if ground.foreign:
        scales = [_Totals(scale.old, ground.most.new) for scale in scales]
    fineness = [min(scale.old, scale.new) + ground.foreign for scale in (*scales, ground.most)]
    chosen = next((i for i, fine in enumerate(fineness) if fine >= max(FINE, ground.new)), None)
    return (*scales, ground.most)[fineness.index(max(fineness)) if chosen is None else chosen]


def _on_path(ground: _Ground, corner: _Totals, share: float) -> _Totals:
    """Give the point of the path for a share: the new side grows up to the corner, then the old side shrinks."""
    new = round((corner.old + ground.foreign) * share / (100 - share))
    if new <= corner.new:
        return _Totals(corner.old, max(1, new))
    return _Totals(max(1, round(corner.new * (100 - share) / share) - ground.foreign), corner.new)


def _near(ground: _Ground, corner: _Totals, share: float) -> Iterable[_Totals]:
    """Try every sum of the new side that the range of the old one can match, the nearest to the path first."""
    start = _on_path(ground, corner, share).new
    most = min(ground.most.new, int((ground.most.old + ground.foreign) * share / (100 - share)) + 1)
    least = max(1, int(ground.foreign * share / (100 - share)))
    for away in range(min(TRIES, max(start - least, most - start) + 1)):
        for new in {start - away, start + away}:
            ideal = new * (100 - share) / share - ground.foreign
            yield from (_Totals(int(ideal), new), _Totals(int(ideal) + 1, new))


def _spread(parts: Sequence[int], total: int, top: int) -> list[int]:
    """Share `total` out in proportion to `parts`, none above `top`, exact when it is their sum.

    By Webster's method (odd divisors): a larger total never gives a part less, as the largest remainder would.
    """
    alike = Counter(parts)  # a thousand backends have a handful of weights
    low, high = 0.0, float(top + 1)
    for _ in range(64):
        middle = (low + high) / 2
        seats = sum(count * _seats(part, middle, top) for part, count in alike.items())
        low, high = (middle, high) if seats <= total else (low, middle)
        if seats == total:  # as seats only grow with it, every divisor that gives so many in all gives each the same
            break
    given = [_seats(part, low, top) for part in parts]
    room = sorted(
        (i for i, part in enumerate(parts) if part and given[i] < top), key=lambda i: (given[i] + 0.5) / parts[i]
    )
    for i in room[: total - sum(given)]:
        given[i] += 1
    return given


def _seats(part: int, each: float, top: int) -> int:
    return min(top, int(part * each + 0.5))


def pending(pools: Pools, rows: Iterable[Weighted]) -> tuple[Weighted, ...]:
    """Give the wanted rows that the balancer does not have yet."""
    now = pools.weights()
    return tuple(row for row in rows if now.get(row.backend) not in (None, row.weight))


def next_chunk(pools: Pools, rows: Iterable[Weighted]) -> tuple[Weighted, ...]:
    """Give the next batch towards `rows` that keeps rule 1 whatever part of it is applied; () when none is safe now.

    What leads to no pod any more is taken down before all else: it carries nothing, or soon will not.
    On each listener whatever takes share from the new side comes first, so that on the way up the share never runs
    ahead of what was asked for, and on the way back it only falls. Raises come before lowers, and lowers go only as far
    as the backends that keep their weight throughout can carry: raise, confirm (a later look), lower. At most one
    vendor batch, of one listener where the vendor takes only one. Pools of a listener change together, in one write.
    """
    now = pools.weights()
    if pools.capabilities.weights_of is Scope.POOL:
        return _whole_listener(pools, pending(pools, rows))
    todo = _in_order(pools, pending(pools, rows))
    if not pools.capabilities.several_listeners and todo:
        todo = _of_one_listener(pools, todo)
    raises = [row for row in todo if row.weight > now[row.backend]]
    lowers = [row for row in todo if row.weight < now[row.backend]]
    batch = pools.capabilities.batch
    chunk = raises[:batch]
    if len(raises) < batch:
        chunk += _all_or_none(pools, lowers)[: batch - len(raises)]
    return tuple(chunk)


def _whole_listener(pools: Pools, todo: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """Give all that is to be written on the first listener that keeps a healthy pool with weight, or has none anyway."""
    for listener in pools.listeners:
        here = tuple(row for row in todo if row.backend.listener == listener)
        left = floor(pools, {row.backend: row.weight for row in here})[listener]
        if here and (left > 0 or not any(row.answering for row in pools.rows if row.backend.listener == listener)):
            return here
    return ()


def _in_order(pools: Pools, todo: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """Give the rows that may be written now: on a listener where share is to leave the new side, only those that do it."""
    now, side = pools.weights(), {row.backend: row.side for row in pools.rows}
    deserted = {row.backend for row in pools.rows if row.deserted}
    away = [row for row in todo if (row.weight > now[row.backend]) is (side[row.backend] is Side.OLD)]
    busy = {row.backend.listener for row in away}
    at_once = [row for row in todo if row.backend in deserted and row not in away]
    first = (*at_once, *away)
    return (*first, *(row for row in todo if row.backend.listener not in busy and row not in first))


def _of_one_listener(pools: Pools, todo: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """Give the rows of the first listener on which something safe can be done."""
    now = pools.weights()
    for listener in pools.listeners:
        here = tuple(row for row in todo if row.backend.listener == listener)
        if any(row.weight > now[row.backend] for row in here) or _all_or_none(pools, here):
            return here
    return ()


def _all_or_none(pools: Pools, lowers: Sequence[Weighted]) -> list[Weighted]:
    """Give the lowers of the listeners on which all of them are safe together: a part of them would run ahead of the raises."""
    kept = safe_lowers(pools, lowers)
    short = {row.backend.listener for row in lowers if row not in kept}
    return [row for row in lowers if row.backend.listener not in short]
