"""When a thread of the watch looks: regularly, and out of turn where the driver wishes for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from migrator.workflow.watching.board import WatchRequest

LATE = 0.05
"""The share of its interval for which a regular look is put off, so that it falls together with one that is wanted."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Something done every `interval` seconds, and at the moments (monotonic) that `wanted` gives of when it began last.

    `stop` ends, from another thread, what `act` does without an end of its own.
    """

    interval: float
    act: Callable[[], None]
    wanted: Callable[[float, WatchRequest], float] = lambda _began, _wish: inf
    stop: Callable[[], None] = lambda: None

    def due(self, began: float, wish: WatchRequest) -> float:
        """Give when it is to be done again."""
        regular, wanted = began + self.interval, self.wanted(began, wish)
        return wanted if wanted <= regular + LATE * self.interval else regular


def next_moment(began: float, wish: WatchRequest) -> float:
    """Give the first of the moments wished for after the last sample began."""
    return min((moment for moment in wish.moments if moment > began), default=inf)
