"""Keeps what a run's journal adds up to at one of its rows: one row a run, replaced by the next. The journal stays as it is."""

from __future__ import annotations

from sqlalchemy import Connection, insert, update

from migrator.store.tables import checkpoints
from migrator.store.values import Checkpoint


def keep(tx: Connection, run_id: int, now: Checkpoint) -> None:
    """Store the run's checkpoint in place of the one before it."""
    values = {"upto": now.upto, "seal": now.seal, "body": now.body}
    if not tx.execute(update(checkpoints).where(checkpoints.c.run_id == run_id).values(values)).rowcount:
        tx.execute(insert(checkpoints).values(run_id=run_id, **values))
