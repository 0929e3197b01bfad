"""A row is out at weight 0, or by having left its pool; either way it is one write that takes it out or puts it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Scope, Side, Target, Weighted
from migrator.domain.steps.restarting.presence import as_seen, leaves, next_presence, put_back, silence, take_out

OWN = Capabilities(settle=2.0, drain_floor=30.0)
POOLED = replace(OWN, weights_of=Scope.POOL, several_listeners=False)
A, B = (Backend("l-1", f"10.1.0.{n}", 80, "g") for n in (1, 2))
C = Backend("l-2", "10.1.0.1", 80, "h")


def pools(can: Capabilities, *there: Backend, health: Health = Health.HEALTHY) -> Pools:
    return Pools(tuple(Row(Target(each, 100, health, pool=each.ref), Side.OLD) for each in there), can)


def weighted(*backends: Backend, weight: int = 100) -> tuple[Weighted, ...]:
    return tuple(Weighted(each, weight) for each in backends)


@pytest.mark.parametrize(
    ("can", "ins", "outs", "action"),
    [
        pytest.param(OWN, (), (A,), SetWeights(weighted(A, weight=0)), id="a weight of its own becomes 0"),
        pytest.param(OWN, (B,), (), SetWeights(weighted(B)), id="and comes back"),
        pytest.param(POOLED, (), (A,), Deregister((A,), standing=True), id="a member leaves"),
        pytest.param(
            POOLED, (B, C), (A,), Register((B,), standing=True), id="who comes is first, a listener at a time"
        ),
        pytest.param(POOLED, (), (A, B), Deregister((A,), standing=True), id="somebody stays behind each listener"),
        pytest.param(POOLED, (), (C,), None, id="the last one stays"),
        pytest.param(OWN, (), (), None, id="nothing is due"),
    ],
)
def test_the_next_write_takes_out_or_puts_back(
    can: Capabilities, ins: tuple[Backend, ...], outs: tuple[Backend, ...], action: object
) -> None:
    due = next_presence(pools(can, A, B, C), weighted(*ins), weighted(*outs, weight=0))

    assert (due.action if due else None) == action


def test_one_that_has_left_its_pool_is_seen_at_0_and_one_that_is_nowhere_else_is_not_seen() -> None:
    recorded = (*weighted(A, B), *weighted(C, weight=0))

    left = as_seen(recorded, pools(POOLED, A))
    assert [(row.backend, row.weight, row.target.pool, row.side) for row in left] == [
        (A, 100, "g", Side.OLD),
        (B, 0, "g", None),
    ]
    assert [row.backend for row in as_seen(recorded, pools(OWN, A))] == [A]


def test_who_has_left_a_pool_is_silent_later_than_one_without_weight() -> None:
    assert (leaves(OWN), silence(OWN)) == (False, 2.0)
    assert (leaves(POOLED), silence(POOLED)) == (True, 30.0)


def test_both_writes_name_every_row_whatever_is_there() -> None:
    rows = weighted(A, B)

    assert (put_back(rows, OWN), take_out(rows, OWN)) == (SetWeights(rows), SetWeights(weighted(A, B, weight=0)))
    assert put_back(rows, POOLED) == Register((A, B), standing=True)
    assert take_out(rows, POOLED) == Deregister((A, B), standing=True)
