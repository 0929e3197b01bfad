"""Opens the store's file and puts questions to it over Python's own sqlite3; it never writes.

`status` must answer at once, and importing SQLAlchemy takes longer than all that it does. So what is *read* is plain SQL,
once, for every process (`read/queries.py`); what is *written*, and the tables, are SQLAlchemy's (`write/`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from urllib.parse import quote

from migrator.store.file.faults import as_written, our_words
from migrator.store.file.location import existing
from migrator.store.file.read_transaction import ReadTransaction
from migrator.store.file.schema import READABLE, not_ours, revision

PATIENCE = 5.0


class ReaderConnection:
    """An open store from which one reads. Safe to use from several threads at once; `read` is its transaction."""

    def __init__(self, file: Path, patience: float) -> None:
        self.file = file
        self._patience = patience
        self._one_reads = RLock()
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def opened(cls, where: str | Path, patience: float = PATIENCE) -> ReaderConnection:
        """Open for reading. NotFound for a missing store; StoreError for an older, newer, damaged or foreign one."""
        reader = cls(existing(where), patience)
        try:
            with reader.read() as read:
                found = revision(read, str(reader.file))
            if found not in READABLE:
                raise not_ours(str(reader.file), found)
        except BaseException:
            reader.close()
            raise
        return reader

    def close(self) -> None:
        """Close the connection."""
        with self._one_reads:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    @contextmanager
    def read(self) -> Iterator[ReadTransaction]:
        """Give a transaction that sees one state of the store and writes nothing."""
        with self._one_reads, our_words(str(self.file)), as_written(str(self.file)):
            if self._connection is None:
                self._connection = self._connect()
            self._connection.execute("BEGIN")
            try:
                yield ReadTransaction(self._connection)
            finally:
                self._connection.execute("ROLLBACK")

    def _connect(self) -> sqlite3.Connection:
        """Open read-only. Where not even a lock may be written (a directory for reading alone) the file is read as one that
        nobody changes, unless a log of changes lies beside it: then only the file's own rights help, and that is said."""
        try:
            return self._opened("mode=ro")
        except sqlite3.OperationalError:
            if _may(self.file.parent, os.W_OK) or not _may(self.file, os.R_OK) or _logged(self.file):
                raise
            return self._opened("mode=ro&immutable=1")

    def _opened(self, how: str) -> sqlite3.Connection:
        uri = f"file:{quote(str(self.file))}?{how}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            set_pragmas(connection, self._patience, reading=True)
            connection.execute("SELECT 1 FROM sqlite_master")
        except BaseException:
            connection.close()
            raise
        return connection


def _may(path: Path, how: int) -> bool:
    return os.access(path, how, effective_ids=os.access in os.supports_effective_ids)


def _logged(file: Path) -> bool:
    """Say whether there are changes beside the file that it does not hold yet."""
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0


def set_pragmas(connection: sqlite3.Connection, patience: float, reading: bool) -> None:
    """Set every pragma that the store relies on; the only place that does.

    WAL lets `status` read while a run writes; FULL means that a commit survives a power cut.
    """
    connection.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
    connection.execute("PRAGMA foreign_keys = ON")
    if not reading:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
