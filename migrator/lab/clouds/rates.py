"""How often an action may be called: so many calls per account in any stretch of time, whoever makes them."""

from collections import deque


class Rates:
    """Remembers the calls of each (account, action) in a sliding window of so many seconds."""

    def __init__(self, window: float) -> None:
        """Begin without calls."""
        self._window = window
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def allow(self, account: str, action: str, limit: int, now: float) -> bool:
        """Count a call at `now` (monotonic seconds); False, and not counted, when it is one more than `limit`."""
        calls = self._calls.setdefault((account, action), deque())
        while calls and calls[0] <= now - self._window:
            calls.popleft()
        if len(calls) >= limit:
            return False
        calls.append(now)
        return True
