"""Opens the store's file and puts questions to it over Python's own sqlite3; it never writes.

`status` must answer at once, and importing SQLAlchemy takes longer than all that it does. So what is *read* is plain SQL,
once, for every process (`asked.py`); what is *written*, and the tables, are SQLAlchemy's (`database.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from migrator.domain.model.errors import NotFound, StoreError
from migrator.store.faults import our_words, refusal

HEAD = "0003"
"""The schema revision that this code reads and writes; a test keeps it equal to the newest file in `migrations/`."""

PATIENCE = 5.0
SCHEME = "sqlite:///"
TIMES = frozenset(
    {"at", "created_at", "updated_at", "acquired_at", "renewed_at", "released_at", "began_at", "kept_at", "left_at"}
)
"""Columns that hold an instant: SQLite keeps it as text without its zone, which is UTC. A test holds the tables to this."""


class Reading:
    """One transaction's questions. A row has its columns as attributes, instants among them aware and in UTC."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # A row's attributes are the question's columns, so a row is of any type.
    def rows(self, question: str, **given: str | int) -> list[Any]:
        """Give every row."""
        cursor = self._connection.execute(question, given)
        names = [column[0] for column in cursor.description]
        return [SimpleNamespace(**{n: _value(n, v) for n, v in zip(names, row, strict=True)}) for row in cursor]

    def first(self, question: str, **given: str | int) -> Any:
        """Give the first row, None where there is none."""
        return next(iter(self.rows(question, **given)), None)


def _value(name: str, stored: Any) -> Any:
    if name in TIMES and stored is not None:
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored


class Reads:
    """An open store of which one reads. Safe to use from several threads at once; `read` is its transaction."""

    def __init__(self, file: Path, patience: float) -> None:
        self.file = file
        self._patience = patience
        self._one_reads = RLock()
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def opened(cls, where: str | Path, patience: float = PATIENCE) -> Reads:
        """Open for reading. NotFound for a missing store; StoreError for an older, newer, damaged or foreign one."""
        reads = cls(existing(where), patience)
        try:
            with reads.read() as asking:
                found = revision(asking, str(reads.file))
            if found != HEAD:
                raise not_ours(str(reads.file), found)
        except BaseException:
            reads.close()
            raise
        return reads

    def close(self) -> None:
        """Close the connection."""
        with self._one_reads:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """Give a transaction that sees one state of the store and writes nothing."""
        with self._one_reads, our_words(str(self.file)):
            if self._connection is None:
                self._connection = self._connect()
            self._connection.execute("BEGIN")
            try:
                yield Reading(self._connection)
            finally:
                self._connection.execute("ROLLBACK")

    def _connect(self) -> sqlite3.Connection:
        uri = f"file:{quote(str(self.file))}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            set_pragmas(connection, self._patience, reading=True)
        except BaseException:
            connection.close()
            raise
        return connection


def set_pragmas(connection: sqlite3.Connection, patience: float, reading: bool) -> None:
    """Set every pragma that the store relies on; the only place that does.

    WAL lets `status` read while a run writes; FULL means that a commit survives a power cut.
    """
    connection.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
    connection.execute("PRAGMA foreign_keys = ON")
    if not reading:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def file_of(where: str | Path) -> Path:
    """Give the database file of a path or `sqlite:///path`; StoreError for another kind of database."""
    words = str(where)
    if words.startswith(SCHEME):
        words = words.removeprefix(SCHEME)
    elif "://" in words:
        scheme = words.split("://", 1)[0]
        raise StoreError(
            f"--store names a {scheme} database, and this version keeps its runs in SQLite files only. Nothing was "
            "changed. Give a path, or sqlite:///path."
        )
    return Path(words).expanduser().absolute()


def existing(where: str | Path) -> Path:
    """Give the database file; NotFound when there is none yet."""
    file = file_of(where)
    if not file.exists():
        raise NotFound(f"There is no store at {file} yet, so there is no plan and no run. `migrator plan` makes it.")
    return file


def revision(asking: Reading, file: str) -> str | None:
    """Give the schema revision in the file, None for an empty file; StoreError for another program's database."""
    names = {row.name for row in asking.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" in names:
        found = asking.first("SELECT version_num FROM alembic_version")
        return None if found is None else str(found.version_num)
    if names - {"sqlite_sequence"}:
        raise refusal(file, "is a database of another program", "name the right file with --store")
    return None


def not_ours(file: str, found: str | None) -> StoreError:
    """Give the refusal of a schema that is not this code's, to somebody who may only read."""
    from migrator.store.migrate import known  # alembic takes long to import, and is rarely needed

    if not known(found):
        return newer(file, str(found))
    remedy = "run `migrator plan` or `migrator resume` once: a command that writes brings it up to date"
    return refusal(file, f"has the older schema {found or 'of an empty file'}, ours is {HEAD}", remedy)


def newer(file: str, found: str) -> StoreError:
    """Give the refusal of a store that a newer migrator wrote."""
    remedy = "install the newer migrator again, or name another database with --store"
    return refusal(file, f"was written by a newer migrator (schema {found}, ours is {HEAD})", remedy)
