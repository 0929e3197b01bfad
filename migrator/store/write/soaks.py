"""Writes what watched time adds up to: the soak at each step, and how long in a row the judge held or was blind.

Sums, not samples: each is one row that only the lease's holder changes. Time nobody watched adds nothing.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, update

from migrator.domain.model.runs import Heading
from migrator.store.file.database import reading_within
from migrator.store.read.queries import watched
from migrator.store.tables import soaks, streaks
from migrator.store.values import Soak, Streaks

# Used every turn, so these are built once: building a statement takes longer than running it.
LENGTHEN = update(soaks).where(
    soaks.c.run_id == bindparam("of_run"),
    soaks.c.heading == bindparam("of_heading"),
    soaks.c.step == bindparam("of_step"),
)
FIRST = insert(soaks)
CHANGE = update(streaks).where(streaks.c.run_id == bindparam("of_run"))
BEGIN = insert(streaks)


def add(tx: Connection, run_id: int, heading: Heading, step: int, more: Soak) -> Soak:
    """Add to a step's soak and give the sum."""
    before, _ = watched(reading_within(tx), run_id, heading, step)
    after = Soak(before.seconds + more.seconds, before.requests + more.requests)
    values = {"seconds": after.seconds, "requests": after.requests}
    if not tx.execute(LENGTHEN, {"of_run": run_id, "of_heading": heading.value, "of_step": step, **values}).rowcount:
        tx.execute(FIRST, {"run_id": run_id, "heading": heading.value, "step": step, **values})
    return after


def keep(tx: Connection, run_id: int, now: Streaks) -> None:
    """Store the run's streaks."""
    values = {"held_for": now.held_for, "blind_for": now.blind_for}
    if not tx.execute(CHANGE, {"of_run": run_id, **values}).rowcount:
        tx.execute(BEGIN, {"run_id": run_id, **values})
