"""Writes what people ask of a run from another process: rows of kind `requested`, pending until one answers `obeyed`."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from migrator.domain.model.runs import Request
from migrator.store.file.database import reading_within
from migrator.store.read import queries
from migrator.store.tables import leases
from migrator.store.values import Kind
from migrator.store.write.rows import Position, append


def ask(tx: Connection, run_id: int, wish: Request) -> Request:
    """Write the wish down for whoever carries out the run, and give it with its number; needs no lease. NotFound when there is
    no such run."""
    run = queries.run(reading_within(tx), run_id)
    epoch = tx.execute(select(leases.c.epoch).where(leases.c.run_id == run_id)).scalar() or 0
    data = {"request": wish.kind.value, "by": wish.by, "note": wish.note, "question": wish.question}
    entry = append(tx, Position(run_id, epoch, run.heading, run.cursor), wish.at, Kind.REQUESTED, data)
    return replace(wish, id=entry)
