"""What the journal keeps, and what a turn gets to know from it."""

from __future__ import annotations

import pytest

from migrator.domain.messages.errors import LeaseLost
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Rate, Ruling, Verdict
from migrator.store import Kind, Store
from migrator.store.codec.messages import load
from tests.store.conftest import Driven
from tests.store.world import BACK, FORWARD, NEW, OLD, FakeClock
from tests.words import refused

BEGUN = verbatim("begun")


def test_an_intent_is_open_until_a_later_look_settles_it(store: Store, driven: Driven, clock: FakeClock) -> None:
    entry = driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(OLD, 90),)), verbatim("one step down"))

    write = driven.journal.past(driven.run, driven.plan).open
    assert write is not None
    assert (write.entry, write.op, write.intended_at) == (entry, None, clock.now())
    assert write.action == SetWeights((Weighted(OLD, 90),))
    assert store.open_write(driven.run.id) == write

    driven.journal.accept(entry, Op("tencent", "task-1"))
    accepted = driven.journal.past(driven.run, driven.plan).open
    assert accepted is not None
    assert accepted.op == Op("tencent", "task-1")

    driven.journal.settle(entry)
    past = driven.journal.past(driven.run, driven.plan)
    assert past.open is None
    assert past.settled_at == clock.now()


def test_the_plans_weights_are_what_a_run_accounts_for_at_its_start(driven: Driven) -> None:
    assert dict(driven.journal.past(driven.run, driven.plan).weights) == {OLD: (100,)}


def test_an_open_weight_is_allowed_besides_the_settled_one_and_alone_once_it_is_settled(driven: Driven) -> None:
    entry = driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(OLD, 90),)), BEGUN)
    open_now = driven.journal.past(driven.run, driven.plan).weights[OLD]
    driven.journal.settle(entry)
    settled = driven.journal.past(driven.run, driven.plan).weights[OLD]

    assert open_now == (100, 90)
    assert settled == (90,)


def test_a_failed_batch_may_have_been_applied_in_part_until_a_later_one_is_settled(driven: Driven) -> None:
    first = driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(OLD, 90),)), BEGUN)
    driven.journal.fail(first, verbatim("the task failed"))
    past = driven.journal.past(driven.run, driven.plan)
    second = driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(OLD, 80),)), BEGUN)
    both = driven.journal.past(driven.run, driven.plan)
    driven.journal.settle(second)
    after = driven.journal.past(driven.run, driven.plan)

    assert (past.weights[OLD], past.failures, past.open) == ((100, 90), 1, None)
    assert both.weights[OLD] == (100, 90, 80)
    assert (after.weights[OLD], after.failures) == ((80,), 0)


@pytest.mark.parametrize("ends", [pytest.param(end, id=end) for end in ("open", "settled", "failed")])
def test_a_registered_backend_may_weigh_nothing_but_zero(driven: Driven, ends: str) -> None:
    entry = driven.journal.intend(Heading.FORWARD, 0, Register((NEW, OLD)), BEGUN)
    if ends == "settled":
        driven.journal.settle(entry)
    if ends == "failed":
        driven.journal.fail(entry, verbatim("timeout"))

    assert dict(driven.journal.past(driven.run, driven.plan).weights) == {OLD: (100,), NEW: (0,)}


def test_a_deregistered_backend_is_absent_once_that_is_settled_and_zero_when_it_comes_back(driven: Driven) -> None:
    gone = driven.journal.intend(Heading.FORWARD, 0, Deregister((OLD,)), BEGUN)
    before = dict(driven.journal.past(driven.run, driven.plan).weights)
    driven.journal.settle(gone)
    after = dict(driven.journal.past(driven.run, driven.plan).weights)
    driven.journal.intend(Heading.BACK, 0, Register((OLD,)), BEGUN)
    back = dict(driven.journal.past(driven.run, driven.plan).weights)

    assert (before, after, back) == ({OLD: (100,)}, {}, {OLD: (0,)})


def test_the_providers_reference_of_a_backend_survives(store: Store, driven: Driven) -> None:
    driven.journal.intend(Heading.FORWARD, 0, Register((Backend("l", "10.0.0.9", 1, "eni-7"),)), BEGUN)
    write = store.open_write(driven.run.id)

    assert write is not None
    assert isinstance(write.action, Register)
    assert write.action.backends[0].ref == "eni-7"


def test_a_move_changes_the_run_and_writes_its_row_together(store: Store, driven: Driven, clock: FakeClock) -> None:
    clock.sleep(5)
    moved = driven.journal.move(driven.run, state=State.RUNNING, cursor=1, why=BEGUN, note=verbatim("by hand"))

    assert store.run(driven.run.id) == moved
    assert (moved.state, moved.cursor, moved.why, moved.updated_at) == (State.RUNNING, 1, BEGUN, clock.now())
    last = store.events(driven.run.id)[-1]
    assert (last.kind, last.step, last.data["state"]) == (Kind.MOVED, 1, "running")
    assert load(last.data["note"]) == verbatim("by hand")


def test_a_turn_back_saves_the_route_with_the_heading(store: Store, driven: Driven) -> None:
    running = driven.journal.move(driven.run, state=State.RUNNING)
    driven.journal.move(running, state=State.RUNNING, heading=Heading.BACK, cursor=0, route=BACK)

    assert store.run(driven.run.id).heading is Heading.BACK
    assert store.route(driven.run.id, Heading.BACK) == BACK
    assert store.route(driven.run.id, Heading.FORWARD) == FORWARD


def test_a_turn_back_that_cannot_save_its_route_leaves_the_run_as_it_was(store: Store, driven: Driven) -> None:
    from migrator.domain.messages.errors import StoreError

    running = driven.journal.move(driven.run, state=State.RUNNING)
    rows = len(store.events(driven.run.id))
    with pytest.raises(StoreError):
        driven.journal.move(running, state=State.RUNNING, heading=Heading.FORWARD, cursor=1, route=BACK)

    assert store.run(driven.run.id) == running
    assert len(store.events(driven.run.id)) == rows


def test_a_move_from_a_place_where_the_run_is_not_is_refused(store: Store, driven: Driven) -> None:
    driven.journal.move(driven.run, state=State.RUNNING, cursor=1)
    with refused(LeaseLost, "lease.run-moved", run=driven.run.id):
        driven.journal.move(driven.run, state=State.CANCELLED)

    assert store.run(driven.run.id).state is State.RUNNING


def test_soaked_time_is_summed_per_step_and_survives_the_process(store: Store, driven: Driven) -> None:
    run = driven.journal.move(driven.run, state=State.RUNNING)
    driven.journal.passed(1.5, 20)
    driven.journal.passed(1.25, 22)
    here = store.past(run, driven.plan)
    further = driven.journal.move(run, state=State.RUNNING, cursor=1)
    driven.journal.passed(0.5, 3)
    there = store.past(further, driven.plan)

    assert (here.soaked, here.requests) == (2.75, 42)
    assert (there.soaked, there.requests) == (0.5, 3)


def test_a_streak_grows_with_its_ruling_and_ends_with_any_other(driven: Driven) -> None:
    found = []
    for ruling in (Ruling.HOLD, Ruling.HOLD, Ruling.NO_DATA, Ruling.NO_DATA, Ruling.TOO_FEW):
        driven.journal.ruled(ruling, 1.5)
        past = driven.journal.past(driven.run, driven.plan)
        found.append((past.held_for, past.blind_for))

    assert found == [(1.5, 0), (3.0, 0), (0, 1.5), (0, 3.0), (0, 0)]


def test_a_yes_counts_for_the_step_it_was_given_at_and_remembers_what_it_may_cut(driven: Driven) -> None:
    run = driven.journal.move(driven.run, state=State.RUNNING)
    driven.journal.approve(say("step.drain", side=Side.OLD), "ann", Side.OLD)
    here = driven.journal.past(run, driven.plan)
    further = driven.journal.move(run, state=State.RUNNING, cursor=1)
    there = driven.journal.past(further, driven.plan)

    assert (here.approved, here.approved_by, here.consents) == (True, "ann", (Side.OLD,))
    assert (there.approved, there.approved_by, there.consents) == (False, "", (Side.OLD,))


def test_a_yes_to_one_question_is_no_yes_to_another_and_one_without_a_question_is_to_all(driven: Driven) -> None:
    """Older versions wrote no question down: what they let through goes on being let through."""
    run = driven.journal.move(driven.run, state=State.RUNNING)
    driven.journal.approve(say("step.detach", side=Side.NEW), "ann", question="back.ask-to-remove")
    one = driven.journal.past(run, driven.plan)
    driven.journal.approve(say("step.detach", side=Side.NEW), "ben")
    every = driven.journal.past(run, driven.plan)
    there = driven.journal.past(driven.journal.move(run, state=State.RUNNING, cursor=1), driven.plan)

    assert (one.said_yes("back.ask-to-remove"), one.said_yes("detach.ask"), one.approved_by) == (True, False, "ann")
    assert (every.said_yes("back.ask-to-remove"), every.said_yes("detach.ask")) == (True, True)
    assert (there.answered, there.approved) == ((), False)


def test_a_step_begins_when_the_cursor_reaches_it_and_anew_when_a_halt_is_resumed(
    driven: Driven, clock: FakeClock
) -> None:
    run = driven.journal.move(driven.run, state=State.RUNNING)
    began = clock.now()
    clock.sleep(60)
    run = driven.journal.move(run, state=State.PAUSED)
    run = driven.journal.move(run, state=State.RUNNING)
    paused = driven.journal.past(run, driven.plan).entered_at
    clock.sleep(60)
    run = driven.journal.move(run, state=State.HALTED)
    halted = driven.journal.past(run, driven.plan).entered_at
    run = driven.journal.move(run, state=State.RUNNING)
    resumed = driven.journal.past(run, driven.plan).entered_at

    assert (paused, halted, resumed) == (began, began, clock.now())


def test_every_kind_of_row_can_be_read_back_in_order(store: Store, driven: Driven) -> None:
    journal = driven.journal
    entry = journal.intend(Heading.FORWARD, 0, Register((NEW,)), verbatim("attach"))
    journal.accept(entry, Op("tencent", "t"))
    journal.settle(entry)
    journal.fail(journal.intend(Heading.FORWARD, 0, Register((NEW,)), verbatim("again")), verbatim("no"))
    journal.ask(verbatim("May it begin?"))
    journal.approve(say("step.gate"), "ann")
    journal.move(driven.run, state=State.RUNNING)
    journal.verdict(Verdict(Ruling.PASS, verbatim("fine"), "scrape", Rate(10, 0), Rate(10, 0), (), 1.0, 7.0))
    journal.note("takeover", verbatim("from bob"))

    events = store.events(driven.run.id)
    assert [event.kind.value for event in events] == (
        [
            "moved",
            "intended",
            "accepted",
            "settled",
            "intended",
            "failed",
            "asked",
            "approved",
            "moved",
            "verdict",
            "noted",
        ]
    )
    assert [event.id for event in events] == sorted(event.id for event in events)
    assert {event.answers for event in events if event.kind in (Kind.ACCEPTED, Kind.SETTLED)} == {entry}
    assert events[1].data["action"]["kind"] == "register"
    assert store.events(driven.run.id, after=events[3].id, limit=2) == events[4:6]
