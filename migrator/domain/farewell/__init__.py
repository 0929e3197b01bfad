"""A gateway that takes itself off the balancer when its pod ends, and comes back when the next one serves. Pure decisions."""

from __future__ import annotations

from migrator.domain.farewell.leaving import Terms, is_over
from migrator.domain.farewell.rows import Own, forsaken, lowers, own_rows, raises

__all__ = ["Own", "Terms", "forsaken", "is_over", "lowers", "own_rows", "raises"]
