"""The journal's rows: written one after another, each with the hash of the one before it; never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from migrator.domain.runs import Heading
from migrator.store.codec import Data, parsed, text_of
from migrator.store.tables import journal


class Kind(StrEnum):
    """What a row of the journal says. `answers` names the row that it is about, where there is one."""

    INTENDED = "intended"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    FAILED = "failed"
    ASKED = "asked"
    APPROVED = "approved"
    MOVED = "moved"
    VERDICT = "verdict"
    NOTED = "noted"
    REQUESTED = "requested"
    OBEYED = "obeyed"


# Used every turn, so these are built once: building a statement takes longer than running it.
_of_run = journal.c.run_id == bindparam("run")
LAST = select(journal).where(_of_run).order_by(journal.c.id.desc()).limit(1)
APPEND = insert(journal).returning(journal.c.id)
AFTER = select(journal).where(_of_run, journal.c.id > bindparam("after")).order_by(journal.c.id)
AFTER_OF_KINDS = AFTER.where(journal.c.kind.in_(bindparam("kinds", expanding=True)))


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a run's journal. `step` is the index in the route of `heading`; `data` is the row's JSON."""

    id: int
    at: datetime
    kind: Kind
    heading: Heading
    step: int
    data: Data
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run is when a row is written, and by which epoch of its lease (0: by nobody who held it)."""

    run_id: int
    epoch: int
    heading: Heading
    step: int


def append(tx: Connection, place: Place, at: datetime, kind: Kind, data: Data, answers: int | None = None) -> int:
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


def digest(row: Any) -> str:
    """Give the sha256 of a row with everything in it, the hash of the row before included."""
    at = row.at.astimezone(UTC).isoformat()
    words = [row.id, row.run_id, row.answers, at, row.epoch, row.heading, row.step, row.kind, row.data, row.prev]
    return hashlib.sha256(text_of(words).encode()).hexdigest()


def broken_link(tx: Connection, run_id: int) -> int | None:
    """Give the id of the first row whose `prev` is not the hash of the row before it, None when all hold."""
    before = ""
    for row in tx.execute(select(journal).where(journal.c.run_id == run_id).order_by(journal.c.id)):
        if row.prev != before:
            return int(row.id)
        before = digest(row)
    return None


def read(tx: Connection, run_id: int, after: int = 0, limit: int | None = None) -> list[Event]:
    """Give the rows of a run with a greater id than `after`, oldest first, at most `limit` (None: all)."""
    return [event(row) for row in tx.execute(AFTER.limit(limit), {"run": run_id, "after": after})]


def read_kinds(tx: Connection, run_id: int, kinds: Sequence[Kind], after: int = 0) -> list[Event]:
    """Give the rows of these kinds with a greater id than `after`, oldest first."""
    names = {"run": run_id, "after": after, "kinds": [kind.value for kind in kinds]}
    return [event(row) for row in tx.execute(AFTER_OF_KINDS, names)]


def event(row: Any) -> Event:
    """Give a row of the table as a value."""
    return Event(row.id, row.at, Kind(row.kind), Heading(row.heading), row.step, parsed(row.data), row.answers)
