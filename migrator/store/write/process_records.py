"""Writes down what a process that carries a run out saw last: one row for each epoch of the lease, its holder's alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from migrator.domain.observation.snapshot import Snapshot
from migrator.store.codec.codec import encode
from migrator.store.tables import leases, stints

# Used every turn, so these are built once: building a statement takes longer than running it.
CHANGE = update(stints).where(stints.c.run_id == bindparam("of_run"), stints.c.epoch == bindparam("of_epoch"))
BEGIN = insert(stints)
HOLDER = select(leases.c.holder).where(leases.c.run_id == bindparam("of_run"))


def keep(tx: Connection, run_id: int, epoch: int, look: Snapshot, now: datetime, leaves: bool) -> None:
    """Store the look in the row of this epoch, which begins with its first look; `leaves` ends it."""
    values = {"body": encode(look), "kept_at": now, "left_at": now if leaves else None}
    if not tx.execute(CHANGE, {"of_run": run_id, "of_epoch": epoch, **values}).rowcount:
        holder = tx.execute(HOLDER, {"of_run": run_id}).scalar_one()
        tx.execute(BEGIN, {"run_id": run_id, "epoch": epoch, "holder": holder, "began_at": now, **values})
