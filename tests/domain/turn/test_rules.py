"""The fixed chain that decides a turn: requests, guard, open write, duties, step; the first that speaks wins."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import ApplyObject, Op, OpState, PatchObject, SetWeights, Tell, Word
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.decisions import Do, Done, Fail, Halt, Obey, Settle, TurnBack, Wait, Withdraw
from migrator.domain.model.runs import Heading, Move, Request, RequestKind, State
from migrator.domain.model.spec import Approval, OnTimeout
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import (
    Configs,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Judgement,
    Objects,
    Requests,
    Stale,
    Workloads,
)
from migrator.domain.steps import Detach, Drain, Gate, Step, TellToStay, VerifyConfig
from tests.domain.chain import ALIVE, HALF, HALTED, PAUSED, RUNNING, SHIFT, WAITING, course, decided
from tests.domain.seen import NEW, OLD, OLD_REF, START, at, counts, meant, opened, pools, seen, told, without, workloads


def asks(kind: RequestKind) -> Requests:
    return Requests((Request(1, kind, "ben", START, "because"), Request(2, RequestKind.APPROVE, "ann", START)))


# --- requests -----------------------------------------------------------------------------------------------------

MEANING = {
    (RUNNING, RequestKind.PAUSE): Move.PAUSE,
    (WAITING, RequestKind.PAUSE): Move.PAUSE,
    (PAUSED, RequestKind.RESUME): Move.RESUME,
    (HALTED, RequestKind.RESUME): Move.RESUME,
    (WAITING, RequestKind.APPROVE): Move.ANSWER,
}
PLAIN_KINDS = (RequestKind.PAUSE, RequestKind.RESUME, RequestKind.APPROVE)


@pytest.mark.parametrize(("state", "heading", "kind"), list(itertools.product(ALIVE, Heading, PLAIN_KINDS)), ids=str)
def test_a_request_is_obeyed_first_and_means_one_thing_in_each_state(
    state: State, heading: Heading, kind: RequestKind
) -> None:
    found = decided(seen(course(state, heading), asks(kind)))

    assert isinstance(found, Obey)
    assert (found.request.id, found.move) == (1, MEANING.get((state, kind)))
    assert (found.move is None) == bool(found.note)


@pytest.mark.parametrize("state", ALIVE)
def test_a_pause_is_not_obeyed_when_a_resume_was_asked_for_after_it(state: State) -> None:
    wishes = Requests((Request(1, RequestKind.PAUSE, "ben", START), Request(2, RequestKind.RESUME, "ann", START)))

    found = decided(seen(course(state), wishes))

    assert found == Obey(wishes.pending[0], None, say("answer.resumed-since"))


def test_a_pause_after_a_resume_is_obeyed() -> None:
    found = decided(seen(course(RUNNING), Requests((Request(2, RequestKind.PAUSE, "ben", START),))))

    assert isinstance(found, Obey)
    assert found.move is Move.PAUSE


def test_a_rollback_counts_though_a_resume_was_asked_for_after_it() -> None:
    wishes = Requests((Request(1, RequestKind.ROLLBACK, "ben", START), Request(2, RequestKind.RESUME, "ann", START)))

    assert isinstance(decided(seen(course(RUNNING), wishes)), TurnBack)


@pytest.mark.parametrize("state", ALIVE)
def test_a_rollback_turns_back_in_every_state(state: State) -> None:
    found = decided(seen(course(state), asks(RequestKind.ROLLBACK)))

    assert isinstance(found, TurnBack)
    assert found.request is not None
    assert (found.findings[0].code, found.findings[0]["by"]) == ("rollback.asked", "ben")


def test_a_rollback_on_the_way_back_or_after_the_end_of_the_old_side_is_answered() -> None:
    back = decided(seen(course(heading=Heading.BACK), asks(RequestKind.ROLLBACK)))
    late = decided(seen(workloads(old=Workload(OLD_REF)), asks(RequestKind.ROLLBACK)))

    assert isinstance(back, Obey)
    assert isinstance(late, Obey)
    assert back.note == say("answer.on-the-way-back")
    assert late.note == say("answer.old-gone")


# --- open write ---------------------------------------------------------------------------------------------------

WRITE = SetWeights((Weighted(NEW[0], 10),))


def memory(write: object, **more: object) -> JournalFacts:
    return JournalFacts(weights=meant(pools()), open=write, entered_at=at(0), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("write", "kind"),
    [
        pytest.param(opened(WRITE), Wait, id="just sent, no answer"),
        pytest.param(opened(WRITE, age=13), Fail, id="no answer, and not there"),
        pytest.param(opened(WRITE, Op("lb", "1"), OpState.RUNNING, 300), Wait, id="a running job"),
        pytest.param(opened(WRITE, Op("lb", "1"), OpState.RUNNING, 601), Fail, id="a job that never ends"),
        pytest.param(opened(WRITE, Op("lb", "1"), OpState.FAILED), Fail, id="a failed job"),
        pytest.param(opened(WRITE, Op("lb", "1"), OpState.LOST, 1), Wait, id="a lost job"),
        pytest.param(opened(WRITE, Op("lb", "1"), OpState.LOST, 3), Fail, id="a lost job, and not there"),
        pytest.param(opened(WRITE, Op("lb"), OpState.DONE, 10), Wait, id="done, not there yet"),
        pytest.param(opened(WRITE, Op("lb"), OpState.DONE, 16), Fail, id="done, never there"),
        pytest.param(opened(SetWeights((Weighted(OLD[0], 100),))), Settle, id="read back"),
    ],
)
@pytest.mark.parametrize("state", [RUNNING, PAUSED])
def test_an_open_write_is_settled_only_by_what_is_seen(write: object, kind: type[object], state: State) -> None:
    found = decided(seen(memory(write), course(state)))

    assert isinstance(found, kind)


@pytest.mark.parametrize("heading", Heading)
@pytest.mark.parametrize("action", [WRITE, PatchObject(OLD_REF, {}, "u"), ApplyObject({}), Tell(Side.NEW, Word.GO, ())])
def test_a_write_whose_target_cannot_be_looked_at_is_waited_for_or_left_behind(
    heading: Heading, action: object
) -> None:
    sighting = without(seen(memory(opened(action)), course(PAUSED, heading)), Objects, GatewaySignals)  # type: ignore[arg-type]

    found = decided(sighting)

    left = heading is Heading.BACK and not isinstance(action, SetWeights)
    assert isinstance(found, Fail if left else Wait)


@pytest.mark.parametrize(
    ("failures", "entered", "heading", "kind"),
    [
        pytest.param(5, -60, Heading.FORWARD, Halt, id="five for minutes"),
        pytest.param(4, -60, Heading.FORWARD, Do, id="four"),
        pytest.param(5, 60, Heading.FORWARD, Do, id="five within a minute"),
        pytest.param(5, -60, Heading.BACK, Do, id="on the way back"),
    ],
)
def test_writes_that_keep_failing_need_a_person(
    failures: int, entered: float, heading: Heading, kind: type[object]
) -> None:
    past = JournalFacts(weights=meant(pools()), entered_at=at(entered), failures=failures)

    assert isinstance(decided(seen(past, course(heading=heading))), kind)


# --- silence, duties, step ----------------------------------------------------------------------------------------

GATE = Gate(verbatim("sure?"), Approval.MANUAL)
DRAINED = pools(old=0, new=100)
DRAIN = Drain(Side.OLD, 50.0, OnTimeout.HOLD)
LATE = JournalFacts(weights=meant(DRAINED), entered_at=at(0))
SILENCE = verbatim("The API server did not answer.")
STALE = Stale(((Workloads, SILENCE),))


def test_nothing_advances_on_what_could_not_be_looked_at_except_the_way_back() -> None:
    forward, back = decided(seen(STALE)), decided(seen(STALE, course(heading=Heading.BACK)))

    assert isinstance(forward, Wait)
    assert forward.reason == say("look.silent", why=(SILENCE,), guard=say("protection.no-weight"))
    assert isinstance(back, Do)


def test_who_is_not_let_in_is_told_so_and_what_still_watches() -> None:
    denied = Stale(((Workloads, SILENCE),), frozenset({Workloads}))
    found = decided(seen(HALF, denied))

    assert isinstance(found, Wait)
    assert found.reason == say("look.denied", why=(SILENCE,), guard=say("protection.by", eyes=(say("eye.health"),)))


BACKWARD, STAY = course(heading=Heading.BACK), TellToStay(Side.OLD)


def test_a_way_back_leaves_the_telling_for_later_while_the_cluster_cannot_be_seen() -> None:
    going = told(old=Word.GO)
    blind, clear = decided(seen(going, STALE, BACKWARD), STAY), decided(seen(going, BACKWARD), STAY)

    assert blind == Done(say("step.follows", why=(SILENCE,)))
    assert isinstance(clear, Do)


def test_the_old_gateways_are_told_to_stay_as_soon_as_the_cluster_leads_to_them() -> None:
    drain = Drain(Side.NEW, 10.0, OnTimeout.HOLD)
    going = told(old=Word.GO)
    late, blind = decided(seen(going, BACKWARD), drain), decided(seen(going, STALE, BACKWARD), drain)

    assert isinstance(late, Do)
    assert isinstance(late.action, Tell)
    assert (late.action.side, late.action.word) == (Side.OLD, Word.STAY)
    assert not isinstance(blind, Do) or blind.action != late.action


def test_a_step_without_its_facets_waits() -> None:
    found = decided(without(seen(), Configs), VerifyConfig(NEW, 10.0))

    assert isinstance(found, Wait)
    assert found.reason == say("look.unseen", facets=("Configs",), why=(say("look.not-yet"),))


@pytest.mark.parametrize(("state", "step"), [(PAUSED, SHIFT), (HALTED, SHIFT), (WAITING, GATE)], ids=str)
def test_a_resting_run_neither_advances_nor_writes(state: State, step: Step) -> None:
    found = decided(seen(course(state)), step)

    assert isinstance(found, Wait)
    assert found.reason == say("rests", state=state, what=say("protection.no-weight"))


def test_a_gateway_that_forgot_to_go_is_told_again_once_its_side_was_drained() -> None:
    drained = pools(old=0, new=100)
    detach = Detach(Side.OLD, OnTimeout.HOLD, 5.0)

    again = decided(seen(drained), detach)
    weighted = decided(seen(HALF), detach)
    kept = decided(seen(drained, told(old=Word.GO)), detach)

    assert isinstance(again, Do)
    assert isinstance(again.action, Tell)
    assert isinstance(weighted, Halt)
    assert not (isinstance(kept, Do) and isinstance(kept.action, Tell))


def test_the_step_speaks_last() -> None:
    soaked = JournalFacts(weights=meant(HALF), entered_at=at(0), settled_at=at(50), soaked=10.0, requests=5)

    assert isinstance(decided(seen(HALF, soaked)), Done)
    assert isinstance(decided(seen(HALF, replace(soaked, soaked=0.0), Judgement())), Wait)


def test_a_question_that_answers_itself_is_withdrawn() -> None:
    gone = decided(seen(DRAINED, told(old=Word.GO), LATE, course(WAITING)), DRAIN)
    forgetful = decided(seen(DRAINED, LATE, course(WAITING)), DRAIN)

    assert isinstance(gone, Withdraw)
    assert gone.note == say("ask.withdrawn", why=say("drain.done", side=Side.OLD))
    assert isinstance(forgetful, Withdraw)


@pytest.mark.parametrize(
    "facets",
    [
        pytest.param((counts(old=3),), id="the connections are still there"),
        pytest.param((counts(old=None),), id="nobody knows"),
        pytest.param((ConnectionCounts(),), id="a new process has not counted yet"),
        pytest.param((STALE,), id="the look was not whole"),
        pytest.param((course(PAUSED),), id="paused meanwhile"),
    ],
)
def test_a_question_stands_while_it_is_one(facets: tuple[object, ...]) -> None:
    found = decided(seen(DRAINED, told(old=Word.GO), LATE, course(WAITING), *facets), DRAIN)

    assert isinstance(found, Wait)


def test_a_question_is_not_withdrawn_on_facets_that_nobody_looked_at() -> None:
    found = decided(without(seen(DRAINED, LATE, course(WAITING)), GatewaySignals), DRAIN)

    assert isinstance(found, Wait)
