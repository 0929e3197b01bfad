"""A collapse that Prometheus alone can see: nobody counts connections, so two windows that do not overlap must agree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.judging.opinion import Opinion
from migrator.domain.judging.second_opinion import opinion
from migrator.domain.model.samples import Rate, Ruling
from migrator.domain.model.spec import JudgeSpec, PrometheusSpec

SPEC = JudgeSpec(None, PrometheusSpec("http://p", interval=5.0, window=30.0))
WELL, GONE = Rate(1000, 0, client=10), Rate(1000, 0, client=900)


def ruled(*new: Rate | None, old: Rate = WELL, compared: bool = False, spec: JudgeSpec = SPEC) -> Ruling:
    """Judge answers that came five seconds apart."""
    answers = tuple(Opinion(5.0 * number, 5.0, rate, old) for number, rate in enumerate(new))
    return opinion(spec, answers, 5.0 * (len(new) - 1), None, compared).ruling


@pytest.mark.parametrize(
    ("answers", "ruling"),
    [
        pytest.param((GONE,) * 7, Ruling.ABORT, id="two windows agree"),
        pytest.param((GONE,) * 6, Ruling.HOLD, id="the windows overlap still"),
        pytest.param((WELL, *(GONE,) * 6), Ruling.HOLD, id="the window before was well"),
        pytest.param((None, *(GONE,) * 6), Ruling.HOLD, id="nobody could say of the window before"),
    ],
)
def test_a_collapse_turns_back_once_two_windows_agree(answers: tuple[Rate | None, ...], ruling: Ruling) -> None:
    assert ruled(*answers) is ruling


def test_where_answers_are_compared_that_decides_and_no_second_window() -> None:
    assert ruled(*(GONE,) * 9, compared=True) is Ruling.HOLD


def test_a_source_that_counts_connections_is_judged_by_them_alone() -> None:
    scanned = replace(GONE, connections=60_000)
    like = replace(WELL, connections=300)

    assert ruled(*(scanned,) * 9, old=like) is Ruling.HOLD


def test_an_old_side_that_is_no_better_is_no_collapse_of_the_new() -> None:
    assert ruled(*(GONE,) * 9, old=GONE) is not Ruling.ABORT
