"""Writes down how far a channel has been told of a run: once it took it, so a kill repeats one and loses none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from migrator.store.tables import deliveries
from migrator.store.values import Delivery


def keep(tx: Connection, run_id: int, channel: str, told: Delivery, now: datetime) -> None:
    """Store it in place of what stood there."""
    values = {"upto": told.upto, "epoch": told.epoch, "at": now}
    row = insert(deliveries).values(run_id=run_id, channel=channel, **values)
    tx.execute(row.on_conflict_do_update(index_elements=["run_id", "channel"], set_=values))
