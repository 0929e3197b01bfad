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
    if isinstance(origin, sqlite3.OperationalError) and not hasattr(origin, "sqlite_errorcode"):
        return say("store.damaged-value", file=file, why=str(origin))  # Python's own, of a text that is no UTF-8
    return known.get(getattr(origin, "sqlite_errorcode", 0) & 0xFF) or say("store.unusable", file=file, why=str(origin))


@contextmanager
def as_written(file: str) -> Iterator[None]:
    """Turn what goes wrong while stored values are read into StoreError: migrator wrote none that cannot be read again.

    A flipped bit in a page that SQLite cannot check shows here: a time that is none, a word of no set, a key that is missing.
    """
    try:
        yield
    except (ValueError, LookupError, TypeError) as error:
        why = f"{type(error).__name__}: {error}"
        raise StoreError(say("store.damaged-value", file=file, why=why)) from error


@contextmanager
def our_words(file: str, *also: type[Exception]) -> Iterator[None]:
    """Turn sqlite3's errors, and those of a library around it, into StoreError, with the original as its cause."""
    errors: tuple[type[Exception], ...] = (sqlite3.Error, *also)
    try:
        yield
    except UnicodeDecodeError as error:  # sqlite3's own, of a schema or a message that is damaged
        raise StoreError(say("store.damaged", file=file)) from error
    except errors as error:
        raise StoreError(fault(file, error)) from error
