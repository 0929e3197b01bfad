"""The balancer's own counters as an opinion: what came to each side between two looks, beside the plan's limits."""

from __future__ import annotations

import pytest

from migrator.domain.balancers.monitoring import Monitored
from migrator.domain.judging.own.monitored import FEW, Counted, counted, monitored
from migrator.domain.model.balancer import Backend
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec.judging import Limits

NEW, OLD = Backend("web", "10.0.0.2", 80), Backend("web", "10.0.0.1", 80)
LIMITS = Limits(hold=0.01, abort=0.1)


def test_what_came_between_two_looks_is_counted_for_one_side() -> None:
    before = [Monitored(NEW, 10, 1, 2), Monitored(OLD, 50, 0, None)]
    now = [Monitored(NEW, 40, 4, 3), Monitored(OLD, 90, 5, None)]

    assert counted(before, now, {NEW}) == Counted(30, 3, 1)
    assert counted([], now, {OLD}) == Counted(90, 5, None)
    assert counted(before, now, set()) == Counted()


def test_counters_that_began_anew_say_nothing() -> None:
    assert counted([Monitored(NEW, 10, 0)], [Monitored(NEW, 3, 0)], {NEW}) is None


@pytest.mark.parametrize(
    ("new", "old", "ruling", "code"),
    [
        pytest.param(None, Counted(), Ruling.PASS, "judge.balancer-anew", id="the new side's began anew"),
        pytest.param(Counted(), None, Ruling.PASS, "judge.balancer-anew", id="the old side's began anew"),
        pytest.param(Counted(FEW - 1, 9), Counted(), Ruling.PASS, "judge.balancer-few", id="too few"),
        pytest.param(Counted(100, 2), Counted(100), Ruling.PASS, "judge.balancer", id="two may be chance"),
        pytest.param(Counted(100, 1, 4), Counted(100), Ruling.HOLD, "judge.balancer", id="above hold"),
        pytest.param(Counted(100, 20), Counted(100, 2), Ruling.ABORT, "judge.balancer", id="above abort"),
        pytest.param(Counted(100, 20), Counted(100, 20), Ruling.PASS, "judge.balancer", id="the old side is as bad"),
        pytest.param(
            Counted(20, 90), Counted(100, 0), Ruling.ABORT, "judge.balancer", id="more failed than were counted"
        ),
    ],
)
def test_it_is_worse_by_how_much_more_fails_on_the_new_side(
    new: Counted | None, old: Counted | None, ruling: Ruling, code: str
) -> None:
    found, reason = monitored(LIMITS, new, old)

    assert (found, reason.code) == (ruling, code)


def test_without_connections_to_the_old_side_nobody_says_that_the_new_one_is_worse() -> None:
    assert monitored(LIMITS, Counted(100, 5), Counted())[0] is Ruling.PASS
    found, reason = monitored(LIMITS, Counted(100, 50), Counted(FEW - 1))
    assert (found, reason["old"], reason["bad"]) == (Ruling.HOLD, None, None)


def test_what_goes_wrong_no_more_holds_and_does_not_turn_back() -> None:
    new, old = Counted(100, 30), Counted(100)

    assert monitored(LIMITS, new, old, Counted(50))[0] is Ruling.HOLD
    assert monitored(LIMITS, new, old, Counted(50, 15))[0] is Ruling.ABORT


def test_a_side_without_connections_has_no_share_that_failed() -> None:
    assert Counted().share == 0.0
