"""The pace: no turn before anything can be new, none later than needed, and samples at the moments that count."""

from __future__ import annotations

from math import inf

import pytest

from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Decision, Do, Done, Fail, Halt, Settle, Wait
from migrator.domain.model.spec import JudgeSpec, OnTimeout
from migrator.domain.observation.sighting import Clocks, JournalFacts
from migrator.domain.steps import Drain, Shift
from migrator.workflow.pacing import QUICK, SOON, moments, nap
from migrator.workflow.soak_accounting import Account
from tests.domain.seen import at, opened, seen

PACE = 0.4
WRITE = SetWeights(())
SHIFT = Shift(Side.NEW, 50.0, (), soak=10.0)
DRAIN = Drain(Side.OLD, 15.0, OnTimeout.CUT)


@pytest.mark.parametrize(
    ("decision", "seconds"),
    [
        (Wait("somebody"), PACE),
        (Wait("a long time", 60.0), PACE),
        (Wait("a short time", 0.25), 0.25),
        (Wait("no time", 0.0), SOON),
        (Halt(()), PACE),
        (Fail(1, "no"), QUICK),
        (Do(WRITE, "now"), 0.0),
        (Settle(1), 0.0),
        (Done("it is"), 0.0),
    ],
)
def test_the_nap_after_a_decision(decision: Decision, seconds: float) -> None:
    assert nap(decision, None, PACE) == seconds
    assert nap(decision, seen(), PACE) == seconds


@pytest.mark.parametrize(("age", "seconds"), [(0.0, QUICK), (0.05, QUICK), (0.3, 0.3), (30.0, PACE)])
def test_an_open_write_is_read_back_again_after_as_long_as_it_has_taken(age: float, seconds: float) -> None:
    found = seen(JournalFacts(open=opened(WRITE, age=age)))

    assert nap(Wait("reading back", 15.0), found, PACE) == pytest.approx(seconds)


def account(steady_since: float = inf, counted_at: float = -inf) -> Account:
    made = Account(JudgeSpec(), None)  # type: ignore[arg-type]  # nothing is written
    made.steady_since, made.counted_at = steady_since, counted_at
    return made


def soaked(seconds: float) -> JournalFacts:
    return JournalFacts(soaked=seconds, entered_at=at(0))


def test_while_weights_move_no_sample_is_worth_more_than_another() -> None:
    assert moments(SHIFT, seen(soaked(0.0)), account(), 7.0) == ()


def test_samples_are_wished_for_when_the_weights_stand_and_when_the_soak_is_full() -> None:
    assert moments(SHIFT, seen(soaked(0.0)), account(1102.0), 7.0) == (1102.0, 1112.0)
    assert moments(SHIFT, seen(soaked(4.0)), account(1102.0, 1106.01), 7.0) == (1102.0, 1106.01 + 6.0)
    assert moments(SHIFT, seen(soaked(10.0)), account(1102.0, 1112.0), 7.0) == (1102.0,)


def test_a_step_that_counts_connections_wishes_for_a_sample_after_each_change() -> None:
    assert moments(DRAIN, seen(soaked(0.0), Clocks(at(0), 1100.0)), account(), 1099.5) == (1099.5,)
