"""Opens the one file that a run is remembered in, brings an older one up to date, refuses what it cannot trust.

It creates, reads and writes that file and its directory; it never changes the rights of one that exists already.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import ConnectionPoolEntry

from migrator.domain.errors import NotFound, StoreError
from migrator.store.faults import our_words, refusal
from migrator.store.tables import HEAD

PATIENCE = 5.0
SCHEME = "sqlite:///"


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


def make_private(file: Path) -> None:
    """Create the file (0600) and its directory (0700) where they are missing: plans hold whole manifests."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_RDONLY, 0o600))
    except OSError as error:
        remedy = "check the path and the rights of this user, or name another database with --store"
        raise refusal(str(file), f"cannot be created: {error.strerror}", remedy) from error


class Database:
    """One open store: `write` and `read` are its transactions. Safe to use from several threads at once."""

    def __init__(self, file: Path, engine: Engine) -> None:
        self.file = file
        self._engine = engine
        self._reading = engine.execution_options(reading=True)

    @classmethod
    def open(cls, where: str | Path, *, reading: bool = False, patience: float = PATIENCE) -> Database:
        """Open the store and make sure that its schema is this code's.

        An older one is brought up to date (not when `reading`, which never writes); a newer one, one of another
        program, a locked, read-only or damaged one raises StoreError; a missing one raises NotFound when `reading`.
        """
        database = cls.connect(where, reading=reading, patience=patience)
        try:
            database._settle_schema(reading)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def connect(cls, where: str | Path, *, reading: bool = False, patience: float = PATIENCE) -> Database:
        """Open without looking at the schema (for `alembic` on the command line)."""
        file = file_of(where)
        if not reading:
            make_private(file)
        elif not file.exists():
            raise NotFound(
                f"There is no store at {file} yet, so there is no plan and no run. `migrator plan` makes it."
            )
        return cls(file, _engine(file, reading, patience))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that holds the write lock from its first line and commits at the end of the block."""
        with our_words(str(self.file)), self._engine.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one state of the store and writes nothing."""
        with our_words(str(self.file)), self._reading.begin() as tx:
            yield tx

    def _settle_schema(self, reading: bool) -> None:
        # The write lock is asked for on opening, so that a store that cannot be written is refused before anything begins.
        with self.read() if reading else self.write() as tx:
            found = revision(tx, str(self.file))
        if found == HEAD:
            return
        from migrator.store.migrate import known, migrate  # alembic takes long to import, and is rarely needed

        if not known(found):
            remedy = "install the newer migrator again, or name another database with --store"
            raise refusal(str(self.file), f"was written by a newer migrator (schema {found}, ours is {HEAD})", remedy)
        if reading:
            remedy = "run `migrator plan` or `migrator resume` once: a command that writes brings it up to date"
            raise refusal(str(self.file), f"has the older schema {found or 'of an empty file'}, ours is {HEAD}", remedy)
        migrate(self, found)


def revision(tx: Connection, file: str) -> str | None:
    """Give the schema revision in the file, None for an empty file; StoreError for another program's database."""
    names = set(tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
    if "alembic_version" in names:
        found = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)
    if names - {"sqlite_sequence"}:
        raise refusal(file, "is a database of another program", "name the right file with --store")
    return None


def _engine(file: Path, reading: bool, patience: float) -> Engine:
    mode = "ro" if reading else "rw"
    engine = create_engine(f"sqlite:///file:{quote(str(file))}?mode={mode}&uri=true")

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin late, and never for a read
        with our_words(str(file)):
            set_pragmas(connection, patience, reading)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        only_reads = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

    return engine
