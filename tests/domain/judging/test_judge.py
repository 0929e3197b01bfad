"""The judge: confident, patient, fair to shared failures, and never satisfied by silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.judging.judge import Evidence, breached, judge
from migrator.domain.judging.limits import MIN_TO_ABORT
from migrator.domain.judging.opinion import Opinion
from migrator.domain.judging.second_opinion import combined, opinion
from migrator.domain.judging.share_test import wilson
from migrator.domain.judging.window import Window
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Delta, Observed, Rate, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec, Limits, PrometheusSpec, ScrapeSpec

NOW = 1000.0
NOTHING = Rate()
SPEC = JudgeSpec()
BOUNDED = settings(max_examples=200, deadline=None)


def second_by_second(
    new: tuple[int, int],
    old: tuple[int, int] = (100, 0),
    seconds: int = 8,
    gateways: int = 1,
    until: float = NOW,
) -> tuple[Delta, ...]:
    """Give deltas of (requests, bad) a second for every new gateway, and for the old one."""
    found = []
    for age in range(seconds):
        at = until - age
        found += [Delta(f"new-{i}", Side.NEW, at, 1.0, *new) for i in range(gateways)]
        found.append(Delta("old-0", Side.OLD, at, 1.0, *old))
    return tuple(found)


def ruled(deltas: tuple[Delta, ...], spec: JudgeSpec = SPEC, baseline: Rate = NOTHING) -> Verdict:
    return judge(spec, Evidence(deltas, NOW, baseline))


@pytest.mark.parametrize(
    ("new", "old", "ruling"),
    [
        pytest.param((100, 0), (100, 0), Ruling.PASS, id="all is well"),
        pytest.param((100, 5), (100, 0), Ruling.ABORT, id="five percent bad"),
        pytest.param((1000, 4), (1000, 0), Ruling.HOLD, id="over the hold limit, under the abort limit"),
        pytest.param((100, 5), (100, 5), Ruling.SHARED, id="both sides bad alike"),
        pytest.param((100, 1), (100, 1), Ruling.PASS, id="both sides at the abort limit, not beyond it"),
        pytest.param((100, 9), (100, 2), Ruling.ABORT, id="worse than a bad old side"),
        pytest.param((0, 0), (100, 0), Ruling.TOO_FEW, id="no request reached the new side"),
        pytest.param((3, 3), (100, 0), Ruling.HOLD, id="all bad, but fewer than twenty requests"),
        pytest.param((4, 4), (0, 0), Ruling.ABORT, id="all bad, twenty requests, no old traffic to compare"),
    ],
)
def test_the_ruling_follows_from_both_sides_counts(new: tuple[int, int], old: tuple[int, int], ruling: Ruling) -> None:
    assert ruled(second_by_second(new, old)).ruling is ruling


def test_two_bad_answers_are_never_a_breach() -> None:
    deltas = (*second_by_second((20, 0)), replace(second_by_second((20, 0))[0], bad=2, requests=2, at=NOW))

    assert ruled(deltas).ruling is Ruling.PASS


@pytest.mark.parametrize("late", [-0.03, 0.0, 0.03], ids=["early", "on time", "late"])
def test_two_bad_samples_in_a_row_abort_however_exactly_they_are_a_second_apart(late: float) -> None:
    good = second_by_second((100, 0), until=NOW - 2 - late, seconds=5)
    bad = second_by_second((100, 50), until=NOW - 1 + late, seconds=1)
    newest = second_by_second((100, 50), seconds=1)

    assert ruled((*good, *newest)).ruling is Ruling.HOLD
    assert ruled((*good, *bad, *newest)).ruling is Ruling.ABORT


def test_the_second_look_never_counts_the_newest_sample_even_where_samples_are_rare() -> None:
    spec = JudgeSpec(scrape=ScrapeSpec(interval=15.0, window=60.0))
    newest = replace(second_by_second((100, 50), seconds=1)[0], interval=15.0)

    assert ruled((newest,), spec).ruling is Ruling.HOLD


def test_one_window_of_bad_answers_holds_and_only_the_second_look_aborts() -> None:
    good, bad = second_by_second((100, 0)), second_by_second((100, 30), seconds=1)
    first = (*bad, *(delta for delta in good if delta.at < NOW))
    spec = replace(SPEC, scrape=ScrapeSpec(window=1.0))

    assert ruled(first, spec).ruling is Ruling.HOLD
    assert ruled(second_by_second((100, 30), seconds=2), spec).ruling is Ruling.ABORT


def test_one_bad_gateway_of_fifty_is_seen_though_the_side_looks_well() -> None:
    deltas = list(second_by_second((20, 0), (1000, 0), gateways=50))
    deltas = [replace(d, bad=10) if d.gateway == "new-7" else d for d in deltas]

    verdict = ruled(tuple(deltas))

    assert verdict.ruling is Ruling.ABORT
    assert verdict.gateways == ("new-7",)
    assert verdict.new.errors == pytest.approx(0.01)


def test_a_gateway_with_too_few_requests_does_not_abort_by_itself() -> None:
    deltas = [d for d in second_by_second((100, 0), gateways=2) if d.gateway != "new-1"]
    deltas += [Delta("new-1", Side.NEW, NOW - age, 1.0, 2, 2) for age in range(8)]

    verdict = ruled(tuple(deltas), replace(SPEC, scrape=ScrapeSpec(window=4.0)))

    assert verdict.ruling is Ruling.HOLD
    assert verdict.gateways == ("new-1",)


@pytest.mark.parametrize(
    ("deltas", "words"),
    [
        pytest.param((), "judge.no-sample", id="nothing at all"),
        pytest.param(
            tuple(d for d in second_by_second((9, 0)) if d.side is Side.OLD), "judge.no-sample", id="only the old side"
        ),
        pytest.param(second_by_second((100, 0), until=NOW - 4), "judge.sample-old age=4", id="stale"),
    ],
)
def test_no_data_and_stale_data_are_never_a_pass(deltas: tuple[Delta, ...], words: str) -> None:
    verdict = ruled(deltas)

    assert verdict.ruling is Ruling.NO_DATA
    assert str(verdict.reason) == words


def test_slow_samples_are_not_stale_at_their_own_pace() -> None:
    deltas = tuple(replace(d, interval=5.0) for d in second_by_second((100, 0), until=NOW - 10))

    assert ruled(deltas).ruling is Ruling.PASS


def test_a_plan_without_a_scrape_has_no_data_from_it() -> None:
    assert ruled(second_by_second((100, 0)), replace(SPEC, scrape=None)).ruling is Ruling.NO_DATA


def test_at_100_percent_the_last_valid_window_of_the_old_side_is_the_baseline() -> None:
    deltas = second_by_second((100, 5), (0, 0))

    assert ruled(deltas).ruling is Ruling.ABORT
    assert ruled(deltas, baseline=Rate(1000, 50)).ruling is Ruling.SHARED


def test_a_verdict_says_which_sample_it_adds() -> None:
    verdict = ruled(second_by_second((100, 0), gateways=2))

    assert (verdict.sample_at, verdict.interval, verdict.sample_requests) == (NOW, 1.0, 200)


@BOUNDED
@given(st.integers(0, 500), st.floats(0, 1), st.integers(0, 500), st.floats(0, 1))
def test_an_abort_needs_three_bad_answers_twenty_requests_and_a_confident_excess(
    requests: int, share: float, old: int, old_share: float
) -> None:
    bad, old_bad = round(requests * share), round(old * old_share)
    deltas = (
        Delta("new-0", Side.NEW, NOW, 1.0, requests, bad),
        Delta("new-0", Side.NEW, NOW - 1, 1.0, requests, bad),
        Delta("old-0", Side.OLD, NOW, 1.0, old, old_bad),
        Delta("old-0", Side.OLD, NOW - 1, 1.0, old, old_bad),
    )

    verdict = ruled(deltas, replace(SPEC, scrape=ScrapeSpec(window=1.0)))

    if verdict.ruling is Ruling.ABORT:
        assert bad >= 3
        assert requests >= MIN_TO_ABORT
        assert wilson(bad, requests, 1.96)[0] - (old_bad / old if old else 0) > SPEC.error_rate.abort
    if verdict.ruling is Ruling.PASS:
        assert requests > 0


@BOUNDED
@given(st.integers(1, 500), st.integers(0, 20), st.integers(0, 20))
def test_more_bad_answers_never_make_a_better_verdict(requests: int, bad: int, more: int) -> None:
    grave = [Ruling.PASS, Ruling.HOLD, Ruling.ABORT]
    few, many = min(bad, requests), min(bad + more, requests)

    better, worse = (ruled(second_by_second((requests, count), (0, 0))).ruling for count in (few, many))

    assert grave.index(better) <= grave.index(worse)


# --- the second opinion -------------------------------------------------------------------------------------------

BOTH = replace(SPEC, prometheus=PrometheusSpec("http://p"))
GOOD, BAD = Rate(1000, 0), Rate(1000, 100)


@pytest.mark.parametrize(
    ("answers", "ruling"),
    [
        pytest.param((), Ruling.NO_DATA, id="never answered"),
        pytest.param((Opinion(NOW, 15.0, None, GOOD),), Ruling.NO_DATA, id="nobody can say"),
        pytest.param((Opinion(NOW - 46, 15.0, GOOD, GOOD),), Ruling.NO_DATA, id="stale"),
        pytest.param((Opinion(NOW, 15.0, GOOD, GOOD),), Ruling.PASS, id="good"),
        pytest.param((Opinion(NOW, 15.0, GOOD, None),), Ruling.PASS, id="good, nothing of old"),
        pytest.param((Opinion(NOW, 15.0, BAD, GOOD),), Ruling.HOLD, id="bad once"),
        pytest.param(
            (Opinion(NOW - 15, 15.0, None, None), Opinion(NOW, 15.0, BAD, GOOD)), Ruling.HOLD, id="bad after none"
        ),
        pytest.param((Opinion(NOW - 15, 15.0, BAD, None), Opinion(NOW, 15.0, BAD, GOOD)), Ruling.ABORT, id="bad twice"),
        pytest.param((Opinion(NOW, 15.0, Rate(), GOOD),), Ruling.TOO_FEW, id="no request"),
    ],
)
def test_the_second_opinion_needs_two_answers_to_abort(answers: tuple[Opinion, ...], ruling: Ruling) -> None:
    assert opinion(BOTH, answers, NOW).ruling is ruling


def test_without_a_prometheus_there_is_no_second_opinion() -> None:
    assert opinion(SPEC, (Opinion(NOW, 15.0, GOOD, GOOD),), NOW).ruling is Ruling.NO_DATA


def test_overlapping_windows_count_each_request_once() -> None:
    assert opinion(BOTH, (Opinion(NOW, 15.0, GOOD, GOOD),), NOW).sample_requests == 250


def said(ruling: Ruling, source: str = "one") -> Verdict:
    return Verdict(ruling, "", source)


@pytest.mark.parametrize("grave", [Ruling.ABORT, Ruling.SHARED, Ruling.HOLD])
def test_either_opinion_may_stop_the_run(grave: Ruling) -> None:
    assert combined(said(Ruling.PASS), said(grave, "two")) == said(grave, "two")
    assert combined(said(grave), said(Ruling.PASS, "two")) == said(grave)


@pytest.mark.parametrize("quiet", [Ruling.NO_DATA, Ruling.TOO_FEW])
def test_a_second_opinion_never_passes_what_the_first_cannot_see(quiet: Ruling) -> None:
    found = combined(said(quiet), said(Ruling.PASS, "two"))

    assert found is not None
    assert found.ruling is not Ruling.PASS


@pytest.mark.parametrize("heard", [Ruling.PASS, Ruling.TOO_FEW])
def test_one_source_that_speaks_is_enough_not_to_be_blind(heard: Ruling) -> None:
    found = combined(said(Ruling.NO_DATA), said(heard, "two"))

    assert found == Verdict(Ruling.HOLD, say("judge.one-alone", source="two", silent="", ruling=heard, why=""), "two")
    assert combined(said(Ruling.NO_DATA), said(Ruling.NO_DATA, "two")) == said(Ruling.NO_DATA)
    assert combined(None, said(heard, "two")) == said(heard, "two")


def test_nobody_said_anything() -> None:
    assert combined(None, None) is None
    assert combined(None, said(Ruling.PASS, "two")) == said(Ruling.PASS, "two")


def test_limits_are_named_by_their_use() -> None:
    window = judge_window(Rate(1000, 4))

    assert breached(SPEC, window, "hold") != []
    assert breached(replace(SPEC, error_rate=Limits(0.1, 0.2)), window, "hold") == []


def judge_window(new: Rate) -> Window:
    return Window(new, Rate(1000, 0))


def test_rates_and_shares_without_data_are_unknown() -> None:
    assert Rate().errors is None
    assert Observed(0, 0, "x").share is None
    assert Observed(1, 4, "x").share == 25.0
