"""What people ask of a run from another process: journal rows of kind `requested`, pending until one answers `obeyed`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from migrator.domain.runs import Request, RequestKind
from migrator.store import runs
from migrator.store.rows import Event, Kind, Place, append, event
from migrator.store.tables import journal, leases

_mine = journal.c.run_id == bindparam("run")
_obeyed = select(journal.c.answers).where(_mine, journal.c.kind == Kind.OBEYED.value, journal.c.answers.is_not(None))
# Asked every turn, so it is built once: building a statement takes longer than running it.
PENDING = (
    select(journal)
    .where(_mine, journal.c.kind == Kind.REQUESTED.value, journal.c.id.not_in(_obeyed))
    .order_by(journal.c.id)
)


def ask(tx: Connection, run_id: int, kind: RequestKind, by: str, note: str, now: datetime) -> Request:
    """Write the wish down for whoever carries out the run; needs no lease. NotFound when there is no such run."""
    run = runs.get(tx, run_id)
    epoch = tx.execute(select(leases.c.epoch).where(leases.c.run_id == run_id)).scalar() or 0
    data = {"request": kind.value, "by": by, "note": note}
    entry = append(tx, Place(run_id, epoch, run.heading, run.cursor), now, Kind.REQUESTED, data)
    return Request(entry, kind, by, now, note)


def pending(tx: Connection, run_id: int) -> tuple[Request, ...]:
    """Give what nobody has obeyed yet, oldest first."""
    return tuple(request_of(event(row)) for row in tx.execute(PENDING, {"run": run_id}))


def request_of(asked: Event) -> Request:
    """Give the request of a row of kind `requested`."""
    data = asked.data
    return Request(asked.id, RequestKind(data["request"]), str(data["by"]), asked.at, str(data["note"]))
