"""What watched time adds up to: the soak at each step, and how long in a row the judge held or was blind.

Sums, not samples: each is one row that only the lease's holder changes. Time nobody watched adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select, update

from migrator.domain.runs import Heading
from migrator.domain.samples import Ruling
from migrator.store.tables import soaks, streaks


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


def soak(tx: Connection, run_id: int, heading: Heading, step: int) -> Soak:
    """Give what a step has soaked so far."""
    row = tx.execute(select(soaks.c.seconds, soaks.c.requests).where(_at(run_id, heading, step))).one_or_none()
    return Soak(row.seconds, row.requests) if row else Soak()


def add(tx: Connection, run_id: int, heading: Heading, step: int, more: Soak) -> Soak:
    """Add to a step's soak and give the sum."""
    before = soak(tx, run_id, heading, step)
    after = Soak(before.seconds + more.seconds, before.requests + more.requests)
    values = {"seconds": after.seconds, "requests": after.requests}
    if not tx.execute(update(soaks).where(_at(run_id, heading, step)).values(values)).rowcount:
        tx.execute(insert(soaks).values(run_id=run_id, heading=heading.value, step=step, **values))
    return after


def streak(tx: Connection, run_id: int) -> Streaks:
    """Give the run's streaks."""
    row = tx.execute(select(streaks.c.held_for, streaks.c.blind_for).where(streaks.c.run_id == run_id)).one_or_none()
    return Streaks(row.held_for, row.blind_for) if row else Streaks()


def keep(tx: Connection, run_id: int, now: Streaks) -> None:
    """Store the run's streaks."""
    values = {"held_for": now.held_for, "blind_for": now.blind_for}
    if not tx.execute(update(streaks).where(streaks.c.run_id == run_id).values(values)).rowcount:
        tx.execute(insert(streaks).values(run_id=run_id, **values))


def _at(run_id: int, heading: Heading, step: int) -> ColumnElement[bool]:
    return (soaks.c.run_id == run_id) & (soaks.c.heading == heading.value) & (soaks.c.step == step)
