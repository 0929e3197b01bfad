"""Which run is meant when nobody names one."""

from __future__ import annotations

from pathlib import Path

from migrator.app.run.control import pick
from migrator.app.run.execution import cancel
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import State
from tests.app.world import stored
from tests.store.world import make_plan


def test_a_run_that_never_began_does_not_stand_before_one_that_did(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _clock):
        first = store.create_run(make_plan("a1"))
        lease = store.acquire(first.id, "ann")
        store.journal(first.id, lease).move(first, state=State.COMPLETED)
        lease.release()
        second = store.create_run(make_plan("a2"))
        assert pick(store, None).id == second.id

        cancel(store, second, verbatim("not today"))

        assert pick(store, None).id == first.id
        assert pick(store, str(second.id)).state is State.CANCELLED
