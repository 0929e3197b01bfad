"""A minute's writes, and the part of them that the way forward must leave over for a rollback.

It waits for nothing and counts only our own writes: others may share the account, and then the vendor says "not now".
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Capabilities
from migrator.domain.ports.balancer import BalancerWriter

MINUTE = 60.0
FORWARD, ALL = 70, 100
"""The percent of a minute's writes that the way forward may spend, and the way back."""


class Budget:
    """The writes of the last minute, by when they were made. Safe between threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._spent: deque[float] = deque()
        self._lock = threading.Lock()

    def spend(self, most: int) -> float:
        """Count a write and give 0, or, when `most` were made within a minute, count none and give seconds to wait."""
        with self._lock:
            now = self._clock()
            while self._spent and self._spent[0] <= now - MINUTE:
                self._spent.popleft()
            if len(self._spent) >= most:
                return self._spent[-most] + MINUTE - now
            self._spent.append(now)
            return 0.0


class Saving:
    """A writer that spends at most a part of the minute; beyond it, writes are Unreachable with the seconds to wait."""

    def __init__(
        self, writer: BalancerWriter, capabilities: Callable[[], Capabilities], budget: Budget, percent: int
    ) -> None:
        self._writer, self._capabilities, self._budget, self._percent = writer, capabilities, budget, percent

    def register(self, action: Register) -> Op:
        """Register, if the budget allows."""
        self._spend()
        return self._writer.register(action)

    def set_weights(self, action: SetWeights) -> Op:
        """Set weights, if the budget allows."""
        self._spend()
        return self._writer.set_weights(action)

    def deregister(self, action: Deregister) -> Op:
        """Deregister, if the budget allows."""
        self._spend()
        return self._writer.deregister(action)

    def _spend(self) -> None:
        limit = self._capabilities().writes_per_minute
        if limit is None:
            return
        if wait := self._budget.spend(max(1, limit * self._percent // 100)):
            raise Unreachable(say("driver.budget-spent", limit=limit, wait=math.ceil(wait)), wait)


def budgeted(
    writer: BalancerWriter, capabilities: Callable[[], Capabilities], clock: Callable[[], float]
) -> tuple[BalancerWriter, BalancerWriter]:
    """Give a writer for the way forward and one for the way back; both spend from one budget, the latter all of it.

    `clock` gives monotonic seconds. The capabilities are asked at the first write, not before.
    """
    budget = Budget(clock)
    return Saving(writer, capabilities, budget, FORWARD), Saving(writer, capabilities, budget, ALL)
