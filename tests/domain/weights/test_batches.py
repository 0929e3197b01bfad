"""The batches of a walk towards a share: each is safe whatever part of it a vendor applies, and fits the vendor."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.domain.model.balancer import Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.weights.floors import floor, safe_lowers
from migrator.domain.weights.planner import next_chunk, pending, wanted
from migrator.domain.weights.usual import usual
from tests.domain.grounds import Ground, applied, chunks, grounds, new_backend, old_backend, parts

BOUNDED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_raises_are_confirmed_before_the_only_carrier_is_lowered() -> None:
    ground = Ground((100,), 1)

    (_, first), (_, second) = chunks(ground.pools(), (Weighted(old_backend(0), 0), Weighted(new_backend(0), 100)))

    assert [row.backend for row in first] == [new_backend(0)]
    assert [row.backend for row in second] == [old_backend(0)]


def test_nothing_is_lowered_while_the_raised_backend_is_not_healthy() -> None:
    old, new = Target(old_backend(0), 100, Health.HEALTHY), Target(new_backend(0), 100, Health.PENDING)
    pools = Pools((Row(old, Side.OLD), Row(new, Side.NEW)))

    assert next_chunk(pools, (Weighted(old.backend, 0),)) == ()


def test_on_the_way_back_nothing_is_taken_from_the_old_side_while_the_new_one_cannot_be_lowered() -> None:
    """Old has 300 but is sick, new has 30: lowering old to its recorded 30 first would send half of it all to new."""
    old, new = Target(old_backend(0), 90, Health.UNHEALTHY), Target(new_backend(0), 30, Health.HEALTHY)
    pools = Pools((Row(old, Side.OLD), Row(new, Side.NEW)))

    assert next_chunk(pools, (Weighted(old.backend, 30), Weighted(new.backend, 0))) == ()


def test_a_vendor_that_takes_one_listener_gets_one_listener_a_batch() -> None:
    pools = _two_listeners(several=False)
    rows = tuple(Weighted(row.backend, 100) for row in pools.of(Side.NEW))

    walked = chunks(pools, rows)

    assert [{row.backend.listener for row in chunk} for _, chunk in walked] == [{"a"}, {"b"}]


def test_a_listener_where_nothing_is_safe_does_not_hold_up_the_other() -> None:
    pools = _two_listeners(several=False, sick="a")
    rows = tuple(Weighted(row.backend, 0) for row in pools.of(Side.OLD))
    pools = applied(pools, (Weighted(new_backend(0, "b"), 100),))

    assert [row.backend.listener for row in next_chunk(pools, rows)] == ["b"]


def test_no_listener_with_a_safe_write_means_no_batch() -> None:
    pools = _two_listeners(several=False, sick="a")

    assert next_chunk(pools, tuple(Weighted(row.backend, 0) for row in pools.of(Side.OLD))) == ()
    assert next_chunk(pools, ()) == ()


def _two_listeners(several: bool, sick: str = "") -> Pools:
    rows = []
    for name in ("a", "b"):
        health = Health.UNHEALTHY if name == sick else Health.HEALTHY
        rows.append(Row(Target(old_backend(0, name), 100, Health.HEALTHY), Side.OLD))
        rows.append(Row(Target(new_backend(0, name), 0, health), Side.NEW))
    return Pools(tuple(rows), Capabilities(several_listeners=several))


def test_rows_that_are_not_there_are_not_pending() -> None:
    ground = Ground((100,), 1)

    assert pending(ground.pools(), (Weighted(new_backend(7), 5),)) == ()


@BOUNDED
@given(grounds(most=4), st.data())
def test_the_floor_is_the_least_that_any_part_of_a_batch_can_leave(ground: Ground, data: st.DataObject) -> None:
    pools = ground.pools()
    rows = tuple(Weighted(row.backend, data.draw(st.integers(0, ground.top))) for row in pools.rows)[:6]
    least = min(sum(row.carrying for row in applied(pools, part).rows) for part in parts(rows))

    assert floor(pools, {row.backend: row.weight for row in rows})["l-1"] == least


@pytest.mark.parametrize("share", [10.0, 33.3, 50.0, 90.0])
def test_a_thousand_to_a_thousand_get_their_share_in_batches_of_the_vendor(share: float) -> None:
    ground = Ground(tuple(100 for _ in range(1000)), 1000)
    pools = ground.pools(batch=100)

    split = wanted(pools, ground.originals, share)

    assert abs(split.achieved - share) <= 0.2
    assert len(next_chunk(pools, split.rows)) == 100


def test_the_last_that_carries_is_never_lowered_and_a_part_that_is_safe_is_given() -> None:
    pools = Ground((100, 60), 0).pools()
    lowers = tuple(Weighted(old_backend(number), 0) for number in range(2))

    assert safe_lowers(pools, lowers) == lowers[:1]
    assert next_chunk(pools, lowers) == ()
    assert safe_lowers(pools, (Weighted(old_backend(0), 0), Weighted(old_backend(1), 1))) == (
        Weighted(old_backend(0), 0),
        Weighted(old_backend(1), 1),
    )


@pytest.mark.parametrize(
    ("weights", "otherwise", "found"),
    [
        pytest.param((5, 5, 9), 0, 5, id="the commonest"),
        pytest.param((5, 9), 0, 9, id="the larger of two as common"),
        pytest.param((5, 9), 5, 5, id="the preferred of two as common"),
        pytest.param((0, 0, 9), 3, 9, id="zeros left aside"),
        pytest.param((0,), 3, 3, id="none has any"),
    ],
)
def test_whoever_comes_gets_the_usual_weight(weights: tuple[int, ...], otherwise: int, found: int) -> None:
    assert usual(weights, otherwise) == found
