"""Who watches before a run has begun waits for it; who watches after it has ended does not wait for another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.inspect.awaiting import MAKING, Watch, begun
from migrator.app.run.execution import cancel
from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.findings import Severity, worded
from migrator.domain.messages.message import say
from tests.app.world import stored, walked
from tests.store.world import make_plan

BLOCKS = worded("pool.strange", Severity.BLOCK, "lbl-80", "it is strange", "10.9.9.9:80", "take it off")


def test_without_a_store_or_a_run_there_is_nothing_to_watch_yet(tmp_path: Path) -> None:
    file = str(tmp_path / "migrator.db")
    none = begun(file)
    with stored(tmp_path) as (store, _):
        store.save_plan(make_plan("a1"))

    assert (none, begun(file)) == (None, None)


def test_the_run_that_has_begun_is_watched(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        run = store.create_run(make_plan("a1"))
    found = begun(str(tmp_path / "migrator.db"))

    assert found is not None
    assert found.id == run.id


def test_a_run_that_has_ended_is_shown_unless_a_newer_plan_can_be_run(tmp_path: Path) -> None:
    file = str(tmp_path / "migrator.db")
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        if not store.run(run.id).ended:
            cancel(store, store.run(run.id), say("run.cancelled"))
    ended = begun(file)
    with stored(tmp_path) as (store, clock):
        clock.sleep(600)
        later = replace(make_plan("b2"), created_at=clock.now())
        store.save_plan(replace(later, findings=(BLOCKS,)))
    blocked = begun(file)
    with stored(tmp_path) as (store, clock):
        clock.sleep(1200)
        store.save_plan(replace(make_plan("c3"), created_at=clock.now()))

    assert ended is not None
    assert blocked is not None
    assert begun(file) is None


def test_a_store_that_is_just_being_made_is_waited_for_and_one_that_stays_unreadable_is_told(tmp_path: Path) -> None:
    file = tmp_path / "migrator.db"
    file.write_bytes(b"no database, and long enough to be seen as none" * 20)
    watch = Watch(str(file))

    assert [watch.begun() for _ in range(MAKING)] == [None] * MAKING
    with pytest.raises(StoreError):
        watch.begun()
    file.unlink()
    assert watch.begun() is None
