"""Writes what people ask of a run from another process: rows of kind `requested`, pending until one answers `obeyed`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from migrator.domain.model.runs import Request, RequestKind
from migrator.store.file.database import reading_within
from migrator.store.read import queries
from migrator.store.tables import leases
from migrator.store.values import Kind
from migrator.store.write.rows import Position, append


def ask(tx: Connection, run_id: int, kind: RequestKind, by: str, note: str, now: datetime) -> Request:
    """Write the wish down for whoever carries out the run; needs no lease. NotFound when there is no such run."""
    run = queries.run(reading_within(tx), run_id)
    epoch = tx.execute(select(leases.c.epoch).where(leases.c.run_id == run_id)).scalar() or 0
    data = {"request": kind.value, "by": by, "note": note}
    entry = append(tx, Position(run_id, epoch, run.heading, run.cursor), now, Kind.REQUESTED, data)
    return Request(entry, kind, by, now, note)
