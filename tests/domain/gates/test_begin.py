"""Gates before a step: what goes forward waits for them; watching, going back and what has begun never do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.gates.begin import FORWARD_STEPS, HOLD, OPEN, stopped, wait_before
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Ask, Decision, Do, Grant, Settle, TurnBack, Wait, Withdraw
from migrator.domain.model.freeze import Freeze
from migrator.domain.model.runs import Heading, Request, RequestKind, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import BlackoutSpec, GatesSpec, Spec, WindowSpec
from migrator.domain.model.workload import Workload
from migrator.domain.observation.gating import Ahead, Frozen
from migrator.domain.observation.sighting import JournalFacts, Requests, RunPosition, Sighting
from migrator.domain.steps import Confirm, Keep, Preflight, RehearseBack, Retire, Shift, Step
from migrator.domain.turn.decide import decide
from migrator.domain.turn.journeys import FORWARD, journey_of
from tests.domain.chain import ALIVE, HALF, ORIGINALS, SHIFT, course
from tests.domain.seen import NODES, OLD_REF, START, at, meant, opened, pools, seen, verdict, workloads
from tests.fakes.world import SPEC

NEVER = GatesSpec(blackouts=(BlackoutSpec(datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)),))
LONG = Ahead(worst=300.0, back=60.0)
WATCHING: tuple[Step, ...] = (
    Keep(Side.NEW, 100.0, ORIGINALS, NODES),
    RehearseBack(Side.OLD, 0.0, ORIGINALS, NODES),
    Preflight(()),
    Confirm(Side.NEW, 5.0),
)


def gated(**gates: object) -> Spec:
    return replace(SPEC, gates=GatesSpec(**gates))  # type: ignore[arg-type]


def shut() -> Spec:
    return replace(SPEC, gates=NEVER)


def decided(spec: Spec, sighting: Sighting, step: Step = SHIFT) -> Decision:
    return decide(journey_of(FORWARD.name, sighting[RunPosition].heading), spec, step, sighting)


def yes(*questions: str, **more: object) -> JournalFacts:
    return JournalFacts(weights=meant(pools()), entered_at=at(0), answered=questions, **more)  # type: ignore[arg-type]


def test_a_person_is_asked_after_a_share_that_the_plan_holds() -> None:
    found = decided(gated(hold=(10.0,)), seen(Ahead(after=10.0)))

    assert isinstance(found, Ask)
    assert (found.question.code, found.question["share"]) == (HOLD, 10.0)


@pytest.mark.parametrize(
    ("spec", "facets"),
    [
        pytest.param(SPEC, (Ahead(after=10.0),), id="a plan without gates"),
        pytest.param(gated(hold=(90.0,)), (Ahead(after=10.0),), id="after another share"),
        pytest.param(gated(hold=(10.0,)), (Ahead(),), id="after a step that gives no share"),
        pytest.param(gated(hold=(10.0,)), (Ahead(after=10.0), yes(HOLD)), id="once somebody has said yes"),
        pytest.param(shut(), (LONG, yes(OPEN)), id="once the step has begun"),
    ],
)
def test_a_step_that_may_begin_decides_by_itself(spec: Spec, facets: tuple[object, ...]) -> None:
    assert isinstance(decided(spec, seen(*facets)), Do)


def test_the_question_of_a_gate_is_not_withdrawn_because_the_step_could_go_on() -> None:
    waiting = course(State.WAITING)

    assert isinstance(decided(gated(hold=(10.0,)), seen(waiting, Ahead(after=10.0))), Wait)
    assert isinstance(decided(SPEC, seen(waiting, Ahead(after=10.0))), Withdraw)


def test_a_step_that_can_end_and_go_back_in_the_window_begins_and_that_is_written_down() -> None:
    now = START.hour * 60 + START.minute
    found = decided(gated(windows=(WindowSpec(now, now + 10),)), seen(LONG))

    assert found == Grant(OPEN, "plan")


def test_a_step_that_could_end_but_not_go_back_before_the_window_closes_waits() -> None:
    now = START.hour * 60 + START.minute
    spec = gated(windows=(WindowSpec(now, now + 10),))

    found = decided(spec, seen(Ahead(worst=300.0, back=300.0)))

    assert isinstance(found, Wait)
    assert (found.reason.code, found.reason["opens"]) == ("gate.closed", "2026-01-03 03:04:00 UTC")
    assert stopped(spec, SHIFT, seen(Ahead(worst=300.0, back=300.0))) == (found.reason,)


def test_a_step_from_which_no_way_leads_back_needs_only_its_own_time() -> None:
    assert Ahead(worst=300.0, back=None).need == 300.0


def test_nothing_begins_while_nobody_knows_the_zone_of_the_windows() -> None:
    found = wait_before(gated(windows=(WindowSpec(0, 60),), zone="Moon/Sea"), SHIFT, seen())

    assert isinstance(found, Wait)
    assert found.reason.code == "gate.zone-unknown"


@pytest.mark.parametrize("step", WATCHING, ids=lambda step: type(step).__name__)
def test_what_watches_or_takes_back_waits_for_no_window(step: Step) -> None:
    assert wait_before(shut(), step, seen(LONG)) is None


@pytest.mark.parametrize("state", [State.PAUSED, State.WAITING, State.HALTED])
def test_a_run_that_rests_is_not_said_to_wait_for_a_gate(state: State) -> None:
    assert stopped(shut(), SHIFT, seen(LONG, course(state))) == ()


def test_a_gate_says_nothing_of_a_way_back() -> None:
    assert wait_before(shut(), SHIFT, seen(LONG, Frozen(looked=False), course(heading=Heading.BACK))) is None


def test_a_run_that_may_go_on_is_not_said_to_wait() -> None:
    assert stopped(SPEC, SHIFT, seen()) == ()


ROLLBACK = Requests((Request(1, RequestKind.ROLLBACK, "ann", START),))
SETTLED = SetWeights(())
GATES = st.builds(
    GatesSpec,
    st.sets(st.sampled_from([10.0, 50.0, 100.0])).map(tuple),
    st.lists(st.builds(WindowSpec, st.integers(0, 1439), st.integers(0, 1440)), max_size=2).map(tuple),
    st.sampled_from([(), NEVER.blackouts]),
    st.sampled_from(["UTC", "Moon/Sea"]),
)
AHEADS = st.builds(Ahead, st.sampled_from([None, 10.0, 50.0]), st.floats(0, 9e4), st.none() | st.floats(0, 9e4))


@settings(max_examples=80, deadline=None)
@given(GATES, AHEADS, st.sampled_from(ALIVE), st.sampled_from([SHIFT, Shift(Side.OLD, 0.0, ORIGINALS), *WATCHING]))
def test_no_gate_changes_anything_on_the_way_back(gates: GatesSpec, ahead: Ahead, state: State, step: Step) -> None:
    sighting = seen(ahead, course(state, Heading.BACK))

    assert decided(replace(SPEC, gates=gates), sighting, step) == decided(SPEC, sighting, step)


@settings(max_examples=80, deadline=None)
@given(GATES, AHEADS, st.sampled_from(ALIVE))
def test_no_gate_keeps_a_run_from_turning_back(gates: GatesSpec, ahead: Ahead, state: State) -> None:
    spec = replace(SPEC, gates=gates)

    assert isinstance(decided(spec, seen(HALF, ahead, course(state), verdict(Ruling.ABORT))), TurnBack)
    assert isinstance(decided(spec, seen(ahead, course(state), ROLLBACK)), TurnBack)


@settings(max_examples=40, deadline=None)
@given(GATES, AHEADS, st.sampled_from(ALIVE))
def test_no_gate_keeps_a_write_from_being_read_back(gates: GatesSpec, ahead: Ahead, state: State) -> None:
    past = JournalFacts(weights=meant(pools()), open=opened(SETTLED))

    assert isinstance(decided(replace(SPEC, gates=gates), seen(ahead, course(state), past)), Settle)


def test_only_steps_that_go_forward_are_gated() -> None:
    assert not FORWARD_STEPS & {type(step) for step in WATCHING}


FREEZE = Frozen((Freeze("edge", "ann@ops", "2026-01-02", "incident"),))


@pytest.mark.parametrize(
    ("frozen", "past", "code"),
    [
        pytest.param(FREEZE, yes(), "gate.frozen", id="before a step"),
        pytest.param(FREEZE, yes(OPEN, settled_at=at(9)), "gate.frozen", id="in the middle of a step"),
        pytest.param(Frozen(looked=False), yes(), "freeze.not-looked", id="while nobody has looked"),
    ],
)
def test_nothing_goes_forward_while_the_run_is_frozen(frozen: Frozen, past: JournalFacts, code: str) -> None:
    found = decided(SPEC, seen(frozen, past))

    assert isinstance(found, Wait)
    assert found.reason.code == code


def test_a_freeze_leaves_what_watches_alone() -> None:
    assert [wait_before(SPEC, step, seen(FREEZE)) for step in WATCHING] == [None] * len(WATCHING)


def test_a_removal_that_has_begun_is_carried_to_its_end_whoever_freezes_the_run() -> None:
    retire = Retire(OLD_REF, "u", (), ())
    gone = workloads(old=Workload(OLD_REF))

    assert wait_before(SPEC, retire, seen(FREEZE)) is not None
    assert wait_before(SPEC, retire, seen(FREEZE, gone)) is None


def test_a_freeze_that_cannot_be_read_is_told_and_stops_nothing_by_itself() -> None:
    why = say("freeze.unread", place="there", why=verbatim("no"), frozen=False)
    unread = Frozen((), (why,))

    assert stopped(SPEC, SHIFT, seen(unread)) == (why,)
    assert isinstance(decided(SPEC, seen(unread)), Do)
    assert stopped(SPEC, SHIFT, seen(unread, course(heading=Heading.BACK))) == ()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([FREEZE, Frozen(looked=False)]), st.sampled_from(ALIVE))
def test_no_freeze_keeps_a_run_from_going_back(frozen: Frozen, state: State) -> None:
    back = course(state, Heading.BACK)

    assert isinstance(decided(SPEC, seen(HALF, frozen, course(state), verdict(Ruling.ABORT))), TurnBack)
    assert isinstance(decided(SPEC, seen(frozen, course(state), ROLLBACK)), TurnBack)
    assert decided(SPEC, seen(frozen, back)) == decided(SPEC, seen(back))
