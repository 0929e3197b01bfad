"""A hook is a step: called until it has succeeded, and the plan says what becomes of the run when it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Ask, Decision, Done, TurnBack, Wait
from migrator.domain.model.freeze import Freeze
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import HookPoint, Unhooked
from migrator.domain.observation.gating import Called, Frozen, HookCall
from migrator.domain.observation.sighting import RunPosition, Sighting
from migrator.domain.steps.asking.hook import ASKED, CallHook
from migrator.domain.turn.decide import decide
from migrator.domain.turn.journeys import FORWARD, journey_of
from tests.domain.chain import ALIVE, HALF
from tests.domain.deciding import decided, past
from tests.domain.seen import seen, verdict
from tests.domain.steps.test_estimates import SCALE
from tests.fakes.world import SPEC
from tests.words import text

HOOK = CallHook("warm", HookPoint.SHARES, True, 50.0, 5.0, 60.0, Unhooked.HOLD, share=50.0)
ID = "0123456789ab-7-warm-after-shares-50"
LATE = Called(ID, False, "why", 1000.0, 3)


def position(state: State = State.RUNNING, heading: Heading = Heading.FORWARD) -> RunPosition:
    return RunPosition(state, heading, say("step.keep"), None, 7, "0123456789abcdef")


def of(step: CallHook, *facets: object) -> Decision:
    return decided(step, position(), *facets)


def test_the_same_step_of_a_run_is_the_same_call() -> None:
    deploy = CallHook("warm", HookPoint.DEPLOY, False, None, 5.0, 60.0, Unhooked.HOLD)

    assert HOOK.call(seen(position())) == HookCall(ID, 7, "warm", True, HookPoint.SHARES, 50.0)
    assert deploy.call(seen(position())).id == "0123456789ab-7-warm-before-deploy"
    assert (text(HOOK.title), text(deploy.title)) == ("Hook warm after Shift 50 %", "Hook warm before Deploy")


@pytest.mark.parametrize(
    ("then", "heard", "kind", "code"),
    [
        pytest.param(Unhooked.HOLD, Called(), Wait, "hook.calling", id="nobody has called yet"),
        pytest.param(Unhooked.HOLD, Called("another", True), Wait, "hook.calling", id="another call"),
        pytest.param(Unhooked.HOLD, Called(ID), Wait, "hook.calling", id="the first call is under way"),
        pytest.param(Unhooked.ASK, Called(ID, True, "", 1.0, 2), Done, "hook.done", id="success"),
        pytest.param(Unhooked.ASK, Called(ID, False, "why", 1090.0), Wait, "hook.again", id="there is time left"),
        pytest.param(Unhooked.HOLD, LATE, Wait, "hook.again", id="hold"),
        pytest.param(Unhooked.ASK, LATE, Ask, ASKED, id="ask"),
        pytest.param(Unhooked.CONTINUE, LATE, Done, "hook.passed-over", id="continue"),
    ],
)
def test_it_waits_for_success_and_then_does_what_the_plan_says(
    then: Unhooked, heard: Called, kind: type[Decision], code: str
) -> None:
    found = of(replace(HOOK, then=then), heard)

    assert isinstance(found, kind)
    said = found.reason if isinstance(found, Wait) else found.question if isinstance(found, Ask) else found.note  # type: ignore[union-attr]  # the kinds above
    assert said is not None
    assert said.code == code


def test_it_sends_the_run_back_where_the_plan_wants_that_and_a_way_back_is_left() -> None:
    back = of(replace(HOOK, then=Unhooked.ROLLBACK), LATE)

    assert isinstance(back, TurnBack)
    assert [finding.code for finding in back.findings] == ["hook.no-success"]
    assert isinstance(of(replace(HOOK, then=Unhooked.ROLLBACK, final=True), LATE), Ask)


def test_a_persons_yes_goes_on_without_it() -> None:
    found = of(replace(HOOK, then=Unhooked.ASK), LATE, past(answered=(ASKED,)))

    assert isinstance(found, Done)
    assert found.note is not None
    assert found.note.code == "hook.waived"


def test_it_stands_as_the_steps_before_it_have_left_the_run() -> None:
    first = replace(HOOK, share=0.0)
    last = replace(HOOK, share=100.0, drained=True, gone=True, final=True)

    assert (HOOK.after_drain, HOOK.keeps, HOOK.ceiling, HOOK.climbs) == (None, (Side.OLD, Side.NEW), 50.0, True)
    assert (first.ceiling, first.climbs, first.is_final) == (100.0, False, False)
    assert (last.after_drain, last.keeps, last.climbs, last.is_final) == (Side.OLD, (Side.NEW,), False, True)


@pytest.mark.parametrize(
    ("step", "worst", "back"),
    [
        (HOOK, None, True),
        (replace(HOOK, then=Unhooked.CONTINUE), 65.0, True),
        (replace(HOOK, then=Unhooked.CONTINUE, final=True), 65.0, False),
    ],
)
def test_its_worst_time_ends_with_its_patience(step: CallHook, worst: float | None, back: bool) -> None:
    found = step.estimate(SCALE)

    assert (found.worst, found.way_back is not None) == (worst, back)


def test_what_keeps_it_from_success_is_told() -> None:
    assert [said.code for said in HOOK.troubles(seen(position(), LATE))] == ["hook.failed"]
    assert HOOK.troubles(seen(position(), Called(ID, True))) == ()
    assert HOOK.troubles(seen(position(), Called("another", False, "why"))) == ()


def chained(sighting: Sighting, step: CallHook = HOOK) -> Decision:
    return decide(journey_of(FORWARD.name, sighting[RunPosition].heading), SPEC, step, sighting)


def test_nothing_is_called_while_the_run_is_frozen() -> None:
    found = chained(seen(position(), Frozen((Freeze("edge"),))))

    assert isinstance(found, Wait)
    assert found.reason.code == "gate.frozen"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(Unhooked)),
    st.builds(
        Called, st.sampled_from(["", ID]), st.sampled_from([None, True, False]), st.just("why"), st.floats(0, 1100)
    ),
    st.sampled_from(ALIVE),
)
def test_no_hook_keeps_a_breach_from_turning_the_run_back(then: Unhooked, heard: Called, state: State) -> None:
    found = chained(seen(position(state), HALF, verdict(Ruling.ABORT), heard), replace(HOOK, then=then))

    assert isinstance(found, TurnBack)
    assert [finding.code for finding in found.findings] == ["judge.abort"]
