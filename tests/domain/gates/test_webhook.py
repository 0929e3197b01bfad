"""A webhook before a step: asked once the other gates are open, waited for, and never in the way of a way back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.gates.begin import OPEN, asks, stopped
from migrator.domain.gates.webhook import ASKED, question
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Ask, Decision, Do, Grant, TurnBack, Wait
from migrator.domain.model.freeze import Freeze
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import Before, GatesSpec, NoYes, OnTimeout, Spec, WebhookSpec
from migrator.domain.observation.gating import Ahead, Frozen, GateQuestion, Heard
from migrator.domain.observation.sighting import JournalFacts, RunPosition, Sighting
from migrator.domain.steps import Drain, Keep, Retire, Shift, Step
from migrator.domain.turn.decide import decide
from migrator.domain.turn.journeys import FORWARD, journey_of
from tests.domain.chain import ALIVE, HALF, NODES, ORIGINALS, SHIFT
from tests.domain.seen import OLD_REF, at, meant, pools, seen, verdict
from tests.fakes.world import SPEC

PLAN = "0123456789abcdef"
ID = "0123456789ab-7-shares-50"


def hooked(then: NoYes = NoYes.HOLD, before: tuple[Before, ...] = tuple(Before), **gates: object) -> Spec:
    hook = WebhookSpec("https://desk.example.com/", before, patience=60.0, then=then)
    return replace(SPEC, gates=GatesSpec(webhook=hook, **gates))  # type: ignore[arg-type]


def position(state: State = State.RUNNING, heading: Heading = Heading.FORWARD) -> RunPosition:
    return RunPosition(state, heading, say("step.keep"), None, 7, PLAN)


def decided(spec: Spec, sighting: Sighting, step: Step = SHIFT) -> Decision:
    return decide(journey_of(FORWARD.name, sighting[RunPosition].heading), spec, step, sighting)


def yes(*questions: str) -> JournalFacts:
    return JournalFacts(weights=meant(pools()), entered_at=at(0), answered=questions)


@pytest.mark.parametrize(
    ("step", "before", "found"),
    [
        pytest.param(SHIFT, tuple(Before), (Before.SHARES, 50.0), id="a share"),
        pytest.param(Drain(Side.OLD, 1.0, OnTimeout.CUT), tuple(Before), (Before.DRAIN, None), id="Drain"),
        pytest.param(Retire(OLD_REF, "u", (), ()), tuple(Before), (Before.RETIRE, None), id="Retire"),
        pytest.param(SHIFT, (Before.DRAIN,), None, id="a share that is not named"),
        pytest.param(Keep(Side.NEW, 100.0, ORIGINALS, NODES), tuple(Before), None, id="Keep"),
        pytest.param(Shift(Side.OLD, 0.0, ORIGINALS), tuple(Before), None, id="the way back"),
        pytest.param(Drain(Side.NEW, 1.0, OnTimeout.CUT), tuple(Before), None, id="the new side's Drain"),
    ],
)
def test_it_is_asked_before_the_steps_that_the_plan_names(
    step: Step, before: tuple[Before, ...], found: tuple[Before, float | None] | None
) -> None:
    asked = question(hooked(before=before), step, seen(position()))

    assert (asked and (asked.before, asked.share)) == found


def test_the_same_step_of_a_run_is_the_same_question() -> None:
    asked = asks(hooked(), SHIFT, seen(position()))

    assert asked == GateQuestion(ID, 7, SPEC.name, SPEC.cluster.namespace, Before.SHARES, 50.0)


@pytest.mark.parametrize(
    ("spec", "facets"),
    [
        pytest.param(SPEC, (position(),), id="a plan without a webhook"),
        pytest.param(hooked(), (position(heading=Heading.BACK),), id="on the way back"),
        pytest.param(hooked(), (position(), yes(OPEN)), id="once the step has begun"),
        pytest.param(hooked(), (position(), Frozen((Freeze("edge"),))), id="while the run is frozen"),
        pytest.param(hooked(hold=(10.0,)), (position(), Ahead(after=10.0)), id="while a person is asked"),
    ],
)
def test_it_is_not_asked_otherwise(spec: Spec, facets: tuple[object, ...]) -> None:
    assert asks(spec, SHIFT, seen(*facets)) is None


def test_its_yes_is_written_down_and_then_the_step_begins() -> None:
    heard = Heard(ID, True, "", 1000.0)

    assert decided(hooked(), seen(position(), heard)) == Grant(OPEN, "webhook")
    assert isinstance(decided(hooked(), seen(position(), yes(OPEN))), Do)


@pytest.mark.parametrize(
    ("then", "heard", "code"),
    [
        (NoYes.HOLD, Heard(), "gate.webhook-asked"),
        (NoYes.HOLD, Heard("another", True, "", 1.0), "gate.webhook-asked"),
        (NoYes.ROLLBACK, Heard(ID, False, "freeze", 1050.0), "gate.webhook"),
        (NoYes.HOLD, Heard(ID, None, say("hook.status", status=500), 1.0), "gate.webhook"),
    ],
)
def test_a_run_waits_for_its_yes(then: NoYes, heard: Heard, code: str) -> None:
    found = decided(hooked(then), seen(position(), heard))

    assert isinstance(found, Wait)
    assert found.reason.code == code


def test_what_it_said_is_told_while_the_run_waits() -> None:
    sighting = seen(position(), Heard(ID, False, "freeze", 1050.0))

    assert [(said.code, said["said_no"], said["why"]) for said in stopped(hooked(), SHIFT, sighting)] == [
        ("gate.webhook", True, "freeze")
    ]
    assert stopped(hooked(), SHIFT, seen(position())) == ()


def test_without_a_yes_in_time_the_plan_says_what_then() -> None:
    late = Heard(ID, None, "no", 1040.0)

    asked = decided(hooked(NoYes.ASK), seen(position(), late))
    back = decided(hooked(NoYes.ROLLBACK), seen(position(), late))

    assert isinstance(asked, Ask)
    assert asked.question.code == ASKED
    assert isinstance(back, TurnBack)
    assert [finding.code for finding in back.findings] == ["gate.no-yes"]


def test_a_person_says_yes_instead() -> None:
    late = Heard(ID, None, "no", 1.0)

    assert decided(hooked(NoYes.ASK), seen(position(), late, yes(ASKED))) == Grant(OPEN, "webhook")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(NoYes)),
    st.builds(
        Heard, st.sampled_from(["", ID]), st.sampled_from([None, True, False]), st.just("why"), st.floats(0, 1100)
    ),
    st.sampled_from(ALIVE),
)
def test_no_answer_keeps_a_run_from_going_back(then: NoYes, heard: Heard, state: State) -> None:
    spec, back = hooked(then), position(state, Heading.BACK)

    assert isinstance(decided(spec, seen(HALF, heard, position(state), verdict(Ruling.ABORT))), TurnBack)
    assert decided(spec, seen(heard, back)) == decided(SPEC, seen(heard, back))
