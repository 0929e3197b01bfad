"""A disk that is full: the room that was kept for a way back is freed, and only a way back uses it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from migrator.app.run.execution import with_room
from migrator.domain.messages.errors import StoreError
from migrator.domain.model.runs import RequestKind, Run
from migrator.store import Store
from migrator.store.file import reserve
from migrator.store.file.database import Database
from tests.store.world import make_plan
from tests.words import refused


def fill(tx: Connection) -> None:
    """Write more than there is room for: SQLite says of a file that may not grow what it says of a disk that is full."""
    tx.execute(text("PRAGMA max_page_count = 1"))
    tx.execute(text("CREATE TABLE too_much (words TEXT)"))
    for _ in range(1000):
        tx.execute(text(f"INSERT INTO too_much VALUES ('{'x' * 100_000}')"))


def begun(store: Store) -> Run:
    return store.create_run(make_plan("a1"))


def test_room_is_kept_once_and_is_there(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    kept = [reserve.keep(store, 7, 1 << 16) for _ in range(2)]
    found = reserve.reserve_of(store, 7).stat()
    reserve.free(store, 7)

    assert kept == [True, True]
    assert (found.st_size, found.st_blocks * 512 >= 1 << 16, found.st_mode & 0o777) == (1 << 16, True, 0o600)
    assert list(tmp_path.iterdir()) == []


def test_room_that_is_not_there_is_not_kept_and_takes_none(tmp_path: Path) -> None:
    assert not reserve.keep(tmp_path / "store.db", 7, 1 << 60)
    assert not reserve.keep(tmp_path / "no" / "store.db", 7)
    assert list(tmp_path.iterdir()) == []


def test_room_is_never_kept_where_a_link_leads(tmp_path: Path) -> None:
    prey = tmp_path / "prey"
    prey.write_text("kept")
    reserve.reserve_of(tmp_path / "store.db", 7).symlink_to(prey)

    assert not reserve.keep(tmp_path / "store.db", 7)
    assert prey.read_text() == "kept"


def test_a_full_disk_frees_the_room_of_every_run_once_and_says_what_it_is_for(file: Path) -> None:
    for run in (7, 8):
        reserve.keep(file, run, 1 << 16)
    with closing(Database.open(file)) as database:
        for code in ("store.disk-full-with-room", "store.disk-full"):
            with refused(StoreError, code), database.write() as tx:
                fill(tx)

    assert not list(file.parent.glob("*.reserve"))


def test_another_fault_of_the_store_frees_nothing(file: Path) -> None:
    reserve.keep(file, 7, 1 << 16)
    with closing(Database.open(file)) as database, pytest.raises(StoreError), database.write() as tx:
        tx.execute(text("SELECT nothing FROM nowhere"))

    assert reserve.reserve_of(file, 7).exists()


def test_a_run_goes_forward_only_while_there_is_room_for_its_way_back(store: Store, file: Path) -> None:
    run = begun(store)
    with_room(store, run, make_plan("a1"))
    kept = reserve.reserve_of(file, run.id).exists()
    store.free_room(run.id)
    reserve.reserve_of(file, run.id).symlink_to("nowhere/else")  # what cannot be made, as on a full disk

    assert kept
    with refused(StoreError, "store.no-room", run=run.id):
        with_room(store, run, make_plan("a1"))


def test_a_run_that_somebody_takes_back_needs_no_room(store: Store, file: Path) -> None:
    run = begun(store)
    reserve.reserve_of(file, run.id).symlink_to("nowhere/else")
    store.ask_run(run.id, RequestKind.ROLLBACK, "ann@host")

    with_room(store, run, make_plan("a1"))


def test_only_a_full_disk_is_one() -> None:
    assert not reserve.is_full(None)
    assert not reserve.is_full(sqlite3.OperationalError("disk is full"))
