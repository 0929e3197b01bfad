"""Who holds a run, as anybody may ask: its row of the leases, and whether the lock of that epoch is taken. Takes nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.store.file.lock import Lock
from migrator.store.file.reader_connection import ReaderConnection
from migrator.store.read import queries
from migrator.store.values import Held

if TYPE_CHECKING:
    from migrator.domain.ports.outside import Clock

LOST = 30.0
"""Seconds without a word after which a holder is lost, even if it lives."""


def stored(reader: ReaderConnection, run_id: int) -> Held | None:
    """Give the lease of a run, None when nobody ever held it."""
    with reader.read() as read:
        return queries.lease(read, run_id)


def is_held(reader: ReaderConnection, lease: Held, now: datetime) -> bool:
    """Say whether the holder lives (its lock is taken) and was heard of in the last 30 s."""
    if lease.released_at is not None or (now - lease.renewed_at).total_seconds() > LOST:
        return False
    return Lock.taken(lock_file(reader, lease.run_id, lease.epoch))


def holder_of(reader: ReaderConnection, clock: Clock, run_id: int) -> str | None:
    """Give who carries out the run right now, None when nobody does."""
    found = stored(reader, run_id)
    return found.holder if found is not None and is_held(reader, found, clock.now()) else None


def lock_file(reader: ReaderConnection, run_id: int, epoch: int) -> Path:
    """Give the lock file of one epoch. Each has its own, so that a lost holder that still lives locks nobody out."""
    return reader.file.with_name(f"{reader.file.name}.run-{run_id}-{epoch}.lock")
