"""The record of what happened, so that tests can assert an order. It keeps the newest events and forgets the oldest."""

import time
from collections import deque
from collections.abc import Iterable
from typing import Any

_KEPT = 50_000


class Record:
    """Events in the order they happened: `seq` grows by one, `at` is the unix time in seconds."""

    def __init__(self) -> None:
        """Begin empty."""
        self._events: deque[dict[str, Any]] = deque(maxlen=_KEPT)  # Any: JSON
        self._seq = 0

    def note(self, kind: str, balancer: str | None, **details: object) -> None:
        """Write down an event; `details` are JSON values."""
        self._seq += 1
        self._events.append({"seq": self._seq, "at": time.time(), "kind": kind, "balancer": balancer, **details})

    def read(self, balancer: str | None = None, kinds: Iterable[str] = (), after: int = 0) -> list[dict[str, Any]]:
        """Return the events after `after` of one balancer (None: of all) and of some kinds (empty: of all)."""
        wanted = frozenset(kinds)
        return [
            event
            for event in self._events
            if event["seq"] > after
            and (balancer is None or event["balancer"] == balancer)
            and (not wanted or event["kind"] in wanted)
        ]
