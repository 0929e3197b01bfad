"""Slow answers: judged beside what the same histogram has timed, and passed only when it has caught up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.judging.judge import Evidence, judge
from migrator.domain.judging.latency import Covered, covered
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Classes, Delta, Listened, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec, LatencySpec, ScrapeSpec

NOW = 1000.0
SPEC = JudgeSpec(latency=LatencySpec(0.5))


def samples(
    flushes: Callable[[int], bool], slow: float = 0.0, rate: int = 100, seconds: int = 20, gateway: str = "new-0"
) -> list[Delta]:
    """Give a delta a second, oldest first; at a flush the histogram has everything up to half of that second."""
    found, untimed = [], 0
    for second in range(seconds):
        timed = untimed + rate // 2 if flushes(second) else 0
        untimed += rate - timed
        side = Side.OLD if gateway.startswith("old") else Side.NEW
        share = 0.0 if side is Side.OLD else slow
        at = NOW - seconds + 1 + second
        found.append(Delta(gateway, side, at, 1.0, rate, 0, round(timed * share), rate, 0.5, timed, 0))
    return found


def each(seconds: int, phase: int = 0) -> Callable[[int], bool]:
    return lambda second: second % seconds == phase


def ruled(new: list[Delta], at: float = NOW) -> Verdict:
    deltas = (*new, *samples(each(5), gateway="old-0"))
    return judge(SPEC, Evidence(tuple(delta for delta in deltas if delta.at <= at), at))


@pytest.mark.parametrize("moment", range(10), ids=lambda moment: f"{moment} s after")
@pytest.mark.parametrize(
    ("slow", "ruling"),
    [
        pytest.param(0.0, Ruling.PASS, id="none slow"),
        pytest.param(0.1, Ruling.HOLD, id="a tenth slow"),
        pytest.param(0.5, Ruling.ABORT, id="half slow"),
        pytest.param(1.0, Ruling.ABORT, id="all slow"),
    ],
)
def test_slow_answers_are_judged_like_bad_ones_at_every_moment_between_two_flushes(
    slow: float, ruling: Ruling, moment: int
) -> None:
    assert ruled(samples(each(5), slow), NOW - moment).ruling is ruling


def test_slow_is_said_by_the_limit_that_was_measured_and_in_a_pass_too() -> None:
    new = samples(each(5), 0.5)

    assert "over=0.5" in str(ruled(new).reason)
    assert "over=2.5" in str(ruled([replace(delta, slow_over=2.5) for delta in new]).reason)
    assert "judge.slow-counts" in str(ruled(samples(each(5))).reason)


def test_a_pass_speaks_for_the_seconds_that_the_histogram_has_caught_up_with_and_each_of_them_once() -> None:
    new = samples(each(5), seconds=40)
    passes = {(v.sample_at, v.interval, v.sample_requests) for v in (ruled(new, NOW - age) for age in range(20))}

    assert {interval for _, interval, _ in passes} == {5.0}
    assert {requests for *_, requests in passes} == {500}
    assert sorted(at for at, *_ in passes) == [NOW - 20, NOW - 15, NOW - 10, NOW - 5]


def test_before_the_first_flush_after_the_weights_stood_nothing_is_covered() -> None:
    new = samples(lambda second: second == 3, seconds=8)

    assert covered(new, 5.0) == Covered(NOW - 8, NOW - 5, 300)


def test_the_slowest_of_several_gateways_says_how_far_the_side_is() -> None:
    first, second = samples(each(5)), samples(each(5, 2), gateway="new-1")

    both, alone = covered([*first, *second], 5.0), covered(first, 5.0)

    assert both is not None
    assert alone is not None
    assert (both.until, alone.until) == (NOW - 5, NOW - 5)
    found = covered([*first, *(delta for delta in second if delta.at <= NOW - 1)], 5.0)
    assert found is not None
    assert found.until == NOW - 5


def test_a_gateway_that_is_read_no_more_holds_nothing_back() -> None:
    gone = samples(lambda second: False, seconds=8, gateway="new-1")

    earlier = [replace(delta, at=delta.at - 10) for delta in gone]

    assert covered([*samples(each(5)), *earlier], 5.0) == covered(samples(each(5)), 5.0)
    assert covered(samples(each(5), gateway="old-0"), 5.0) is None


@pytest.mark.parametrize("timed", [0, None], ids=["never moves", "is not there"])
def test_the_silence_of_a_histogram_is_no_pass(timed: int | None) -> None:
    new = [replace(delta, slow=timed, timed=timed) for delta in samples(each(5))]

    verdict = ruled(new)

    assert verdict.ruling is Ruling.NO_DATA
    assert verdict.reason.code == "judge.histogram-silent"


def test_a_gateway_without_requests_has_nothing_to_time() -> None:
    quiet = samples(each(5), rate=0, gateway="new-1")

    assert ruled([*samples(each(5)), *quiet]).ruling is Ruling.PASS
    assert ruled(quiet).ruling is Ruling.TOO_FEW


def test_answers_that_are_still_being_sent_are_not_waited_for_after_two_flushes() -> None:
    stream = [
        Delta("new-1", Side.NEW, NOW - 19 + second, 1.0, int(second == 1), 0, 0, 0, 0.5, 0, 1) for second in range(20)
    ]

    assert ruled([*samples(each(5)), *stream]).ruling is Ruling.PASS
    ended = [replace(delta, active=0) for delta in stream]
    assert ruled([*samples(each(5)), *ended]).ruling is Ruling.NO_DATA


COUNTS = st.integers(-5, 2000)
MAYBE = st.none() | COUNTS
CLASSES = st.none() | st.builds(
    Classes,
    COUNTS,
    MAYBE,
    MAYBE,
    st.none(),
    st.lists(st.builds(Listened, st.sampled_from("ab"), COUNTS, COUNTS, MAYBE)),
)
DELTAS = st.builds(
    Delta,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(list(Side)),
    st.integers(960, 1000).map(float),
    st.sampled_from([0.5, 1.0, 5.0]),
    COUNTS,
    COUNTS,
    MAYBE,
    MAYBE,
    st.none() | st.just(0.5),
    MAYBE,
    MAYBE,
    CLASSES,
    MAYBE,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(DELTAS, max_size=12), st.sampled_from([1.0, 5.0]))
def test_the_judge_never_raises_whatever_was_counted(deltas: list[Delta], length: float) -> None:
    spec = replace(SPEC, scrape=ScrapeSpec(window=length))

    verdict = judge(spec, Evidence(tuple(deltas), NOW))

    assert verdict.ruling in Ruling
    if verdict.ruling is Ruling.PASS:
        assert verdict.new.requests > 0
