"""Opening the store: private, brought up to date, and refused in words when it cannot be trusted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from migrator.domain.messages.errors import NotFound, StoreError
from migrator.store import Store, StoreReader
from migrator.store.file.database import Database
from migrator.store.file.schema import HEAD
from tests.store.world import FakeClock, make_plan
from tests.words import refused, text

UNTOUCHED = "run and its traffic are untouched"


def refusal(where: Path | str, *, reading: bool = False) -> str:
    """Open a store that must be refused and give the words."""
    with pytest.raises(StoreError) as caught:
        Store.open(where, FakeClock(), reading=reading, patience=0.05)
    return text(caught.value.message)


def test_a_new_store_and_its_directory_are_private(tmp_path: Path) -> None:
    file = tmp_path / "state" / "migrator" / "store.db"
    store = Store.open(file, FakeClock())
    store.save_plan(make_plan())
    modes = {path.name: os.stat(path).st_mode & 0o777 for path in (file.parent, *file.parent.iterdir())}
    store.close()

    assert modes == {"migrator": 0o700, "store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}


@pytest.mark.parametrize("reading", [False, True])
def test_every_connection_waits_for_others_and_keeps_references(file: Path, reading: bool) -> None:
    with closing(Database.open(file, reading=reading, patience=1.5)) as database, database.read() as tx:
        pragmas = [tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("busy_timeout", "foreign_keys")]

    assert pragmas == [1500, 1]


def test_a_commit_survives_a_power_cut_and_readers_are_not_blocked(file: Path) -> None:
    with closing(Database.open(file)) as database, database.write() as tx:
        pragmas = [tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        with closing(Database.open(file, reading=True)) as reader, reader.read() as other:
            seen = other.exec_driver_sql("SELECT count(*) FROM runs").scalar()

    assert (pragmas, seen) == (["wal", 2], 0)


def test_a_url_and_a_path_name_the_same_store(file: Path) -> None:
    with closing(Store.open(f"sqlite:///{file}", FakeClock())) as store:
        assert store.file == file


def test_a_file_name_with_signs_that_mean_something_in_a_url_is_just_a_name(tmp_path: Path) -> None:
    odd = tmp_path / "100% #1?mode=memory & ü.db"
    with closing(Store.open(odd, FakeClock())):
        assert odd.exists()


def test_another_kind_of_database_is_refused() -> None:
    assert "postgresql database" in refusal("postgresql://ann@db/migrator")


def test_reading_a_store_that_is_not_there_finds_nothing_and_makes_nothing(tmp_path: Path) -> None:
    with refused(NotFound, "store.none-yet"):
        Store.open(tmp_path / "a" / "store.db", FakeClock(), reading=True)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize("size", [10, 200, 5000])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, size: int, reading: bool) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(b"x" * size)
    words = refusal(file, reading=reading)

    assert str(file) in words
    assert "is not a database of migrator" in words
    assert UNTOUCHED in words
    assert file.read_bytes() == b"x" * size


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE invoices (id)")

    assert "another program" in refusal(file)


def test_a_damaged_store_is_refused(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    blob = bytearray(file.read_bytes())
    blob[100:4096] = b"\xff" * 3996
    file.write_bytes(blob)

    assert "is damaged" in refusal(file)


@pytest.mark.parametrize("reading", [False, True])
def test_a_newer_store_is_refused_with_both_revisions(file: Path, reading: bool) -> None:
    with closing(sqlite3.connect(file)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    words = refusal(file, reading=reading)

    assert f"newer migrator (schema 9999, ours is {HEAD})" in words
    assert UNTOUCHED in words


def test_a_locked_store_is_refused_after_waiting_and_named(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        words = refusal(file)

    assert "locked by another process" in words
    assert f"fuser {file}" in words
    assert UNTOUCHED in words


def test_a_store_that_gets_locked_later_fails_the_write_and_not_the_next_one(store: Store) -> None:
    impatient = Store.open(store.file, FakeClock(), patience=0.05)
    with closing(sqlite3.connect(store.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with refused(StoreError, "store.locked", file=str(store.file)):
            impatient.save_plan(make_plan("aa"))
    impatient.save_plan(make_plan("aa"))
    impatient.close()

    assert [plan.id for plan in store.plans()] == ["aa"]


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be a user without special rights, where this process is root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public(blank: Path) -> Iterator[Path]:
    """Give a store that anybody may read and nobody may write."""
    folder = Path(tempfile.mkdtemp())
    file = Path(shutil.copy(blank, folder / "store.db"))
    file.chmod(0o444)
    folder.chmod(0o555)
    yield file
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_store_that_cannot_be_written_is_refused_before_anything_begins(public: Path) -> None:
    with as_nobody():
        words = refusal(public)

    assert str(public) in words
    assert "writable for this user" in words or "may read and write" in words
    assert UNTOUCHED in words


@pytest.mark.parametrize("log", ["none", "left behind"])
def test_a_store_in_a_directory_for_reading_alone_is_read_where_no_log_lies_beside_it(public: Path, log: str) -> None:
    """A backup on a read-only disk is shown; changes that nobody may take in are not left out without a word."""
    with closing(sqlite3.connect(public)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # a store that was closed properly has no log, but says WAL
    if log != "none":
        public.with_name(f"{public.name}-wal").write_bytes(b"x" * 64)
    public.chmod(0o444)
    public.parent.chmod(0o555)
    with as_nobody():
        if log == "none":
            with StoreReader.opened(public, FakeClock()) as store:
                assert store.runs() == []
        else:
            with pytest.raises(StoreError):
                StoreReader.opened(public, FakeClock())


def test_a_directory_is_no_store(tmp_path: Path) -> None:
    assert "cannot be created: it is a directory" in refusal(tmp_path)


def test_reading_does_not_change_one_byte(store: Store, file: Path) -> None:
    store.create_run(make_plan())
    store.close()
    before = file.read_bytes()
    with closing(Store.open(file, FakeClock(), reading=True)) as reader:
        assert reader.runs()
        assert reader.holder(1) is None
        with refused(StoreError, "store.read-only", file=str(file)):
            reader.save_plan(make_plan())

    assert file.read_bytes() == before
