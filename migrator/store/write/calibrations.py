"""Writes down what was measured of each balancer, which weights a measurement borrows and gives back. Rows are only added."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert

from migrator.domain.balancers.calibration import Borrowed, Calibration
from migrator.store.codec.codec import encode
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


def save(tx: Connection, balancer: str, found: Calibration) -> None:
    """Keep a measurement."""
    _add(tx, balancer, Kind.MEASURED, encode(found), found.at)


def _add(tx: Connection, balancer: str, kind: Kind, body: str, now: datetime, answers: int | None = None) -> int:
    row = {"balancer": balancer, "kind": kind.value, "body": body, "at": now, "answers": answers}
    added: int = tx.execute(insert(calibrations).values(row).returning(calibrations.c.id)).scalar_one()
    return added
