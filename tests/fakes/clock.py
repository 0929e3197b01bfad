"""A clock that moves only when it is told to, and takes the fake world along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class FakeClock:
    """Both clocks in one: wall time starts at 2026-01-02 03:04:05 UTC, monotonic at 1,000 s.

    Whatever is in `passing` is told how many seconds went by, after they did; what it does takes no further time.
    """

    def __init__(self) -> None:
        self._passed = 0.0
        self._telling = False
        self.slept: list[float] = []
        self.passing: list[Callable[[float], None]] = []

    def now(self) -> datetime:
        """Give the wall time."""
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """Give seconds that only grow."""
        return 1000.0 + self._passed

    def sleep(self, seconds: float) -> None:
        """Let fake time pass, and remember how long was asked for."""
        self.slept.append(seconds)
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Let fake time pass."""
        self._passed += seconds
        if self._telling:
            return
        self._telling = True
        try:
            for told in tuple(self.passing):
                told(seconds)
        finally:
            self._telling = False
