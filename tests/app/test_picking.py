"""Which run and which plan are meant when nobody names one, and when nobody guesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from migrator.app.run.execution import cancel
from migrator.app.run.picking import EQUALLY, newest_to_run, pick, pick_one, told_beside
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import Run, State
from migrator.domain.model.spec import ListenerSpec
from migrator.domain.planning.plan import Plan
from migrator.domain.turn.journeys import FOLLOW
from migrator.store import Store
from tests.app.world import stored
from tests.store.world import START, make_plan


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stored(tmp_path) as (store, _clock):
        yield store


def of(gateway: str, id: str, age: timedelta = timedelta()) -> Plan:
    """Give a plan of a gateway of its own, made so long before the newest."""
    plan = make_plan(id, name=gateway, at=START - age)
    balancer = replace(plan.spec.balancer, id=f"lb-{gateway}", listeners=(ListenerSpec(f"lbl-{gateway}", 80),))
    spec = replace(plan.spec, source=replace(plan.spec.source, name=gateway), balancer=balancer)
    return replace(plan, spec=spec)


def begun(store: Store, plan: Plan, state: State = State.RUNNING) -> Run:
    """Give a run that has come into a state."""
    run = store.create_run(plan)
    lease = store.acquire(run.id, "ann")
    moved = store.journal(run.id, lease).move(run, state=state)
    lease.release()
    return moved


def test_a_run_that_never_began_does_not_stand_before_one_that_did(store: Store) -> None:
    first = begun(store, make_plan("a1"), State.COMPLETED)
    second = store.create_run(make_plan("a2"))
    assert pick(store, None).id == second.id

    cancel(store, second, verbatim("not today"))

    assert pick(store, None).id == first.id
    assert pick(store, str(second.id)).state is State.CANCELLED


def test_of_two_gateways_runs_the_newest_is_shown_the_other_is_told_and_neither_is_changed_without_its_name(
    store: Store,
) -> None:
    first, second = begun(store, of("a", "a1")), begun(store, of("b", "b1"), State.PAUSED)

    assert pick(store, None).id == second.id
    assert str(told_beside(store, second)).count("run.of-several") == 2
    with pytest.raises(UsageError) as refused:
        pick_one(store, None)
    assert refused.value.message.code == "run.several"
    assert pick_one(store, str(first.id)).id == first.id


def ends(store: Store) -> None:
    begun(store, of("a", "a1"), State.COMPLETED)


def follows(store: Store) -> None:
    begun(store, replace(of("a", "a1"), way=FOLLOW.name))


def never_began(store: Store) -> None:
    store.create_run(of("a", "a1"))


@pytest.mark.parametrize("beside", [ends, follows, never_began])
def test_what_has_ended_follows_or_never_began_is_not_as_much_meant(store: Store, beside: object) -> None:
    run = begun(store, of("b", "b1"))
    beside(store)  # type: ignore[operator]

    assert pick_one(store, None).id == run.id
    assert told_beside(store, run) is None


def test_the_newest_plan_is_run_where_all_others_are_of_the_same_gateway(store: Store) -> None:
    newest = of("a", "a2")
    for plan in (of("a", "a1", timedelta(minutes=5)), newest):
        store.save_plan(plan)

    assert newest_to_run(store) == newest


def test_plans_of_two_gateways_are_equally_meant_and_the_refusal_names_both(store: Store) -> None:
    for plan in (of("a", "a1", timedelta(minutes=5)), of("b", "b1")):
        store.save_plan(plan)

    with pytest.raises(UsageError) as refused:
        newest_to_run(store)

    assert refused.value.message.code == "plan.several"
    assert [name in str(refused.value.message) for name in ("a1", "b1")] == [True, True]


def too_old(store: Store) -> None:
    store.save_plan(of("a", "a1", EQUALLY + timedelta(seconds=1)))


def was_run(store: Store) -> None:
    begun(store, of("a", "a1", timedelta(minutes=5)), State.ROLLED_BACK)


def moved_since(store: Store) -> None:
    store.save_plan(of("a", "a1", timedelta(minutes=5)))
    begun(store, of("a", "a2", timedelta(minutes=4)), State.COMPLETED)


@pytest.mark.parametrize("beside", [too_old, was_run, moved_since])
def test_a_plan_that_nobody_means_any_more_stands_in_no_ones_way(store: Store, beside: object) -> None:
    newest = of("b", "b1")
    beside(store)  # type: ignore[operator]
    store.save_plan(newest)

    assert newest_to_run(store) == newest


def test_without_a_plan_that_was_never_run_nothing_begins(store: Store) -> None:
    with pytest.raises(UsageError) as refused:
        newest_to_run(store)

    assert refused.value.message.code == "plan.none-to-run"
