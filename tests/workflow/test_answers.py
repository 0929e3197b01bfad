"""What a run does with answer parity: nobody gets a share before both sides answer alike, and whoever answers otherwise later
loses it again. What we ask is no evidence about clients."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest

from migrator.domain.answers.answer import Answer, Failure
from migrator.domain.answers.trial import Place
from migrator.domain.messages.findings import Waiver
from migrator.domain.model.answers import Allowed, AnswersSpec, Concern, Question
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import JournalFacts, Judgement
from migrator.store import Kind
from tests.fakes.answers import OK
from tests.fakes.harness import Harness, Killed
from tests.fakes.world import FakeWorld
from tests.words import text
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, after, at, resting, small

SHOP = Question("http", "shop.x", "/cart", port=80)
FAST = AnswersSpec(questions=(SHOP,), rate=100.0)
ASKING = replace(AUTO, answers=FAST)
MISSING = Answer(404, body="n0t")
Says = Callable[[Question, Place], Answer]


def asking(make: Make, answers: AnswersSpec = FAST, spec: Spec = AUTO) -> Harness:
    """Give a run of a plan that asks."""
    return make(small(), replace(spec, answers=answers))


def new_says(answer: Answer) -> Says:
    return lambda _question, place: OK if place.side is Side.OLD else answer


def codes(harness: Harness) -> list[str]:
    """Give the code of what every turn said, without repetitions in a row."""
    said = [progress.words.code for progress in harness.progress]
    return [code for i, code in enumerate(said) if i == 0 or code != said[i - 1]]


def noting(harness: Harness) -> list[str]:
    """Let everybody answer alike, and give the list of the steps at which somebody was asked, in order."""
    noted: list[str] = []

    def says(_question: Question, _place: Place) -> Answer:
        now = harness.progress[-1]
        title = text(now.titles[now.run.cursor])
        noted.extend([title] if title not in noted else [])
        return OK

    harness.world.answers.says = says
    return noted


# --- before the first share ---------------------------------------------------------------------------------------


def test_both_sides_are_asked_before_the_first_share_at_every_soak_and_before_the_old_side_goes(make: Make) -> None:
    harness = asking(make)
    noted = noting(harness)
    run = harness.process()

    assert run.state is State.COMPLETED
    shares = [f"Shift {share} %" for share in (10, 50, 90, 100)]
    assert noted == ["Compare answers", *shares, noted[5], "Retire"]
    assert noted[5].startswith("Keep")
    assert harness.world.balancer.harm == []


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(new_says(MISSING), id="404"),
        pytest.param(new_says(replace(OK, headers=(("content-type", "text/plain"),))), id="another header"),
        pytest.param(lambda _q, place: replace(OK, certificate=place.side.value), id="another certificate"),
        pytest.param(lambda _q, _place: MISSING, id="404 on both: nothing is proved"),
        pytest.param(lambda _q, place: replace(OK, inside=place.side is Side.NEW), id="asked from inside"),
        pytest.param(new_says(Answer(failure=Failure.TIMEOUT)), id="a silent new side"),
        pytest.param(lambda _q, _place: Answer(429), id="too many requests"),
    ],
)
def test_nobody_gets_a_share_while_something_speaks_against_the_new_side(make: Make, says: Says) -> None:
    harness = asking(make)
    harness.world.answers.says = says
    run = harness.process(leaves=resting(State.HALTED))

    assert run.state is State.HALTED
    assert run.why is not None
    assert "answers." in str(run.why)
    assert harness.world.share == 0.0
    assert not [event for event in harness.events() if "set-weights" in str(event.data)]


def test_a_certificate_that_only_one_side_shows_is_not_compared(make: Make) -> None:
    """The old side is asked in plain HTTP: there is nothing to compare, and nothing is made up."""
    harness = asking(make)
    harness.world.answers.says = new_says(replace(OK, certificate="other"))

    assert harness.process().state is State.COMPLETED


def test_what_is_mended_while_the_step_waits_lets_the_run_go_on(make: Make) -> None:
    harness = asking(make)
    harness.world.answers.says = new_says(MISSING)
    harness.process(leaves=lambda progress: progress.words.code == "answers.asked-again")
    harness.world.answers.says = lambda _q, _p: OK

    assert harness.process().state is State.COMPLETED


def test_a_halted_run_compares_anew_when_it_is_resumed(make: Make) -> None:
    harness = asking(make)
    harness.world.answers.says = new_says(MISSING)
    harness.process(leaves=resting(State.HALTED))
    harness.world.answers.says = lambda _q, _p: OK
    harness.ask(RequestKind.RESUME)

    assert harness.process().state is State.COMPLETED


@pytest.mark.parametrize(
    ("answers", "waivers"),
    [
        pytest.param(replace(FAST, allow=(Allowed("known", "shop.x"),)), (), id="allowed by host"),
        pytest.param(FAST, (Waiver("answers.different", "known"),), id="waived by code"),
    ],
)
def test_an_accepted_difference_neither_blocks_nor_turns_back(
    make: Make, answers: AnswersSpec, waivers: tuple[Waiver, ...]
) -> None:
    harness = asking(make, answers, replace(AUTO, waivers=(*AUTO.waivers, *waivers)))
    harness.world.answers.says = new_says(replace(OK, body="other"))

    assert harness.process().state is State.COMPLETED


def test_an_unproved_host_is_accepted_with_a_reason(make: Make) -> None:
    harness = asking(make, replace(FAST, allow=(Allowed("staging", concerns=(Concern.UNPROVED,)),)))
    harness.world.answers.says = lambda _q, _p: MISSING

    assert harness.process().state is State.COMPLETED


def test_a_plan_that_asks_nothing_runs_as_before(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.world.answers.says = new_says(MISSING)

    assert harness.process().state is State.COMPLETED
    assert harness.world.answers.asked == []


# --- at a share ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["Shift 10 %", "Shift 50 %", "Shift 100 %"])
def test_a_new_side_that_begins_to_answer_otherwise_at_a_share_is_turned_back(make: Make, title: str) -> None:
    harness = asking(make)
    harness.process(leaves=at(title))
    harness.world.answers.says = new_says(MISSING)
    run = harness.process()

    assert (run.state, run.heading) == (State.ROLLED_BACK, Heading.BACK)
    assert "answers.different" in str([event.data for event in harness.events() if event.kind is Kind.MOVED])
    assert harness.world.share == 0.0
    assert harness.world.balancer.harm == []


def test_a_difference_found_while_the_run_is_paused_turns_it_back(make: Make) -> None:
    harness = asking(make)
    harness.process(leaves=at("Shift 50 %"))
    harness.ask(RequestKind.PAUSE)
    harness.world.answers.says = new_says(MISSING)
    run = harness.process()

    assert run.state is State.ROLLED_BACK


def test_one_gateway_of_many_that_answers_otherwise_is_named(make: Make) -> None:
    harness = asking(make)
    harness.process(leaves=at("Shift 50 %"))
    wrong = harness.world.news()[0]
    harness.world.answers.says = lambda _q, place: MISSING if place.name == wrong else OK
    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert wrong in str([event.data for event in harness.events()])


def test_during_a_long_soak_both_sides_are_asked_again(make: Make) -> None:
    soak = replace(AUTO.traffic, shares=(50.0, 100.0), soak=1000.0, max_soak=2000.0)
    harness = asking(make, FAST, replace(AUTO, traffic=soak))
    harness.process(leaves=lambda p: p.words.code == "soak.going-on" and p.words["soaked"] > 30)  # type: ignore[operator]
    harness.world.answers.says = new_says(MISSING)

    assert harness.process().state is State.ROLLED_BACK


def test_a_silent_side_at_a_share_turns_nothing_back_and_a_person_decides(make: Make) -> None:
    harness = asking(make)
    harness.process(leaves=at("Shift 50 %"))
    harness.world.answers.says = new_says(Answer(failure=Failure.TIMEOUT))
    run = harness.process(leaves=resting(State.WAITING))

    assert run.heading is Heading.FORWARD
    assert run.why is not None
    assert run.why.code == "answers.ask"  # type: ignore[union-attr]
    harness.world.answers.says = lambda _q, _p: OK
    harness.ask(RequestKind.APPROVE)
    assert harness.process().state is State.COMPLETED


def test_a_run_whose_requests_are_used_up_asks_a_person_at_once(make: Make) -> None:
    harness = asking(make, replace(FAST, most=24))
    run = harness.process(leaves=resting(State.WAITING))

    assert run.heading is Heading.FORWARD
    assert run.why is not None
    assert run.why.code == "answers.ask"  # type: ignore[union-attr]
    assert "answers.used-up" in str(run.why)
    assert codes(harness).count("answers.asking") < 10
    assert sum(said.words.code == "answers.asking" for said in harness.progress) < 100  # not for ten minutes


def test_a_run_that_may_not_ask_at_all_halts_before_the_first_share(make: Make) -> None:
    harness = asking(make, replace(FAST, most=0))
    run = harness.process(leaves=resting(State.HALTED))

    assert run.state is State.HALTED
    assert "answers.used-up" in str(run.why)


def test_before_the_old_side_is_removed_both_are_compared_once_more(make: Make) -> None:
    harness = asking(make)
    harness.process(leaves=at("Retire"))
    harness.world.answers.says = new_says(MISSING)
    run = harness.process()

    assert run.state is State.ROLLED_BACK


# --- no evidence about clients ------------------------------------------------------------------------------------


def test_with_no_client_at_all_the_verdict_stays_too_few_and_no_soak_is_filled(make: Make) -> None:
    harness = asking(make)
    harness.process(leaves=at("Shift 10 %"))
    harness.world.traffic.rate = 0.0
    asked = len(harness.world.answers.asked)
    harness.process(leaves=after(40))
    judged = [p.seen[Judgement].verdict for p in harness.progress[-30:] if p.seen is not None]
    facts = [p.seen[JournalFacts] for p in harness.progress[-30:] if p.seen is not None]

    assert len(harness.world.answers.asked) >= asked + 12
    assert {v.ruling for v in judged if v is not None} <= {Ruling.TOO_FEW, Ruling.NO_DATA}
    assert all(v.new.requests == 0 for v in judged if v is not None)
    assert {(fact.soaked, fact.requests) for fact in facts} == {(0.0, 0)}


def test_our_own_bad_answers_are_no_bad_answers_of_clients(make: Make) -> None:
    """Both sides answer our question with 503: unproved, which is allowed here; the judge hears nothing of it."""
    harness = asking(make, replace(FAST, allow=(Allowed("known", concerns=(Concern.UNPROVED,)),)))
    harness.world.answers.says = lambda _q, _p: Answer(503)
    run = harness.process()
    ruled = [p.seen[Judgement].verdict for p in harness.progress if p.seen is not None]

    assert run.state is State.COMPLETED
    assert sum(verdict.new.bad + verdict.old.bad for verdict in ruled if verdict is not None) == 0


def test_where_our_requests_cannot_be_told_apart_nothing_is_asked_while_a_window_is_judged(make: Make) -> None:
    """Behind a node port nobody knows which gateway has counted a request."""
    world = FakeWorld(listeners=("l-1",), nodes=2, replicas=2, node_port=30080)
    harness = make(world, replace(AUTO, answers=FAST))
    judged: list[int] = []

    def watched(progress: object) -> bool:
        words = progress.words  # type: ignore[attr-defined]
        judged.append(len(world.answers.asked)) if words.code == "soak.going-on" else judged.append(-1)
        return False

    harness.process(leaves=watched)
    in_soaks = [(a, b) for a, b in pairwise(judged) if a >= 0 and b >= 0]

    assert harness.run.state is State.COMPLETED
    assert world.answers.asked
    assert in_soaks
    assert all(a == b for a, b in in_soaks)


# --- the bound ----------------------------------------------------------------------------------------------------


def test_a_run_never_asks_more_than_its_bound(make: Make) -> None:
    harness = asking(make, replace(FAST, most=60))
    asked = harness.world.answers.asked
    harness.process(leaves=after(800))
    early = len(asked)
    harness.process(leaves=after(200))

    assert 0 < early == len(asked) <= 60


def test_a_run_keeps_its_bound_however_often_its_process_is_killed(make: Make) -> None:
    """What a killed process asked after its last word is counted as the most that it can have asked."""
    harness = asking(make, replace(FAST, rate=2.0, most=150))
    harness.world.answers.says = lambda _q, _p: MISSING
    for _ in range(12):
        harness.process(leaves=after(4))
        with suppress(Killed):
            harness.process(dies_after=60)

    assert 20 < len(harness.world.answers.asked) <= 150
