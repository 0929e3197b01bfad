"""Weights that belong to pools: one write a listener, exact shares whatever the numbers, rule 1 before and after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Scope, Side, Target, Weighted
from migrator.domain.turn.invariants import violations
from migrator.domain.weights.floors import floor
from migrator.domain.weights.planner import next_chunk, pending, wanted
from tests.domain.grounds import chunks, foreign_backend, new_backend, old_backend
from tests.domain.seen import seen

BOUNDED = settings(max_examples=60, deadline=None)
OF_POOLS = Capabilities(weight_max=999, batch=2, several_listeners=False, weights_of=Scope.POOL)
SHARES = st.floats(0.2, 99.8) | st.integers(1, 99).map(float)
CLIMBS = st.lists(SHARES, max_size=4).map(lambda found: [*sorted(found), 100.0])
TOO_FAR = 0.2


@dataclass(frozen=True, slots=True)
class Ground:
    """Listeners with a pool a side: how many backends each has, the old one's recorded weight, strangers in it."""

    old: int
    new: int
    recorded: int = 1
    strangers: int = 0
    listeners: tuple[str, ...] = ("l-1",)

    @property
    def originals(self) -> tuple[Weighted, ...]:
        """Give what the plan recorded of the old side."""
        return tuple(Weighted(old_backend(i, name), self.recorded) for name in self.listeners for i in range(self.old))

    def pools(self) -> Pools:
        """Give the balancer as it is before the run."""
        rows = []
        for name in self.listeners:
            old = [(old_backend(i, name), Side.OLD) for i in range(self.old)]
            odd = [(foreign_backend(i, name), None) for i in range(self.strangers)]
            rows += [row(backend, self.recorded, side, f"{name} old") for backend, side in (*old, *odd)]
            rows += [row(new_backend(i, name), 0, Side.NEW, f"{name} new") for i in range(self.new)]
        return Pools(tuple(rows), OF_POOLS)


GROUNDS = st.builds(
    Ground,
    st.integers(1, 5),
    st.integers(1, 5),
    st.integers(1, 999),
    st.integers(0, 2),
    st.sampled_from((("l-1",), ("l-1", "l-2"))),
)


def row(backend: Backend, weight: int, side: Side | None, pool: str, health: Health = Health.HEALTHY) -> Row:
    """Give a row of a pool."""
    return Row(Target(backend, weight, health, pool=pool), side)


def written(pools: Pools, rows: tuple[Weighted, ...]) -> Pools:
    """Give the pools after a write: every backend of a named pool has its weight, strangers too."""
    side = {each.backend: each for each in pools.rows}
    given = {(r.backend.listener, side[r.backend].target.pool): r.weight for r in rows}
    return Pools(
        tuple(
            Row(replace(r.target, weight=given.get((r.backend.listener, r.target.pool), r.weight)), r.side)
            for r in pools.rows
        ),
        pools.capabilities,
    )


@BOUNDED
@given(GROUNDS, SHARES)
def test_a_share_is_met_whatever_the_numbers_of_backends_are(ground: Ground, share: float) -> None:
    split = wanted(ground.pools(), ground.originals, share)

    assert abs(split.achieved - share) <= TOO_FAR
    assert written(ground.pools(), split.rows).share() == pytest.approx(split.achieved)


@BOUNDED
@given(GROUNDS, CLIMBS)
def test_a_share_takes_one_write_a_listener_which_names_whole_pools_and_breaks_no_rule(
    ground: Ground, climb: list[float]
) -> None:
    pools = ground.pools()
    for share in [*climb, 0.0]:
        rows = wanted(pools, ground.originals, share).rows
        writes = []
        for _ in ground.listeners:
            if not pending(pools, rows):
                break
            writes.append(chunk := next_chunk(pools, rows))
            assert violations(SetWeights(chunk), seen(pools)) == []
            pools = written(pools, chunk)

        assert pending(pools, rows) == ()
        assert all(len({each.backend.listener for each in chunk}) == 1 for chunk in writes)


@BOUNDED
@given(GROUNDS, CLIMBS)
def test_the_new_share_only_rises_on_the_way_up_and_every_listener_keeps_a_pool_with_weight(
    ground: Ground, climb: list[float]
) -> None:
    pools, before = ground.pools(), 0.0
    for share in climb:
        pools = written(pools, wanted(pools, ground.originals, share).rows)
        found = pools.share()

        assert found is not None
        assert found >= before
        assert all(carrying > 0 for carrying in floor(pools, {}).values())
        before = found


@BOUNDED
@given(GROUNDS, SHARES)
def test_the_way_back_restores_the_recorded_weight_exactly_even_with_other_pods_in_the_pool(
    ground: Ground, share: float
) -> None:
    """An old pool's pods may all have been replaced since the plan: its weight is remembered by those that were."""
    pools = written(ground.pools(), wanted(ground.pools(), ground.originals, share).rows)
    replaced = tuple(
        row(Backend(r.backend.listener, f"10.7.0.{at}", 8080), r.weight, r.side, r.target.pool) if r.side else r
        for at, r in enumerate(pools.rows)
        if r.side is not Side.NEW
    )
    later = Pools((*replaced, *pools.of(Side.NEW)), pools.capabilities)

    rows = {each.backend: each.weight for each in wanted(later, ground.originals, 0.0).rows}

    assert {rows[r.backend] for r in later.of(Side.OLD)} == {ground.recorded}
    assert {rows[r.backend] for r in later.of(Side.NEW)} == {0}


def test_pools_of_a_listener_change_in_one_write_while_backends_would_take_two() -> None:
    pools = Ground(1, 1).pools()
    apart = replace(pools, capabilities=replace(OF_POOLS, weights_of=Scope.BACKEND))
    rows = (Weighted(old_backend(0), 0), Weighted(new_backend(0), 999))

    assert next_chunk(pools, rows) == rows
    assert [len(chunk) for _, chunk in chunks(apart, rows)] == [1, 1]


def test_nothing_is_written_that_would_leave_a_listener_to_a_pool_without_a_healthy_backend() -> None:
    old = row(old_backend(0), 1, Side.OLD, "old")
    new = row(new_backend(0), 0, Side.NEW, "new", Health.PENDING)
    other = (row(old_backend(0, "l-2"), 1, Side.OLD, "old"), row(new_backend(0, "l-2"), 0, Side.NEW, "new"))
    pools = Pools((old, new, *other), OF_POOLS)
    away = (Weighted(old.backend, 0), Weighted(new.backend, 999))
    also = tuple(Weighted(each.backend, each.weight ^ 1) for each in other)

    assert next_chunk(pools, away) == ()
    assert next_chunk(pools, (*away, *also)) == also
    assert any(broken.code == "rule.listener-empty" for broken in violations(SetWeights(away), seen(pools)))


def test_a_listener_that_nobody_carries_anyway_may_be_written() -> None:
    old = row(old_backend(0), 0, Side.OLD, "old", Health.PENDING)
    pools = Pools((old, row(new_backend(0), 9, Side.NEW, "new", Health.UNHEALTHY)), OF_POOLS)
    back = (Weighted(old.backend, 1), Weighted(new_backend(0), 0))

    assert next_chunk(pools, back) == back


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param(((0, 5),), id="a part of a pool"),
        pytest.param(((0, 5), (1, 6)), id="two weights for one pool"),
    ],
)
def test_a_pool_has_one_weight_and_is_named_as_one(pairs: tuple[tuple[int, int], ...]) -> None:
    pools = Ground(2, 1).pools()
    action = SetWeights(tuple(Weighted(old_backend(at), weight) for at, weight in pairs))

    assert violations(action, seen(pools))[0].code == "rule.pool-split"


def test_weights_of_pools_may_name_more_rows_than_a_batch_of_registrations() -> None:
    pools = Ground(5, 1).pools()
    action = SetWeights(tuple(Weighted(each.backend, 7) for each in pools.of(Side.OLD)))

    assert len(action.rows) > OF_POOLS.batch
    assert violations(action, seen(pools)) == []


def test_a_pool_of_strangers_counts_in_the_share_and_a_stranger_in_our_pool_does_not_count_twice() -> None:
    ground = Ground(1, 1, recorded=50, strangers=1)
    theirs = row(foreign_backend(9), 50, None, "theirs")
    pools = Pools((*ground.pools().rows, theirs), OF_POOLS)

    assert pools.share(Side.OLD) == 50.0
    assert abs(wanted(pools, ground.originals, 25.0).achieved - 25.0) <= TOO_FAR
