"""What is refused at once when a person asks it of a run: what its plan does not let be set, and a yes of the wrong person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.run.control import ask, starter
from migrator.app.wiring import who
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import codes, say
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import Approver, GatesSpec, LiveRange
from migrator.domain.observation.snapshot import Snapshot
from migrator.store import Store
from tests.app.world import stored
from tests.store.world import make_plan


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stored(tmp_path) as (store, _clock):
        yield store


def waiting(store: Store, holder: str, approver: Approver = Approver.OTHER) -> None:
    plan = make_plan("a1")
    gates, live = GatesSpec(approver=approver), (LiveRange("soak", 300.0, 3600.0),)
    run = store.create_run(replace(plan, spec=replace(plan.spec, gates=gates, live=live)))
    lease = store.acquire(run.id, holder)
    journal = store.journal(run.id, lease)
    journal.looked(Snapshot())
    journal.move(run, state=State.WAITING, why=say("gate.hold", share=50.0, next=say("step.keep")))
    lease.release()


def test_a_value_that_the_plan_lists_is_asked_for(store: Store) -> None:
    waiting(store, f"{who()} pid 7")

    assert ask(store, None, RequestKind.SET, "soak=20m").holder is None
    assert [(each.kind, each.note) for each in store.pending(1)] == [(RequestKind.SET, "soak=20m")]


def test_a_value_that_the_plan_does_not_list_is_refused_at_once(store: Store) -> None:
    waiting(store, f"{who()} pid 7")

    with pytest.raises(UsageError) as refused:
        ask(store, None, RequestKind.SET, "soak=2h")

    assert "live.out-of-range" in codes(refused.value.message)
    assert store.pending(1) == ()


def test_who_began_the_run_may_not_approve_it_where_the_plan_wants_another(store: Store) -> None:
    waiting(store, f"{who()} pid 7")
    assert starter(store, 1) == who()

    with pytest.raises(UsageError) as refused:
        ask(store, None, RequestKind.APPROVE)

    assert refused.value.message.code == "request.same-person"
    assert store.pending(1) == ()


@pytest.mark.parametrize(
    ("holder", "approver"), [("somebody-else@ops pid 7", Approver.OTHER), (f"{who()} pid 7", Approver.ANYONE)]
)
def test_others_may(store: Store, holder: str, approver: Approver) -> None:
    waiting(store, holder, approver)

    ask(store, None, RequestKind.APPROVE)

    assert [each.question for each in store.pending(1)] == ["gate.hold"]


def paused(store: Store) -> None:
    run = store.create_run(make_plan("a1"))
    lease = store.acquire(run.id, "somebody@ops pid 7")
    store.journal(run.id, lease).move(run, state=State.PAUSED)
    lease.release()


def test_a_paused_run_is_not_asked_to_pause_once_more(store: Store) -> None:
    paused(store)

    asked = ask(store, None, RequestKind.PAUSE)

    assert asked.already
    assert store.pending(1) == ()


def test_a_paused_run_that_was_asked_to_go_on_is_asked_to_pause_again(store: Store) -> None:
    paused(store)
    ask(store, None, RequestKind.RESUME)

    asked = ask(store, None, RequestKind.PAUSE)

    assert not asked.already
    assert [each.kind for each in store.pending(1)] == [RequestKind.RESUME, RequestKind.PAUSE]
