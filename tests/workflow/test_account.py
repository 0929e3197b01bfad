"""What samples add up to: each counts once, only while it was watched, and only wholly at the share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Answers, Observed, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec, PrometheusSpec
from migrator.domain.observation.sighting import (
    Clocks,
    JournalFacts,
    Judgement,
    RunPosition,
    Sighting,
)
from migrator.workflow.soak_accounting import Account, newest
from tests.domain.seen import at, meant, opened, pools, seen

HALF = pools(new=100)
BECAUSE = say("judge.silent")


class Book:
    """A journal that keeps what it is told."""

    def __init__(self) -> None:
        self.passes: list[tuple[float, int]] = []
        self.rulings: list[tuple[Ruling, float]] = []
        self.verdicts: list[Ruling] = []
        self.notes: list[tuple[str, Message]] = []

    def note(self, kind: str, what: Message) -> int:
        """Keep a note."""
        self.notes.append((kind, what))
        return 0

    def passed(self, interval: float, requests: int) -> None:
        """Keep a passing sample."""
        self.passes.append((interval, requests))

    def ruled(self, ruling: Ruling, interval: float) -> None:
        """Keep a ruling."""
        self.rulings.append((ruling, interval))

    def verdict(self, verdict: Verdict) -> int:
        """Keep a verdict."""
        self.verdicts.append(verdict.ruling)
        return 0


def test_a_share_that_was_counted_before_the_weights_stood_is_observed_by_nobody() -> None:
    account = Account(JudgeSpec(), Book())  # type: ignore[arg-type]  # a journal of a test
    account.steady_since = 7.0
    counted = Observed(3, 100, "gateway counters")
    old, new = (seen(Judgement(observed=counted, since=since)) for since in (5.0, 7.0))

    assert account.of_these_weights(old)[Judgement].observed is None
    assert account.of_these_weights(new)[Judgement].observed == counted
    assert account.of_these_weights(seen(Judgement()))[Judgement].observed is None


def sighting(now: float, ruling: Ruling | None = Ruling.PASS, *more: object, interval: float = 1.0) -> Sighting:
    verdict = (
        Verdict(ruling, BECAUSE, "gateway counters", interval=interval, sample_at=now, sample_requests=7)
        if ruling
        else None
    )
    facets = (HALF, Clocks(at(now - 1000), now), Judgement(verdict, at=now), *more)
    return seen(*{type(facet): facet for facet in facets}.values())


def accounted(*sightings: Sighting, steady: bool = True, spec: JudgeSpec | None = None) -> Book:
    book = Book()
    account = Account(spec or JudgeSpec(), book)  # type: ignore[arg-type]
    if steady:
        account.steady_since = float("-inf")
    for found in sightings:
        account.take(found)
    return book


def test_each_passing_sample_counts_once() -> None:
    same = sighting(1001)

    assert accounted(same, same, sighting(1002)).passes == [(1.0, 7), (1.0, 7)]


def test_a_sample_after_a_gap_adds_two_intervals_at_most() -> None:
    assert accounted(sighting(1001, interval=3600.0)).passes == [(2.0, 7)]


@pytest.mark.parametrize("state", [State.PAUSED, State.WAITING, State.HALTED])
def test_a_resting_run_soaks_nothing(state: State) -> None:
    assert accounted(sighting(1001, Ruling.PASS, RunPosition(state, Heading.FORWARD, "s"))).passes == []


def test_nothing_counts_before_there_is_weight_nor_on_the_way_back_nor_while_a_write_is_open() -> None:
    write = JournalFacts(weights=meant(HALF), open=opened(SetWeights(())))

    assert accounted(sighting(1001, Ruling.PASS, pools())).passes == []
    assert accounted(sighting(1001, Ruling.PASS, RunPosition(State.RUNNING, Heading.BACK, "s"))).passes == []
    assert accounted(sighting(1001, Ruling.PASS, write)).passes == []


def test_a_sample_that_began_before_the_weights_stood_does_not_count() -> None:
    book = Book()
    account = Account(JudgeSpec(), book)  # type: ignore[arg-type]
    account.steady(sighting(1000), moving=True)
    account.take(sighting(1000))
    account.steady(sighting(1001), moving=False)
    for now in (1001, 1002, 1003, 1004):
        account.steady(sighting(now), moving=False)
        account.take(sighting(now))

    assert account.steady_since == 1003.0
    assert len(book.passes) == 1


@pytest.mark.parametrize("ruling", [Ruling.HOLD, Ruling.NO_DATA, Ruling.SHARED, Ruling.TOO_FEW, Ruling.ABORT])
def test_nothing_but_a_pass_is_a_pass(ruling: Ruling) -> None:
    assert accounted(sighting(1001, ruling)).passes == []


def test_blind_time_adds_up_and_a_verdict_is_written_when_it_changes() -> None:
    book = accounted(*(sighting(1000 + i, Ruling.NO_DATA) for i in range(3)), sighting(1003), sighting(1004))

    assert book.rulings[:3] == [(Ruling.NO_DATA, 0.0), (Ruling.NO_DATA, 1.0), (Ruling.NO_DATA, 1.0)]
    assert book.verdicts == [Ruling.NO_DATA, Ruling.PASS]
    assert len(book.rulings) == 4


@pytest.mark.parametrize(
    ("spec", "most"),
    [
        pytest.param(JudgeSpec(), 2.0, id="a scrape"),
        pytest.param(JudgeSpec(None, PrometheusSpec("http://p")), 30.0, id="Prometheus alone"),
        pytest.param(JudgeSpec(None), 0.0, id="nobody"),
    ],
)
def test_a_gap_counts_as_two_intervals_of_the_plans_source(spec: JudgeSpec, most: float) -> None:
    assert accounted(sighting(9999, interval=3600.0), spec=spec).passes == [(most, 7)]


def test_a_verdict_that_nobody_renews_is_no_data() -> None:
    def ruled(at: float, interval: float = 1.0) -> Sighting:
        found = sighting(1001, interval=interval)
        return found.having(replace(found[Judgement], at=at))

    fresh, stale, slow = newest(ruled(1001.0)), newest(ruled(997.0)), newest(ruled(997.0, interval=2.0))

    assert (fresh.ruling, stale.ruling, slow.ruling) == (Ruling.PASS, Ruling.NO_DATA, Ruling.PASS)
    assert stale.reason == say("judge.count-old", age=4.0)
    assert newest(sighting(1001, None)).ruling is Ruling.NO_DATA
    assert fresh.reason == BECAUSE


TWO = JudgeSpec(prometheus=PrometheusSpec("http://p", interval=15.0))


def asked(now: float, answers: Answers) -> Sighting:
    return sighting(now, None, Judgement(Verdict(Ruling.PASS, BECAUSE, "gateway counters"), second=answers))


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        pytest.param(Answers(silent=9, why=BECAUSE), BECAUSE, id="nobody answers"),
        pytest.param(Answers(empty=9), say("prometheus.empty"), id="it knows nothing"),
        pytest.param(Answers(), say("prometheus.not-yet"), id="the first question hangs"),
        pytest.param(Answers(answered=1, silent=2, last_at=1001.0, why=BECAUSE), BECAUSE, id="it fell silent"),
    ],
)
def test_a_second_opinion_that_stays_silent_is_written_down_once(answers: Answers, why: Message) -> None:
    book = accounted(*(asked(float(now), answers) for now in range(1001, 1100)), spec=TWO)

    assert [kind for kind, _ in book.notes] == ["second opinion"]
    assert book.notes[0][1] == say("prometheus.quiet", quiet=46.0, why=why)


def test_a_second_opinion_that_answers_again_is_written_down_too() -> None:
    silent = [asked(1001.0, Answers()), asked(1101.0, Answers())]
    back = [asked(now, Answers(answered=1, last_at=1102.0)) for now in (1103.0, 1104.0)]

    assert [what for _, what in accounted(*silent, *back, spec=TWO).notes][1:] == [say("prometheus.answers-again")]


def test_a_second_opinion_is_missing_as_long_as_it_is_silent_and_traffic_needs_it() -> None:
    account = Account(TWO, Book())  # type: ignore[arg-type]  # a journal of a test
    told = []
    for now, answers in (
        (1001.0, Answers()),
        (1061.0, Answers(silent=4, why=BECAUSE)),
        (1062.0, Answers(1, 0, 4, 1062.0)),
    ):
        account.take(asked(now, answers))
        told.append(account.unheard)

    assert told == [(), (say("prometheus.quiet", quiet=60.0, why=BECAUSE),), ()]

    account.take(asked(1200.0, Answers(1, 0, 9, 1062.0)))
    assert account.unheard != ()

    account.take(sighting(1201.0, None, pools(), Judgement(second=Answers(1, 0, 9, 1062.0))))
    assert account.unheard == ()


def test_silence_before_there_is_anything_to_say_is_none() -> None:
    early = [sighting(now, None, pools(), Judgement(second=Answers(empty=9))) for now in (1001.0, 1101.0)]

    assert accounted(*early, asked(1110.0, Answers(empty=9)), spec=TWO).notes == []
    assert accounted(asked(1001.0, Answers()), asked(1101.0, Answers()), spec=JudgeSpec()).notes == []
