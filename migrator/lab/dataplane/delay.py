"""A wire of a given length: what is put in comes out later, in order. It never loses or reorders anything."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol


class Timers(Protocol):
    """The two things needed of an event loop."""

    def time(self) -> float:
        """Return monotonic seconds."""
        ...

    def call_at(self, when: float, callback: Callable[[], None]) -> asyncio.TimerHandle | None:
        """Call `callback` at `when`."""
        ...


class DelayLine:
    """One direction of all connections of a balancer; one timer for all of them, none per chunk."""

    def __init__(self, timers: Timers, delay: float = 0.0) -> None:
        """Delay everything by `delay` seconds; 0 passes through at once."""
        self.delay = delay  # may be changed while in use: order is kept, nothing overtakes
        self._timers = timers
        self._queue: deque[tuple[float, Callable[[Any], None], Any]] = deque()  # Any: the callback knows its argument
        self._armed = False

    def put(self, call: Callable[[Any], None], arg: Any) -> None:
        """Call `call(arg)` after the delay, and after everything put in before."""
        if self.delay <= 0.0 and not self._queue and not self._armed:
            call(arg)
            return
        due = self._timers.time() + self.delay
        if self._queue and due < self._queue[-1][0]:
            due = self._queue[-1][0]
        self._queue.append((due, call, arg))
        if not self._armed:
            self._arm()

    def _arm(self) -> None:
        self._armed = True
        self._timers.call_at(self._queue[0][0], self._deliver)

    def _deliver(self) -> None:
        now = self._timers.time()
        queue = self._queue
        try:
            while queue and queue[0][0] <= now:  # still armed: what a call puts in queues behind, it cannot overtake
                _, call, arg = queue.popleft()
                call(arg)
        finally:
            self._armed = False
            if queue:
                self._arm()
