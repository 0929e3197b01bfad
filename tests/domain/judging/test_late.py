"""The cloud's monitoring of a balancer as a judge: late, coarse, and never a pass that makes anything better."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.balancers.monitoring import Reported
from migrator.domain.judging.own.late import EMPTY, SILENT, Sum, figures, kept, late, sided, summed
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec.judging import Limits

NOW, MINUTE = 6000.0, 60.0
LIMITS = Limits()
STOOD = 350.0
WELL = Reported("new-80", Side.NEW, 0.0, MINUTE, healthy=3, unhealthy=0, asked=400, failed=0, bad=0)
OLD = Reported("old-80", Side.OLD, 0.0, MINUTE, healthy=2, unhealthy=0, asked=600, failed=0, bad=0)
BOTH = Reported("edge", None, 0.0, MINUTE, unhealthy=0, asked=1000, failed=0, bad=0)


def ago(minutes: int, *rows: Reported) -> list[Reported]:
    """Give these rows as of a period that began so many minutes ago."""
    return [replace(row, at=NOW - minutes * MINUTE) for row in rows]


def said(rows: list[Reported], stood: float = STOOD) -> tuple[Ruling, str]:
    ruling, reason = late(LIMITS, rows, NOW, stood)
    return ruling, reason.code


BAD = replace(WELL, bad=100)
FAILED = replace(WELL, failed=100)
FEW = replace(WELL, asked=9, failed=9)
ALL_BAD = replace(OLD, failed=150)


@pytest.mark.parametrize(
    ("rows", "ruling", "code"),
    [
        pytest.param(ago(3, WELL, OLD), Ruling.PASS, "judge.late", id="nothing speaks against it"),
        pytest.param([], Ruling.TOO_FEW, "judge.late-none", id="no figures"),
        pytest.param(ago(1, BAD), Ruling.TOO_FEW, "judge.late-none", id="a minute that is not whole yet"),
        pytest.param(ago(9, BAD), Ruling.TOO_FEW, "judge.late-before", id="all of it before the share"),
        pytest.param(ago(3, BAD, OLD), Ruling.HOLD, "judge.late-worse", id="one bad minute holds"),
        pytest.param([*ago(4, BAD, OLD), *ago(3, BAD, OLD)], Ruling.ABORT, "judge.late-worse", id="two bad minutes"),
        pytest.param(
            [*ago(4, FAILED, OLD), *ago(3, FAILED, OLD)], Ruling.ABORT, "judge.late-worse", id="failed connections"
        ),
        pytest.param(
            [*ago(4, BAD, OLD), *ago(3, BAD)],
            Ruling.ABORT,
            "judge.late-worse",
            id="a minute of the old side that did not come is not one in which all was well",
        ),
        pytest.param(
            [*ago(4, BAD, ALL_BAD), *ago(3, BAD)],
            Ruling.PASS,
            "judge.late",
            id="nor is it one in which nothing was wrong on the old side",
        ),
        pytest.param(
            [*ago(4, BAD), *ago(3, BAD)], Ruling.HOLD, "judge.late-alone", id="nothing of the old side to compare with"
        ),
        pytest.param(ago(3, WELL), Ruling.PASS, "judge.late", id="nothing goes wrong with the new side alone"),
        pytest.param([*ago(9, BAD, OLD), *ago(3, BAD)], Ruling.HOLD, "judge.late-worse", id="one of the two before it"),
        pytest.param(
            [*ago(4, BAD, OLD), *ago(3, WELL)], Ruling.HOLD, "judge.late-worse", id="the newest is well again"
        ),
        pytest.param([*ago(4, FEW), *ago(3, FEW)], Ruling.PASS, "judge.late", id="too few to say so"),
        pytest.param(
            [*ago(4, FAILED, ALL_BAD), *ago(3, FAILED, ALL_BAD)], Ruling.PASS, "judge.late", id="old is as bad"
        ),
        pytest.param(
            ago(3, replace(WELL, unhealthy=1)),
            Ruling.HOLD,
            "judge.late-unhealthy",
            id="an unhealthy one of the new side",
        ),
        pytest.param(
            ago(3, replace(WELL, healthy=0)), Ruling.HOLD, "judge.late-unhealthy", id="none of the new side is healthy"
        ),
        pytest.param(
            [*ago(4, replace(WELL, unhealthy=1)), *ago(3, WELL)], Ruling.PASS, "judge.late", id="healthy again"
        ),
        pytest.param(
            ago(3, replace(OLD, unhealthy=2)), Ruling.PASS, "judge.late", id="the old side loses nobody's weight"
        ),
        pytest.param(
            [*ago(9, BOTH), *ago(3, replace(BOTH, failed=9))],
            Ruling.HOLD,
            "judge.late-more",
            id="nothing failed before",
        ),
        pytest.param(ago(3, replace(BOTH, failed=9)), Ruling.PASS, "judge.late", id="nobody knows what failed before"),
        pytest.param(
            [*ago(9, BOTH), *ago(3, replace(BOTH, part="edge-2", unhealthy=3))],
            Ruling.PASS,
            "judge.late",
            id="nobody knows how many of this listener were unhealthy before",
        ),
        pytest.param(
            [*ago(9, replace(BOTH, failed=9)), *ago(3, replace(BOTH, failed=9))],
            Ruling.PASS,
            "judge.late",
            id="as much failed before",
        ),
        pytest.param(
            [*ago(9, BOTH), *ago(3, replace(BOTH, unhealthy=1))],
            Ruling.HOLD,
            "judge.late-more",
            id="more are unhealthy",
        ),
        pytest.param(
            [*ago(9, BOTH), *ago(4, replace(BOTH, bad=900)), *ago(3, replace(BOTH, bad=900))],
            Ruling.HOLD,
            "judge.late-more",
            id="both sides together never turn back",
        ),
    ],
)
def test_what_is_late_may_hold_and_abort_by_what_came_since_the_weights_stood(
    rows: list[Reported], ruling: Ruling, code: str
) -> None:
    assert said(rows) == (ruling, code)


def test_weights_that_move_make_everything_a_matter_of_before() -> None:
    assert said([*ago(4, BAD), *ago(3, BAD)], float("-inf")) == (Ruling.TOO_FEW, "judge.late-before")


def test_a_monitoring_that_stays_silent_for_long_holds() -> None:
    assert said([], SILENT + 1) == (Ruling.HOLD, "judge.late-silent")


def test_one_with_longer_periods_is_silent_for_longer_before_it_holds() -> None:
    rows = [replace(WELL, at=NOW - 1000.0, period=300.0)]

    assert said(rows, SILENT + 1) == (Ruling.TOO_FEW, "judge.late-before")
    assert said(rows, 900.0) == (Ruling.TOO_FEW, "judge.late-before")


def test_a_long_share_is_compared_with_the_minutes_before_it_that_the_monitoring_gives_no_more() -> None:
    known = kept(EMPTY, ago(20, replace(BOTH, failed=9)), NOW - 900.0, 0.0)
    known = kept(known, ago(3, BOTH), NOW, 1100.0)

    assert late(LIMITS, ago(3, replace(BOTH, failed=9)), NOW, 1100.0, known)[0] is Ruling.PASS
    assert late(LIMITS, ago(3, replace(BOTH, failed=90)), NOW, 1100.0, known)[0] is Ruling.HOLD


def test_at_100_percent_the_new_side_is_compared_with_what_the_old_one_was_like() -> None:
    silent = replace(OLD, asked=0, failed=0, bad=0)
    known = kept(EMPTY, ago(30, replace(OLD, bad=150)), NOW - 1500.0, 100.0)
    alone = [*ago(4, BAD, silent), *ago(3, BAD, silent)]

    assert late(LIMITS, alone, NOW, STOOD, kept(known, alone, NOW, STOOD), alone=True)[0] is Ruling.PASS
    well = kept(EMPTY, ago(30, OLD), NOW - 1500.0, 100.0)
    assert late(LIMITS, alone, NOW, STOOD, well, alone=True)[0] is Ruling.ABORT


def test_gateways_of_an_old_side_without_weight_may_be_unhealthy_since_they_were_told_to_go() -> None:
    rows = [*ago(9, BOTH), *ago(3, replace(BOTH, unhealthy=3))]

    assert late(LIMITS, rows, NOW, STOOD, EMPTY, alone=True)[0] is Ruling.PASS
    assert late(LIMITS, rows, NOW, STOOD, EMPTY)[0] is Ruling.HOLD


def test_the_newest_health_and_the_sum_of_counts_are_shown_with_their_age() -> None:
    rows = [*ago(4, replace(WELL, healthy=1)), *ago(3, WELL, replace(WELL, part="new-443", healthy=2, bad=None))]

    new = say(
        "judge.late-side",
        figures=(
            say("judge.late-healthy", healthy=5),
            say("judge.late-sick", unhealthy=0),
            say("judge.late-failed", failed=0),
            say("judge.late-bad", bad=0),
            say("judge.late-asked", asked=1200),
        ),
    )
    assert figures(rows, NOW) == say("judge.late-figures", new=new, old=None, both=None, age=120.0)


def test_a_figure_that_nobody_reads_is_unknown_and_not_0() -> None:
    row = Reported("edge", None, 0.0, MINUTE, asked=7)

    assert summed([row], None) == Sum(None, None, 7, None, None)
    assert figures([row], MINUTE)["both"] == Message(
        "judge.late-side", (("figures", (say("judge.late-asked", asked=7),)),)
    )


def test_a_single_backend_is_the_side_of_its_own_row_although_both_sides_are_on_one_node() -> None:
    node_port, host_port, stranger = (Backend("80", "10.0.0.3", port) for port in (31080, 80, 8080))
    rows = [replace(BOTH, backend=backend) for backend in (node_port, host_port, stranger)]
    known = {node_port: Side.OLD, host_port: Side.NEW}

    assert [row.side for row in sided([*rows, WELL], known)] == [Side.OLD, Side.NEW, Side.NEW]
