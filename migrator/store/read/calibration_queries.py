"""The questions about calibrations, as SQL, and what their rows mean. It writes nothing."""

from __future__ import annotations

from migrator.domain.balancers.calibration import Borrowed, Calibration
from migrator.store.codec.codec import decode
from migrator.store.file.read_transaction import ReadTransaction

NEWEST = "SELECT body FROM calibrations WHERE balancer = :balancer AND kind = 'measured' ORDER BY id DESC LIMIT 1"
OPEN = """
    SELECT id, body FROM calibrations WHERE balancer = :balancer AND kind = 'borrowed' AND id NOT IN
    (SELECT answers FROM calibrations WHERE kind = 'returned' AND answers IS NOT NULL) ORDER BY id LIMIT 1
"""


def newest(read: ReadTransaction, balancer: str) -> Calibration | None:
    """Give the newest measurement of a balancer."""
    row = read.first(NEWEST, balancer=balancer)
    return None if row is None else decode(row.body, Calibration)


def borrowed(read: ReadTransaction, balancer: str) -> tuple[int, Borrowed] | None:
    """Give the oldest loan of a balancer that nobody has given back: its process died."""
    row = read.first(OPEN, balancer=balancer)
    return None if row is None else (row.id, decode(row.body, Borrowed))
