"""Writes down what a process that carries a run out saw last: one row for each epoch of the lease, its holder's alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from migrator.domain.observation.snapshot import Snapshot
from migrator.store.codec.codec import encode
from migrator.store.tables import leases, stints


def keep(tx: Connection, run_id: int, epoch: int, look: Snapshot, now: datetime, leaves: bool) -> None:
    """Store the look in the row of this epoch, which begins with its first look; `leaves` ends it."""
    this = (stints.c.run_id == run_id) & (stints.c.epoch == epoch)
    values = {"body": encode(look), "kept_at": now, "left_at": now if leaves else None}
    if not tx.execute(update(stints).where(this).values(values)).rowcount:
        holder = tx.execute(select(leases.c.holder).where(leases.c.run_id == run_id)).scalar_one()
        tx.execute(insert(stints).values(run_id=run_id, epoch=epoch, holder=holder, began_at=now, **values))
