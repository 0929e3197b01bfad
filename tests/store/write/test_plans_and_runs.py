"""Plans and runs are found again by what a person remembers of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from migrator.domain.messages.errors import LeaseHeld, NotFound, StoreError
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.runs import Heading, Request, RequestKind, State
from migrator.store import Kind, Store
from migrator.store.codec.messages import load
from tests.store.conftest import Driven
from tests.store.world import FORWARD, START, FakeClock, make_plan
from tests.words import refused


def test_a_plan_comes_back_as_it_was_saved_even_to_another_process(store: Store, clock: FakeClock) -> None:
    plan = make_plan("4f2a9c01")
    store.save_plan(plan)
    store.save_plan(plan)
    other = Store.open(store.file, clock, reading=True)

    assert other.plan("4f2a9c01") == plan
    other.close()


def test_another_plan_under_the_same_id_is_refused(store: Store) -> None:
    store.save_plan(make_plan("aa"))
    with refused(StoreError, "store.another-plan", plan="aa"):
        store.save_plan(make_plan("aa", digest="f" * 64))


def test_the_beginning_of_an_id_is_enough_when_it_is_the_only_one(store: Store) -> None:
    for id in ("4f2a", "4f2b", "4f2b00", "9c"):
        store.save_plan(make_plan(id))

    assert store.plan("9").id == "9c"
    assert store.plan("4f2b").id == "4f2b", "a whole id is meant, though another begins with it"
    with refused(NotFound, "plan.not-unique", prefix="4f", plans=("4f2a", "4f2b", "4f2b00")):
        store.plan("4f")


@pytest.mark.parametrize("name", ["", "x", "%", "_", "9c0"])
def test_a_plan_that_is_not_there_is_not_found(store: Store, name: str) -> None:
    store.save_plan(make_plan("9c"))
    with refused(NotFound, "plan.unknown", plan=name):
        store.plan(name)


def test_the_newest_plan_that_was_never_run_is_the_one_to_run(store: Store) -> None:
    assert store.newest_unrun_plan() is None
    plans = [make_plan(id, at=START + timedelta(minutes=n)) for n, id in enumerate(("bb", "aa", "cc"))]
    for plan in plans:
        store.save_plan(plan)
    store.create_run(plans[2])

    assert store.newest_unrun_plan() == plans[1]
    assert [(plan.id, plan.runs) for plan in store.plans()] == [("cc", 1), ("aa", 0), ("bb", 0)]
    assert (store.was_run("cc"), store.was_run("aa"), store.was_run("none")) == (True, False, False)


def test_a_run_begins_as_planned_with_its_forward_route_saved(store: Store, clock: FakeClock) -> None:
    plan = make_plan(name="istio-ingress")
    run = store.create_run(plan)

    assert (run.state, run.heading, run.cursor, run.created_at) == (State.PLANNED, Heading.FORWARD, 0, clock.now())
    assert store.route(run.id, Heading.FORWARD) == FORWARD
    assert [event.kind for event in store.events(run.id)] == [Kind.MOVED]
    with refused(NotFound, "run.no-route", heading=Heading.BACK):
        store.route(run.id, Heading.BACK)


def test_a_run_is_found_by_its_number_or_the_newest_by_its_name(store: Store) -> None:
    first = store.create_run(make_plan(name="edge"))
    second = store.create_run(make_plan(name="edge"))
    numbered = store.create_run(make_plan(name="77"))

    assert store.run(first.id) == store.run(str(first.id)) == first
    assert store.run("edge") == second
    assert store.run("77") == numbered
    assert store.runs() == [numbered, second, first]


@pytest.mark.parametrize("name", [0, -1, 99, "99", "nobody", "", "9" * 40, "²"])
def test_a_run_that_is_not_there_is_not_found(store: Store, name: int | str) -> None:
    with refused(NotFound, "run.unknown", run=str(name)):
        store.run(name)


def test_a_request_is_pending_until_it_is_obeyed_and_needs_no_lease(
    store: Store, driven: Driven, clock: FakeClock
) -> None:
    other = Store.open(store.file, clock)
    pause = other.ask_run(driven.run.id, RequestKind.PAUSE, "eve@ops", "lunch")
    resume = other.ask_run(driven.run.id, RequestKind.RESUME, "eve@ops")
    before = store.pending(driven.run.id)
    driven.journal.obeyed(pause.id, say("answer.done"))
    other.close()

    assert before == (pause, resume)
    assert pause == Request(pause.id, RequestKind.PAUSE, "eve@ops", clock.now(), "lunch")
    assert store.pending(driven.run.id) == (resume,)
    last = store.events(driven.run.id)[-1]
    assert (last.kind, last.answers, load(last.data["note"])) == (Kind.OBEYED, pause.id, say("answer.done"))
    assert store.verify_chain(driven.run.id) is None


def test_a_request_to_one_run_is_not_pending_for_another(store: Store, driven: Driven) -> None:
    other = store.create_run(make_plan())
    store.ask_run(other.id, RequestKind.ROLLBACK, "eve@ops")

    assert store.pending(driven.run.id) == ()


def test_nothing_can_be_asked_of_a_run_that_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound):
        store.ask_run(99, RequestKind.PAUSE, "eve@ops")


def test_two_runs_are_held_and_written_independently(store: Store, driven: Driven) -> None:
    other = store.create_run(make_plan())
    lease = store.acquire(other.id, "eve@ops pid 2")
    store.journal(other.id, lease).note("a", verbatim("b"))
    driven.journal.note("c", verbatim("d"))

    with pytest.raises(LeaseHeld):
        store.acquire(other.id, "ann@ops pid 1")
    with pytest.raises(ValueError, match="the lease is of run"):
        store.journal(driven.run.id, lease)
    assert store.verify_chain(driven.run.id) is None
    assert store.verify_chain(other.id) is None
    lease.release()


def test_a_store_moved_elsewhere_still_works(store: Store, driven: Driven, clock: FakeClock, tmp_path: Path) -> None:
    store.close()
    moved = store.file.rename(tmp_path / "moved.db")
    with_it = Store.open(moved, clock)

    assert with_it.run(driven.run.id) == driven.run
    with_it.close()
    moved.rename(store.file)
