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

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words
from migrator.store.file.faults import as_written, our_words
from migrator.store.file.location import existing, file_of
from migrator.store.file.read_transaction import ReadTransaction
from migrator.store.file.reader_connection import PATIENCE, ReaderConnection, set_pragmas
from migrator.store.file.reserve import free_all, is_full
from migrator.store.file.schema import HEAD, READABLE, known, newer, not_ours, revision


def make_private(file: Path) -> None:
    """Create the file (0600) and its directory (0700) where they are missing: plans hold whole manifests."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_RDONLY, 0o600))
    except OSError as error:
        raise StoreError(say("store.not-created", file=str(file), why=in_words(error))) from error


class Database:
    """One open store: `write` and `read` are its transactions. Safe to use from several threads at once."""

    def __init__(self, file: Path, engine: Engine, reader: ReaderConnection) -> None:
        self.file = file
        self.reader = reader
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
        file = existing(where) if reading else file_of(where)
        if not reading:
            make_private(file)
        return cls(file, _engine(file, reading, patience), ReaderConnection(file, patience))

    def close(self) -> None:
        """Close every connection."""
        self.reader.close()
        self._engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that holds the write lock from its first line and commits at the end of the block.

        StoreError of a full disk frees the room that is kept for a way back, and says so.
        """
        try:
            with self.write_aside() as tx:
                yield tx
        except StoreError as error:
            if is_full(error.__cause__) and free_all(self.file):
                raise StoreError(say("store.disk-full-with-room", file=str(self.file))) from error
            raise

    @contextmanager
    def write_aside(self) -> Iterator[Connection]:
        """Give such a transaction for what no run rests on: a full disk costs no way back its room for the sake of it."""
        with our_words(str(self.file), SQLAlchemyError), self._engine.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one state of the store and writes nothing."""
        file = str(self.file)
        with our_words(file, SQLAlchemyError), as_written(file), self._reading.begin() as tx:
            yield tx

    def _settle_schema(self, reading: bool) -> None:
        # The write lock is asked for on opening, so that a store that cannot be written is refused before anything begins.
        with self.read() if reading else self.write() as tx:
            found = revision(reading_within(tx), str(self.file))
        if found == HEAD or (reading and found in READABLE):
            return
        if reading:
            raise not_ours(str(self.file), found)
        if not known(found):
            raise newer(str(self.file), str(found))
        from migrator.store.file.migrate import keep_copy, migrate  # alembic takes long to import, and is rarely needed

        if found is not None:
            keep_copy(self.file, found)
        with self.write() as tx:
            migrate(tx)


def reading_within(tx: Connection) -> ReadTransaction:
    """Put questions within a transaction that writes, over the same connection of the driver."""
    connection = tx.connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return ReadTransaction(connection)


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
