"""What was measured of each balancer, and which weights a measurement has borrowed and not given back. Rows are only added."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from migrator.domain.calibration import Borrowed, Calibration
from migrator.store.codec import decode, encode
from migrator.store.tables import calibrations


class Kind(StrEnum):
    """What a row says. A `returned` answers the `borrowed` whose weights are as they were."""

    BORROWED = "borrowed"
    RETURNED = "returned"
    MEASURED = "measured"


def borrow(tx: Connection, balancer: str, borrowed: Borrowed, now: datetime) -> int:
    """Write down which weights will be changed; give the row's id."""
    return _add(tx, balancer, Kind.BORROWED, encode(borrowed), now)


def give_back(tx: Connection, balancer: str, loan: int, now: datetime) -> None:
    """Write down that the weights of a loan are as they were found."""
    _add(tx, balancer, Kind.RETURNED, "{}", now, answers=loan)


def borrowed(tx: Connection, balancer: str) -> tuple[int, Borrowed] | None:
    """Give the oldest loan of a balancer that nobody has given back: its process died."""
    returned = select(calibrations.c.answers).where(calibrations.c.kind == Kind.RETURNED.value)
    open_ = select(calibrations.c.id, calibrations.c.body).where(
        calibrations.c.balancer == balancer,
        calibrations.c.kind == Kind.BORROWED.value,
        calibrations.c.id.not_in(returned),
    )
    row = tx.execute(open_.order_by(calibrations.c.id).limit(1)).one_or_none()
    return None if row is None else (row.id, decode(row.body, Borrowed))


def save(tx: Connection, balancer: str, found: Calibration) -> None:
    """Keep a measurement."""
    _add(tx, balancer, Kind.MEASURED, encode(found), found.at)


def newest(tx: Connection, balancer: str) -> Calibration | None:
    """Give the newest measurement of a balancer."""
    bodies = select(calibrations.c.body).where(
        calibrations.c.balancer == balancer, calibrations.c.kind == Kind.MEASURED.value
    )
    body = tx.execute(bodies.order_by(calibrations.c.id.desc()).limit(1)).scalar()
    return None if body is None else decode(body, Calibration)


def _add(tx: Connection, balancer: str, kind: Kind, body: str, now: datetime, answers: int | None = None) -> int:
    row = {"balancer": balancer, "kind": kind.value, "body": body, "at": now, "answers": answers}
    added: int = tx.execute(insert(calibrations).values(row).returning(calibrations.c.id)).scalar_one()
    return added
