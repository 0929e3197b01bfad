"""What a database's refusals mean for the operator, as messages. Nothing here branches on an error's text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import Message, say


def fault(file: str, error: BaseException) -> Message:
    """Give what sqlite3's error, or SQLAlchemy's around it, means for the operator, told apart by its error code."""
    origin = getattr(error, "orig", None) or error
    known = {
        sqlite3.SQLITE_BUSY: say("store.locked", file=file),
        sqlite3.SQLITE_LOCKED: say("store.locked-inside", file=file),
        sqlite3.SQLITE_READONLY: say("store.read-only", file=file),
        sqlite3.SQLITE_PERM: say("store.forbidden", file=file),
        sqlite3.SQLITE_CANTOPEN: say("store.not-opened", file=file),
        sqlite3.SQLITE_NOTADB: say("store.no-database", file=file),
        sqlite3.SQLITE_CORRUPT: say("store.damaged", file=file),
        sqlite3.SQLITE_FULL: say("store.disk-full", file=file),
        sqlite3.SQLITE_IOERR: say("store.disk-fails", file=file),
    }
    return known.get(getattr(origin, "sqlite_errorcode", 0) & 0xFF) or say("store.unusable", file=file, why=str(origin))


@contextmanager
def our_words(file: str, *also: type[Exception]) -> Iterator[None]:
    """Turn sqlite3's errors, and those of a library around it, into StoreError, with the original as its cause."""
    errors: tuple[type[Exception], ...] = (sqlite3.Error, *also)
    try:
        yield
    except errors as error:
        raise StoreError(fault(file, error)) from error
