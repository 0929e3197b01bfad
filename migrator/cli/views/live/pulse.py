"""When something is told again: when it has changed, and otherwise now and then, to show that somebody is there."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pulse:
    """Remembers what was told last, by a key that leaves out what changes all the time."""

    def __init__(self, seconds: float = float("inf"), monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._monotonic = seconds, monotonic
        self._last: object = None
        self._at = float("-inf")

    def is_due(self, key: object) -> bool:
        """Return whether to tell it now, and take it as told."""
        now = self._monotonic()
        if key == self._last and now - self._at < self._seconds:
            return False
        self._last, self._at = key, now
        return True
