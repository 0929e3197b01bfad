"""What a person asks of a run in each state, and that somebody watches while it rests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.app.run.execution import wake
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Obey
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import Approval, DrainSpec, OnTimeout
from migrator.store import Kind
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness, soaked
from tests.fakes.world import NEW_PORT, SPEC, FakeWorld, on, quick
from tests.words import text
from tests.workflow.conftest import Beginnings, Make

ONE = on(replace(SPEC, traffic=replace(SPEC.traffic, soak=2.0)), "l-1")
AUTO = quick(ONE, 1.0)
MANUAL = quick(ONE, 1.0, Approval.MANUAL)


def small() -> FakeWorld:
    """Give a world of two old pods and two nodes."""
    return FakeWorld(listeners=("l-1",), nodes=2, replicas=2)


def at(title: str) -> Callable[[Progress], bool]:
    """Leave when the run has reached this step."""
    return lambda progress: text(progress.titles[progress.run.cursor]) == title


def resting(state: State) -> Callable[[Progress], bool]:
    """Leave when the run is in this state."""
    return lambda progress: progress.run.state is state


def after(turns: int) -> Callable[[Progress], bool]:
    """Leave after some turns."""
    left = iter(range(turns))
    return lambda _progress: next(left, None) is None


def paused(harness: Harness) -> None:
    harness.process(leaves=at("Shift 50 %"))
    harness.ask(RequestKind.PAUSE)
    harness.process(leaves=resting(State.PAUSED))


def waiting(harness: Harness) -> None:
    harness.process(leaves=resting(State.WAITING))


def halted(harness: Harness) -> None:
    harness.process(leaves=at("Shift 50 %"))
    backend = next(b for b in harness.world.weights if b.port == NEW_PORT)
    harness.world.balancer.hand(backend, 77)
    harness.process(leaves=resting(State.HALTED))
    harness.world.balancer.hand(backend, 11)


def running(harness: Harness) -> None:
    harness.process(leaves=at("Shift 50 %"))


RESTS = {State.RUNNING: running, State.PAUSED: paused, State.WAITING: waiting, State.HALTED: halted}


@pytest.mark.parametrize("state", RESTS)
def test_a_rollback_is_legal_in_every_state_that_is_no_end(beginnings: Beginnings, state: State) -> None:
    harness = beginnings.at(RESTS[state], small, MANUAL)
    assert harness.run.state is state

    harness.ask(RequestKind.ROLLBACK, "friday")
    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


@pytest.mark.parametrize(
    ("state", "kind", "after_it"),
    [
        pytest.param(State.RUNNING, RequestKind.PAUSE, State.PAUSED, id="pause while running"),
        pytest.param(State.WAITING, RequestKind.PAUSE, State.PAUSED, id="pause while waiting"),
        pytest.param(State.PAUSED, RequestKind.PAUSE, State.PAUSED, id="pause while paused means nothing"),
        pytest.param(State.HALTED, RequestKind.PAUSE, State.HALTED, id="pause while halted means nothing"),
        pytest.param(State.RUNNING, RequestKind.RESUME, State.RUNNING, id="resume while running means nothing"),
        pytest.param(State.WAITING, RequestKind.RESUME, State.WAITING, id="resume is no approval"),
        pytest.param(State.PAUSED, RequestKind.RESUME, State.RUNNING, id="resume while paused"),
        pytest.param(State.HALTED, RequestKind.RESUME, State.RUNNING, id="resume while halted"),
        pytest.param(State.RUNNING, RequestKind.APPROVE, State.RUNNING, id="approve what nobody asked"),
        pytest.param(State.PAUSED, RequestKind.APPROVE, State.PAUSED, id="approve while paused"),
        pytest.param(State.HALTED, RequestKind.APPROVE, State.HALTED, id="approve while halted"),
        pytest.param(State.WAITING, RequestKind.APPROVE, State.RUNNING, id="approve while waiting"),
    ],
)
def test_a_request_does_what_it_means_in_that_state(
    beginnings: Beginnings, state: State, kind: RequestKind, after_it: State
) -> None:
    harness = beginnings.at(RESTS[state], small, MANUAL)

    harness.ask(kind)
    run = harness.process(leaves=lambda progress: isinstance(progress.decision, Obey))

    assert run.state is after_it
    with harness.store() as store:
        assert store.pending(run.id) == ()


def test_a_yes_to_a_question_that_is_open_no_more_answers_no_other(beginnings: Beginnings) -> None:
    harness = beginnings.at(waiting, small, MANUAL)
    with harness.store() as store:
        store.ask_run(harness.run.id, RequestKind.APPROVE, "ben@ops", question="soak.ask")
    run = harness.process(leaves=lambda progress: isinstance(progress.decision, Obey))

    assert run.state is State.WAITING
    assert "answer.other-question" in str([event.data for event in harness.events()])


def test_an_approval_s_row_names_the_question(beginnings: Beginnings) -> None:
    harness = beginnings.at(waiting, small, MANUAL)
    harness.ask(RequestKind.APPROVE)
    harness.process()

    (row,) = [event for event in harness.events() if event.kind is Kind.APPROVED]
    assert row.data["question"] == "gate.ask"


def test_a_pause_stops_advances_and_a_resume_goes_on_to_the_end(beginnings: Beginnings) -> None:
    harness = beginnings.at(paused, small, AUTO)
    share = harness.world.share

    harness.process(leaves=after(60))
    assert harness.world.share == share
    harness.ask(RequestKind.RESUME)

    assert harness.process().state is State.COMPLETED


def test_one_resume_is_enough_after_a_pause_that_nobody_was_there_to_obey(beginnings: Beginnings) -> None:
    """The process died, somebody asked for a pause, and then somebody resumed: the later wish wins."""
    harness = beginnings.at(running, small, AUTO)
    harness.ask(RequestKind.PAUSE)
    with harness.store() as store:
        wake(store, harness.run, "ann@ops")

    run = harness.process()

    assert run.state is State.COMPLETED
    assert State.PAUSED not in {progress.run.state for progress in harness.progress}


def test_a_resume_of_a_run_that_nobody_asked_to_rest_asks_nothing(beginnings: Beginnings) -> None:
    harness = beginnings.at(running, small, AUTO)
    with harness.store() as store:
        wake(store, harness.run, "ann@ops")

        assert store.pending(harness.run.id) == ()


def test_a_rollback_still_counts_between_a_pause_and_a_resume(beginnings: Beginnings) -> None:
    harness = beginnings.at(running, small, AUTO)
    for kind in (RequestKind.PAUSE, RequestKind.ROLLBACK, RequestKind.RESUME):
        harness.ask(kind)

    assert harness.process().state is State.ROLLED_BACK


def test_a_pause_never_stops_protection(beginnings: Beginnings) -> None:
    harness = beginnings.at(paused, small, AUTO)
    harness.world.traffic.bad[Side.NEW] = 0.5

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert "judge.bad" in str(run.why)


def test_time_that_nobody_watched_is_no_soak(make: Make) -> None:
    harness = make(small(), replace(AUTO, traffic=replace(AUTO.traffic, soak=30.0, max_soak=60.0)))
    harness.process(leaves=lambda progress: soaked(progress, 5))
    harness.world.clock.advance(3600.0)

    harness.process(leaves=after(10))

    assert harness.world.share < 12
    assert "soak.going-on share=10" in harness.words()[-1]


def test_the_end_waits_for_a_yes_and_then_comes(beginnings: Beginnings) -> None:
    harness = beginnings.at(waiting, small, MANUAL)
    assert "gate.ask" in str(harness.run.why)
    harness.process(leaves=after(20))
    assert harness.run.state is State.WAITING

    harness.ask(RequestKind.APPROVE)

    assert harness.process().state is State.COMPLETED


def test_connections_that_will_not_go_are_asked_about_and_cut_with_consent(make: Make) -> None:
    harness = make(small(), replace(MANUAL, drain=DrainSpec(3.0, OnTimeout.HOLD)))
    harness.world.traffic.stuck.add(Side.OLD)
    waiting(harness)
    assert "drain.ask" in str(harness.run.why)

    harness.ask(RequestKind.APPROVE)
    waiting(harness)
    harness.ask(RequestKind.APPROVE)

    assert harness.process().state is State.COMPLETED
    assert harness.world.balancer.harm == []


def test_a_question_about_connections_is_withdrawn_when_the_last_one_goes(make: Make) -> None:
    harness = make(small(), replace(MANUAL, drain=DrainSpec(3.0, OnTimeout.HOLD)))
    harness.world.traffic.stuck.add(Side.OLD)
    waiting(harness)
    assert "drain.ask" in str(harness.run.why)
    harness.world.traffic.stuck.clear()

    waiting_at_the_gate = harness.process(
        leaves=lambda progress: progress.run.state is State.WAITING and "drain.ask" not in str(progress.run.why)
    )

    assert "gate.ask" in str(waiting_at_the_gate.why)
    assert "ask.withdrawn why=(drain.done side=old)" in harness.words()
    assert [event for event in harness.events() if event.kind is Kind.APPROVED] == []


def test_a_second_rollback_is_answered_and_changes_nothing(beginnings: Beginnings) -> None:
    harness = beginnings.at(running, small, AUTO)
    harness.ask(RequestKind.ROLLBACK)
    harness.ask(RequestKind.ROLLBACK)

    assert harness.process().state is State.ROLLED_BACK
    assert any("answer.on-the-way-back" in words for words in harness.words())


def test_after_the_old_workload_is_gone_there_is_no_way_back(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=at("Confirm new"))
    harness.ask(RequestKind.ROLLBACK)

    assert harness.process().state is State.COMPLETED
    assert any("answer.old-gone" in words for words in harness.words())


def test_a_way_back_can_be_paused_and_resumed(beginnings: Beginnings) -> None:
    harness = beginnings.at(running, small, AUTO)
    harness.ask(RequestKind.ROLLBACK)
    harness.process(leaves=at("Drain new"))
    harness.ask(RequestKind.PAUSE)
    run = harness.process(leaves=resting(State.PAUSED))
    assert run.heading is Heading.BACK

    harness.ask(RequestKind.RESUME)

    assert harness.process().state is State.ROLLED_BACK
