"""What watched time adds up to: the soak at each step, and how long in a row the judge held or was blind.

Sums, not samples: each is one row that only the lease's holder changes. Time nobody watched adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from migrator.domain.runs import Heading
from migrator.domain.samples import Ruling
from migrator.store.tables import runs, soaks, streaks

_this_step = (
    (soaks.c.run_id == runs.c.id) & (soaks.c.heading == bindparam("heading")) & (soaks.c.step == bindparam("step"))
)
# Read every turn, so it is built once: building a statement takes longer than running it.
WATCHED = (
    select(soaks.c.seconds, soaks.c.requests, streaks.c.held_for, streaks.c.blind_for)
    .select_from(runs)
    .outerjoin(soaks, _this_step)
    .outerjoin(streaks, streaks.c.run_id == runs.c.id)
    .where(runs.c.id == bindparam("run"))
)


@dataclass(frozen=True, slots=True)
class Soak:
    """Passing seconds at one step, and the judged new-side requests in them."""

    seconds: float = 0.0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Streaks:
    """Watched seconds in a row over the hold limit, or without data."""

    held_for: float = 0.0
    blind_for: float = 0.0

    def after(self, ruling: Ruling, interval: float) -> Streaks:
        """Give the streaks after one more ruling; what a ruling does not lengthen, it ends."""
        if ruling in (Ruling.HOLD, Ruling.ABORT):
            return Streaks(held_for=self.held_for + interval)
        if ruling is Ruling.NO_DATA:
            return Streaks(blind_for=self.blind_for + interval)
        return Streaks()


def watched(tx: Connection, run_id: int, heading: Heading, step: int) -> tuple[Soak, Streaks]:
    """Give what a step has soaked so far, and the run's streaks."""
    row = tx.execute(WATCHED, {"run": run_id, "heading": heading.value, "step": step}).one()
    return (
        Soak() if row.seconds is None else Soak(row.seconds, row.requests),
        Streaks() if row.held_for is None else Streaks(row.held_for, row.blind_for),
    )


def add(tx: Connection, run_id: int, heading: Heading, step: int, more: Soak) -> Soak:
    """Add to a step's soak and give the sum."""
    before, _ = watched(tx, run_id, heading, step)
    after = Soak(before.seconds + more.seconds, before.requests + more.requests)
    values = {"seconds": after.seconds, "requests": after.requests}
    this = (soaks.c.run_id == run_id) & (soaks.c.heading == heading.value) & (soaks.c.step == step)
    if not tx.execute(update(soaks).where(this).values(values)).rowcount:
        tx.execute(insert(soaks).values(run_id=run_id, heading=heading.value, step=step, **values))
    return after


def keep(tx: Connection, run_id: int, now: Streaks) -> None:
    """Store the run's streaks."""
    values = {"held_for": now.held_for, "blind_for": now.blind_for}
    if not tx.execute(update(streaks).where(streaks.c.run_id == run_id).values(values)).rowcount:
        tx.execute(insert(streaks).values(run_id=run_id, **values))
