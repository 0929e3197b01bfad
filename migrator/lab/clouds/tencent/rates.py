"""The frequency limit of the API: so many calls of one action per second and account, in a sliding window."""

from collections import deque

LIMIT = 20  # of every action of this emulator, per second


class Rates:
    """Remembers the last second of each (account, action)."""

    def __init__(self, limit: int = LIMIT) -> None:
        """Allow `limit` calls in any second."""
        self.limit = limit
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def allow(self, account: str, action: str, now: float) -> bool:
        """Count a call at `now` (monotonic seconds); False, and not counted, when it is one too many."""
        calls = self._calls.setdefault((account, action), deque())
        while calls and calls[0] <= now - 1.0:
            calls.popleft()
        if len(calls) >= self.limit:
            return False
        calls.append(now)
        return True
