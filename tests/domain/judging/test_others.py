"""The plan's own judges hold a run and turn it back, never make a verdict better, and a silent one holds."""

from __future__ import annotations

import pytest

from migrator.domain.judging.own.named import with_queries
from migrator.domain.judging.own.others import Spoken, newest_two, overruled
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.samples import Named, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec, OtherSpec

SLO, FLOW = OtherSpec("slo", "https://a.example/"), OtherSpec("flow", command=("judge",))
SPEC = JudgeSpec(others=(SLO, FLOW))
WELL = (Spoken(85.0, Ruling.PASS), Spoken(100.0, Ruling.PASS))


def said(*rulings: Ruling | None) -> tuple[Spoken, ...]:
    return tuple(Spoken(100.0 - 15.0 * back, ruling, "why") for back, ruling in enumerate(reversed(rulings)))[::-1]


@pytest.mark.parametrize(
    ("slo", "ruling", "code"),
    [
        pytest.param(said(Ruling.PASS), Ruling.PASS, "judge.others-pass", id="pass"),
        pytest.param(said(Ruling.PASS, Ruling.HOLD), Ruling.HOLD, "judge.other", id="hold"),
        pytest.param(said(Ruling.ABORT), Ruling.HOLD, "judge.other-once", id="abort once"),
        pytest.param(said(Ruling.ABORT, Ruling.PASS), Ruling.PASS, "judge.others-pass", id="an abort that is over"),
        pytest.param(said(Ruling.ABORT, Ruling.ABORT), Ruling.ABORT, "judge.other", id="abort twice"),
        pytest.param(said(Ruling.ABORT, None), Ruling.HOLD, "judge.other-silent", id="silence after an abort"),
        pytest.param((), Ruling.HOLD, "judge.other-silent", id="never asked"),
        pytest.param((Spoken(10.0, Ruling.PASS),), Ruling.HOLD, "judge.other-silent", id="long ago"),
    ],
)
def test_a_judge_may_hold_and_abort_and_its_silence_holds(slo: tuple[Spoken, ...], ruling: Ruling, code: str) -> None:
    found = overruled(SPEC, {"slo": slo, "flow": WELL}, 100.0)

    assert found is not None
    assert (found.ruling, found.reason.code) == (ruling, code)
    assert found.named == (Named("slo", None, ruling, True), Named("flow", None, Ruling.PASS, True))


def test_the_gravest_speaks_and_is_named() -> None:
    held, aborted = said(Ruling.HOLD), said(Ruling.ABORT, Ruling.ABORT)

    found = overruled(SPEC, {"slo": held, "flow": aborted}, 100.0)

    assert found is not None
    assert (found.ruling, found.source) == (Ruling.ABORT, "flow")


@pytest.mark.parametrize(
    ("counted", "judged", "ruling"),
    [
        (Ruling.PASS, Ruling.HOLD, Ruling.HOLD),
        (Ruling.HOLD, Ruling.PASS, Ruling.HOLD),
        (Ruling.NO_DATA, Ruling.PASS, Ruling.NO_DATA),
        (Ruling.ABORT, Ruling.HOLD, Ruling.ABORT),
    ],
)
def test_it_never_makes_a_verdict_better(counted: Ruling, judged: Ruling, ruling: Ruling) -> None:
    verdict = Verdict(counted, verbatim("counts"), "gateway counters", named=(Named("p99", 0.1, Ruling.PASS),))

    found = with_queries(verdict, overruled(SPEC, {"slo": said(judged), "flow": WELL}, 100.0))

    assert found is not None
    assert found.ruling is ruling
    assert [each.name for each in found.named] == ["p99", "slo", "flow"]


def test_a_plan_without_judges_has_none() -> None:
    assert overruled(JudgeSpec(), {}, 100.0) is None


def test_of_what_a_judge_said_the_newest_two_are_kept() -> None:
    first, second, third = (Spoken(float(at), Ruling.PASS, say("judge.no-request")) for at in range(3))

    assert newest_two(newest_two(newest_two((), first), second), third) == (second, third)


def test_the_balancers_own_monitoring_is_quoted_and_other_judges_are_not() -> None:
    figures = say("judge.late-none")
    spec = JudgeSpec(others=(OtherSpec("balancer", balancer=True), OtherSpec("slo", "https://slo.example/")))
    spoken = {name: (Spoken(100.0, Ruling.PASS, figures),) for name in ("balancer", "slo")}

    found, silent = overruled(spec, spoken, 100.0), overruled(spec, {}, 100.0)

    assert found is not None
    assert silent is not None
    assert [each.said for each in found.named] == [figures, None]
    assert [each.said for each in silent.named] == [None, None]
