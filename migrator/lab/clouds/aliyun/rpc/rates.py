"""The quota of an API: so many calls of one action per account in any minute, whoever makes them."""

from collections import deque

WINDOW = 60.0


class Quota:
    """Remembers the last minute of each (account, action)."""

    def __init__(self, reads: int, writes: int) -> None:
        """Allow so many calls a minute of each reading and each writing action."""
        self._limits = {False: reads, True: writes}
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def allow(self, account: str, action: str, writing: bool, now: float) -> bool:
        """Count a call at `now` (monotonic seconds); False, and not counted, when it is one too many."""
        calls = self._calls.setdefault((account, action), deque())
        while calls and calls[0] <= now - WINDOW:
            calls.popleft()
        if len(calls) >= self._limits[writing]:
            return False
        calls.append(now)
        return True
