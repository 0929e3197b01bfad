"""The fixed chain that decides a turn: requests, guard, open write, duties, step; the first that speaks wins."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.actions import ApplyObject, Op, OpState, PatchObject, SetWeights, Tell, Word
from migrator.domain.decisions import Ask, Decision, Do, Done, Fail, Halt, Obey, Settle, TurnBack, Wait
from migrator.domain.pools import Backend, Capabilities, Health, Pools, Side, Weighted
from migrator.domain.rules import decide, drift
from migrator.domain.runs import Heading, Move, Request, RequestKind, State
from migrator.domain.samples import Ruling
from migrator.domain.sighting import (
    Configs,
    Course,
    Objects,
    Past,
    Requests,
    Ruled,
    Sighting,
    Stale,
    Told,
    Witnessed,
    Workload,
)
from migrator.domain.spec import Approval, OnTimeout
from migrator.domain.steps import Detach, Gate, Shift, Step, VerifyConfig
from tests.domain.seen import (
    FOREIGN,
    NEW,
    NODES,
    OLD,
    OLD_REF,
    START,
    at,
    meant,
    opened,
    pools,
    rows,
    seen,
    told,
    verdict,
    without,
    workloads,
)
from tests.fakes.world import SPEC

BOUNDED = settings(max_examples=100, deadline=None)
ORIGINALS = tuple(Weighted(backend, 100) for backend in OLD)
SHIFT = Shift(Side.NEW, 50.0, ORIGINALS, NODES, soak=10.0, max_soak=20.0, min_requests=5, settle=10.0)
HALF = pools(new=100)
RUNNING, PAUSED, WAITING, HALTED = State.RUNNING, State.PAUSED, State.WAITING, State.HALTED
RESTING = (PAUSED, WAITING, HALTED)


def course(state: State = RUNNING, heading: Heading = Heading.FORWARD) -> Course:
    return Course(state, heading, "Shift 50 %")


def asks(kind: RequestKind) -> Requests:
    return Requests((Request(1, kind, "ben", START, "because"), Request(2, RequestKind.RESUME, "ann", START)))


def decided(sighting: Sighting, step: Step = SHIFT) -> Decision:
    return decide(SPEC, step, sighting)


# --- requests -----------------------------------------------------------------------------------------------------

MEANING = {
    (RUNNING, RequestKind.PAUSE): Move.PAUSE,
    (WAITING, RequestKind.PAUSE): Move.PAUSE,
    (PAUSED, RequestKind.RESUME): Move.RESUME,
    (HALTED, RequestKind.RESUME): Move.RESUME,
    (WAITING, RequestKind.APPROVE): Move.ANSWER,
}
ALIVE = (RUNNING, PAUSED, WAITING, HALTED)
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
def test_a_rollback_turns_back_in_every_state(state: State) -> None:
    found = decided(seen(course(state), asks(RequestKind.ROLLBACK)))

    assert isinstance(found, TurnBack)
    assert found.request is not None
    assert "ben asked" in found.findings[0].problem


def test_a_rollback_on_the_way_back_or_after_the_end_of_the_old_side_is_answered() -> None:
    back = decided(seen(course(heading=Heading.BACK), asks(RequestKind.ROLLBACK)))
    late = decided(seen(workloads(old=Workload(OLD_REF)), asks(RequestKind.ROLLBACK)))

    assert isinstance(back, Obey)
    assert isinstance(late, Obey)
    assert "already" in back.note
    assert "the old workload is gone" in late.note


# --- guard --------------------------------------------------------------------------------------------------------

REFUSED = Witnessed(tries=9, refusals=2, last_error="connection refused")
SICK = pools(new=100, health=Health.UNHEALTHY)
BAD = [
    pytest.param((HALF, REFUSED), "2 new connections in a row", id="refusals"),
    pytest.param((HALF, verdict(Ruling.ABORT, "5 of 100 bad")), "5 of 100 bad", id="an abort"),
    pytest.param((SICK,), "unhealthy", id="sick backends with weight"),
    pytest.param((HALF, Past(weights=meant(HALF), blind_for=301.0)), "nobody could say for 301 s", id="no data"),
    pytest.param(
        (HALF, verdict(Ruling.NO_DATA, "stale"), Past(weights=meant(HALF), blind_for=301.0)),
        "nobody could say",
        id="stale data",
    ),
]


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize(("facets", "words"), BAD)
def test_bad_news_turns_the_run_back_also_while_it_rests(facets: tuple[object, ...], words: str, state: State) -> None:
    found = decided(seen(*facets, course(state)))

    assert isinstance(found, TurnBack)
    assert words in found.findings[0].problem


@pytest.mark.parametrize(("facets", "words"), BAD)
def test_nothing_turns_back_twice_or_without_an_old_side_or_before_there_is_weight(
    facets: tuple[object, ...], words: str
) -> None:
    nowhere = workloads(old=Workload(OLD_REF))
    empty = pools(health=Health.UNHEALTHY)

    assert not isinstance(decided(seen(*facets, course(heading=Heading.BACK))), TurnBack)
    assert not isinstance(decided(seen(*facets, nowhere)), TurnBack)
    assert not isinstance(decided(seen(*facets, empty, Past(weights=meant(empty), blind_for=301.0))), TurnBack)


def test_no_data_holds_where_nothing_is_shifted() -> None:
    found = decided(seen(HALF, Past(weights=meant(HALF), blind_for=301.0)), Gate("sure?", Approval.MANUAL))

    assert isinstance(found, Ask)


def test_a_backend_that_was_raised_unseen_gets_its_time_to_turn_healthy() -> None:
    blind = pools(new=100, capabilities=Capabilities(health_at_zero=False), health=Health.UNHEALTHY)

    early = decided(seen(blind, Past(weights=meant(blind), settled_at=at(95), entered_at=at(0))))
    late = decided(seen(blind, Past(weights=meant(blind), settled_at=at(80), entered_at=at(0))))

    assert isinstance(early, Wait)
    assert isinstance(late, TurnBack)


DRIFTS = [
    pytest.param(HALF, {OLD[0]: (7,)}, "has weight 100, meant was 7", id="another weight"),
    pytest.param(HALF, {Backend("l-1", "10.0.0.9", 8080): (5,)}, "is gone from the balancer", id="gone with weight"),
    pytest.param(HALF, {NEW[1]: None}, "appeared with weight 100", id="appeared with weight"),
]


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize(("standing", "change", "words"), DRIFTS)
def test_somebody_elses_hand_halts_a_running_run_and_is_only_reported_while_it_rests(
    standing: Pools, change: dict[Backend, tuple[int, ...] | None], words: str, state: State
) -> None:
    memory = {b: w for b, w in {**meant(standing), **change}.items() if w is not None}

    found = decided(seen(standing, Past(weights=memory), course(state)))

    assert isinstance(found, Halt if state is RUNNING else Wait)
    assert words in (found.findings[0].problem if isinstance(found, Halt) else found.reason)


@pytest.mark.parametrize(("facets", "words"), BAD[:2])
def test_after_a_halt_for_a_foreign_hand_the_guard_only_reports(facets: tuple[object, ...], words: str) -> None:
    foreign = Past(weights={**meant(HALF), OLD[0]: (7,)})

    assert isinstance(decided(seen(*facets, foreign, course(HALTED))), Wait)
    assert isinstance(decided(seen(*facets, foreign, course(RUNNING))), TurnBack)


def test_the_way_back_outranks_everybody_elses_hand() -> None:
    found = decided(seen(HALF, Past(weights={OLD[0]: (7,)}), course(heading=Heading.BACK)))

    assert not isinstance(found, Halt)


@BOUNDED
@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_a_weight_is_ours_exactly_if_it_was_meant_or_is_being_written(now: int, settled: int, writing: int) -> None:
    standing = Pools((*rows(Side.OLD, OLD[:1], now), *rows(None, (FOREIGN,), 50)))
    write = opened(SetWeights((Weighted(OLD[0], writing),)))

    found = drift(seen(standing, Past(weights={OLD[0]: (settled,)}, open=write)))

    assert bool(found) == (now not in (settled, writing))


# --- open write ---------------------------------------------------------------------------------------------------

WRITE = SetWeights((Weighted(NEW[0], 10),))


def memory(write: object, **more: object) -> Past:
    return Past(weights=meant(pools()), open=write, entered_at=at(0), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("write", "kind"),
    [
        pytest.param(opened(WRITE), Wait, id="just sent, no answer"),
        pytest.param(opened(WRITE, age=3), Fail, id="no answer, and not there"),
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
    sighting = without(seen(memory(opened(action)), course(PAUSED, heading)), Objects, Told)  # type: ignore[arg-type]

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
    past = Past(weights=meant(pools()), entered_at=at(entered), failures=failures)

    assert isinstance(decided(seen(past, course(heading=heading))), kind)


# --- silence, duties, step ----------------------------------------------------------------------------------------

STALE = Stale((("Workloads", "the API server did not answer"),))


def test_nothing_advances_on_what_could_not_be_looked_at_except_the_way_back() -> None:
    forward, back = decided(seen(STALE)), decided(seen(STALE, course(heading=Heading.BACK)))

    assert isinstance(forward, Wait)
    assert "did not answer" in forward.reason
    assert isinstance(back, Do)


def test_a_step_without_its_facets_waits() -> None:
    found = decided(without(seen(), Configs), VerifyConfig(NEW, 10.0))

    assert isinstance(found, Wait)
    assert found.reason == "Configs could not be looked at: not yet"


@pytest.mark.parametrize("state", RESTING)
def test_a_resting_run_neither_advances_nor_writes(state: State) -> None:
    found = decided(seen(course(state)))

    assert isinstance(found, Wait)
    assert "goes on watching" in found.reason


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
    soaked = Past(weights=meant(HALF), entered_at=at(0), settled_at=at(50), soaked=10.0, requests=5)

    assert isinstance(decided(seen(HALF, soaked)), Done)
    assert isinstance(decided(seen(HALF, replace(soaked, soaked=0.0), Ruled())), Wait)
