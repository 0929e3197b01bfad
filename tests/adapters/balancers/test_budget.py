"""A part of the minute's writes is kept back for a rollback."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.adapters.balancers.budget import budgeted
from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.actions import Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Capabilities
from migrator.domain.ports.balancer import BalancerWriter
from tests.fakes.clock import FakeClock
from tests.words import refused


class Counting:
    """A writer that counts."""

    def __init__(self) -> None:
        self.count = 0

    def register(self, action: Register) -> Op:
        return self._counted()

    def set_weights(self, action: SetWeights) -> Op:
        return self._counted()

    def deregister(self, action: Deregister) -> Op:
        return self._counted()

    def _counted(self) -> Op:
        self.count += 1
        return Op("counting")


def pair(limit: int | None) -> tuple[Counting, BalancerWriter, BalancerWriter, FakeClock]:
    inner, clock = Counting(), FakeClock()
    forward, back = budgeted(inner, lambda: replace(Capabilities(), writes_per_minute=limit), clock.monotonic)
    return inner, forward, back, clock


def spent(writer: BalancerWriter, most: int = 1000) -> int:
    """Write until it is not allowed; give how often it was."""
    for count in range(most):
        try:
            writer.set_weights(SetWeights(()))
        except Unreachable:
            return count
    return most


def test_the_way_forward_leaves_three_tenths_to_the_way_back() -> None:
    inner, forward, back, _ = pair(90)

    assert spent(forward) == 63
    assert spent(back) == 27
    assert inner.count == 90


def test_what_the_way_back_spent_counts_for_the_way_forward_too() -> None:
    _, forward, back, _ = pair(10)
    for _ in range(6):
        back.register(Register(()))

    assert spent(forward) == 1


def test_a_refused_write_says_exactly_when_there_is_room_again() -> None:
    inner, forward, _, clock = pair(10)
    for _ in range(7):
        forward.deregister(Deregister(()))
        clock.advance(1.0)
    with refused(Unreachable, "driver.budget-spent", limit=10) as later:
        forward.set_weights(SetWeights(()))
    assert isinstance(later.value, Unreachable)
    assert later.value.message["wait"] == pytest.approx(later.value.retry_after, abs=1)
    assert later.value.retry_after == pytest.approx(53.0)
    clock.advance(later.value.retry_after or 0.0)
    forward.set_weights(SetWeights(()))

    assert inner.count == 8


def test_when_the_way_back_overspent_the_way_forward_waits_for_enough_of_it_to_pass() -> None:
    _, forward, back, clock = pair(10)
    for _ in range(10):
        back.register(Register(()))
        clock.advance(1.0)
    with pytest.raises(Unreachable) as later:
        forward.register(Register(()))

    assert later.value.retry_after == pytest.approx(53.0)  # until the fourth write is a minute old: six are left


def test_the_smallest_budget_still_lets_one_write_through_a_minute() -> None:
    _, forward, _, clock = pair(1)

    assert spent(forward) == 1
    clock.advance(60.0)
    assert spent(forward) == 1


def test_without_a_limit_nothing_is_counted() -> None:
    _, forward, _, _ = pair(None)

    assert spent(forward) == 1000
