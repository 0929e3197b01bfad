"""The journal's rows are written here: one after another, each with the hash of the one before it; never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from migrator.domain.model.runs import Heading
from migrator.store.codec.codec import Data, text_of
from migrator.store.read.hash_chain import digest
from migrator.store.tables import journal
from migrator.store.values import Kind

# Used every turn, so these are built once: building a statement takes longer than running it.
LAST = select(journal).where(journal.c.run_id == bindparam("run")).order_by(journal.c.id.desc()).limit(1)
APPEND = insert(journal).returning(journal.c.id)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a run is when a row is written, and by which epoch of its lease (0: by nobody who held it)."""

    run_id: int
    epoch: int
    heading: Heading
    step: int


def append(tx: Connection, place: Position, at: datetime, kind: Kind, data: Data, answers: int | None = None) -> int:
    """Write the next row of the run and give its id. The transaction must hold the write lock."""
    row = tx.execute(LAST, {"run": place.run_id}).first()
    values = {
        "run_id": place.run_id,
        "answers": answers,
        "at": at,
        "epoch": place.epoch,
        "heading": place.heading.value,
        "step": place.step,
        "kind": kind.value,
        "data": text_of(data),
        "prev": digest(row) if row else "",
    }
    return int(tx.execute(APPEND, values).scalar_one())
