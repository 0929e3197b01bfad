"""New connections through the balancer's address at a fixed rate, for as long as a block lasts, and who answered each.

It keeps its rate by several threads that take turns; a moment that nobody was free for is left out, never made up for.
"""

from __future__ import annotations

import math
import threading
import time

from migrator.domain.balancers.calibration import Dialled
from migrator.domain.ports.outside import WitnessPort

PATIENCE = 0.5
"""Seconds that an answer may take before connections are left out."""

MOST_THREADS = 64


class Dialer:
    """Dials while the block lasts. `seen` may be asked at any time, from any thread."""

    def __init__(self, witness: WitnessPort, rate: float) -> None:
        self._witness, self._every = witness, 1.0 / rate
        self._seen: list[Dialled] = []
        self._lock, self._end = threading.Lock(), threading.Event()
        self._next = 0.0
        count = min(MOST_THREADS, max(2, math.ceil(rate * PATIENCE)))
        self._threads = [threading.Thread(target=self._dial, daemon=True) for _ in range(count)]

    def __enter__(self) -> Dialer:
        self._next = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def seen(self) -> tuple[Dialled, ...]:
        """Give every connection that has ended so far, in the order of their ends."""
        with self._lock:
            return tuple(self._seen)

    def _dial(self) -> None:
        while not self._end.wait(max(0.0, self._turn() - time.monotonic())):
            at = time.monotonic()
            answer = self._witness.try_once()
            with self._lock:
                self._seen.append(Dialled(at, answer.gateway, answer.error))

    def _turn(self) -> float:
        """Give the next moment that is due, and nobody else's."""
        with self._lock:
            self._next = max(self._next + self._every, time.monotonic() - self._every)
            return self._next
