"""When a count exceeds a limit with confidence, and what is then said of whom."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.judging.limits import MIN_BAD, Z
from migrator.domain.judging.share_test import wilson
from migrator.domain.messages.message import Message


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that is exceeded with confidence: by a gateway (`who`), or by the side ("")."""

    who: str
    reason: Message


def exceeds(bad: int, requests: int, old_bad: int, old_requests: int, limit: float) -> bool:
    """Say whether new's lower bound exceeds old's rate by more than the limit; old's own rate is taken as it is."""
    if bad < MIN_BAD or requests <= 0:
        return False
    low, _ = wilson(bad, requests, Z)
    old = old_bad / old_requests if old_requests > 0 else 0.0
    return low - old > limit
