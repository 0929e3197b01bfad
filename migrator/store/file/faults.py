"""What a database's refusals mean for the operator, in words. Nothing here branches on an error's text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from migrator.domain.messages.errors import StoreError

UNTOUCHED = "The run and its traffic are untouched: weights stay where they are until a process can write again."

SAYINGS = {
    sqlite3.SQLITE_BUSY: (
        "is locked by another process",
        "see who has it open with `fuser {file}`, let it finish or stop it, then repeat the command",
    ),
    sqlite3.SQLITE_LOCKED: ("is locked inside this process", "repeat the command"),
    sqlite3.SQLITE_READONLY: (
        "cannot be written",
        "make the file and its directory writable for this user, or name another database with --store",
    ),
    sqlite3.SQLITE_PERM: ("may not be used by this user", "make the file and its directory writable for this user"),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened",
        "check that the directory exists and that this user may read and write the file",
    ),
    sqlite3.SQLITE_NOTADB: (
        "is not a database of migrator",
        "name the right file with --store; if this is the right one, restore it from a backup",
    ),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "keep a copy, then `sqlite3 {file} .recover`, or restore it from a backup"),
    sqlite3.SQLITE_FULL: ("has no room: the disk is full", "free some space, then repeat the command"),
    sqlite3.SQLITE_IOERR: ("could not be read or written by the disk", "check the disk, then repeat the command"),
}


def refusal(file: str, what: str, remedy: str) -> StoreError:
    """Give the error that names the file, what is wrong, what that means for traffic, and the remedy."""
    return StoreError(f"The store {file} {what}. {UNTOUCHED} To go on: {remedy.format(file=file)}.")


def in_words(file: str, error: BaseException) -> StoreError:
    """Give sqlite3's error, or SQLAlchemy's around it, in the operator's words, told apart by its error code."""
    origin = getattr(error, "orig", None) or error
    code = getattr(origin, "sqlite_errorcode", 0)
    what, remedy = SAYINGS.get(
        code & 0xFF, (f"could not be used: {origin}", "look at the cause, then repeat the command")
    )
    return refusal(file, what, remedy)


@contextmanager
def our_words(file: str, *also: type[Exception]) -> Iterator[None]:
    """Turn sqlite3's errors, and those of a library around it, into StoreError, with the original as its cause."""
    errors: tuple[type[Exception], ...] = (sqlite3.Error, *also)
    try:
        yield
    except errors as error:
        raise in_words(file, error) from error
