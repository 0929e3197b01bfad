"""The machine's own clocks. The only place of the program that asks them for a run."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """Wall time in UTC, monotonic seconds, and real sleep."""

    def now(self) -> datetime:
        """Give the wall time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Give seconds that only ever grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass; nothing for zero or less."""
        if seconds > 0:
            time.sleep(seconds)
