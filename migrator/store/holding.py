"""Who holds a run, as anybody may ask: its row of the leases, and whether the lock of that epoch is taken. Takes nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.store import asked
from migrator.store.lock import Lock
from migrator.store.reading import Reads
from migrator.store.values import Held

if TYPE_CHECKING:
    from migrator.domain.ports.outside import Clock

LOST = 30.0
"""Seconds without a word after which a holder is lost, even if it lives."""


def stored(reads: Reads, run_id: int) -> Held | None:
    """Give the lease of a run, None when nobody ever held it."""
    with reads.read() as asking:
        return asked.lease(asking, run_id)


def is_held(reads: Reads, lease: Held, now: datetime) -> bool:
    """Say whether the holder lives (its lock is taken) and was heard of in the last 30 s."""
    if lease.released_at is not None or (now - lease.renewed_at).total_seconds() > LOST:
        return False
    return Lock.taken(lock_file(reads, lease.run_id, lease.epoch))


def holder_of(reads: Reads, clock: Clock, run_id: int) -> str | None:
    """Give who carries out the run right now, None when nobody does."""
    found = stored(reads, run_id)
    return found.holder if found is not None and is_held(reads, found, clock.now()) else None


def lock_file(reads: Reads, run_id: int, epoch: int) -> Path:
    """Give the lock file of one epoch. Each has its own, so that a lost holder that still lives locks nobody out."""
    return reads.file.with_name(f"{reads.file.name}.run-{run_id}-{epoch}.lock")
