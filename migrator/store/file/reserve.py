"""Room on the disk that is kept beside the store while a run goes on: its way back can be journaled when the disk is full.

Forward a run goes only while the room is there; it is given up when the disk is full, and kept again by the next process.
"""

from __future__ import annotations

import contextlib
import glob
import os
import sqlite3
from pathlib import Path

SIZE = 4 << 20
"""Bytes: a way back of a thousand backends writes less than half of that."""


def reserve_of(store: Path, run_id: int) -> Path:
    """Give the file that takes a run's room."""
    return store.with_name(f"{store.name}.run-{run_id}.reserve")


def keep(store: Path, run_id: int, size: int = SIZE) -> bool:
    """Take the run's room unless it is taken already; say whether it is."""
    file = reserve_of(store, run_id)
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return False
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError:
        free(store, run_id)
        return False
    finally:
        os.close(descriptor)
    return True


def free(store: Path, run_id: int) -> None:
    """Free the run's room, if it has any."""
    with contextlib.suppress(OSError):
        reserve_of(store, run_id).unlink(missing_ok=True)


def free_all(store: Path) -> bool:
    """Free the room of every run of the store; say whether there was any."""
    freed = False
    for file in store.parent.glob(f"{glob.escape(store.name)}.run-*.reserve"):
        with contextlib.suppress(OSError):
            file.unlink()
            freed = True
    return freed


def is_full(error: BaseException | None) -> bool:
    """Say whether sqlite3's error, or SQLAlchemy's around it, is a disk without room."""
    origin = getattr(error, "orig", None) or error
    return getattr(origin, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
