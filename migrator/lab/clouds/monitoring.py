"""A cloud's monitoring of a balancer: what its data plane counted, by whole periods, and there only some time after they end.

It knows no cloud's names: an API asks for periods and adds figures up as its metrics want them.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from migrator.lab.balancer.model import Health, Key
from migrator.lab.balancer.settings import Timings

_KEPT = 120


@dataclass(frozen=True, slots=True)
class Figure:
    """What one target had on one listener; without a key what came to the listener at all, `failed` for want of a target.

    `health` None: it is not there any more. Counts are of a period, or (as they are read) of all time.
    """

    listener: str
    key: Key | None
    tag: str | None
    health: Health | None
    connections: int
    failed: int
    bad: int


@dataclass(frozen=True, slots=True)
class Period:
    """The figures of the period that began at `at` (unix seconds)."""

    at: float
    figures: tuple[Figure, ...]


class Monitor:
    """Reads the counters at the end of every period."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        timings: Callable[[], Timings],
        totals: Callable[[], Awaitable[list[Figure]]],
    ) -> None:
        """Begin with the period that it is now; the first one that is whole is the next."""
        self._loop, self._timings, self._totals = loop, timings, totals
        self._periods: deque[Period] = deque(maxlen=_KEPT)
        self._last: dict[tuple[str, Key | None], Figure] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._due = loop.call_later(0, self._end)

    def seen(self, now: float) -> list[Period]:
        """Return the periods whose figures are there at `now`, oldest first."""
        timings = self._timings()
        late = timings.monitor_period_s + timings.monitor_delay_s
        return [period for period in self._periods if period.at + late <= now]

    def close(self) -> None:
        """Read no more."""
        self._due.cancel()
        if self._reading is not None:
            self._reading.cancel()

    def _end(self) -> None:
        length = self._timings().monitor_period_s
        now = time.time()
        self._due = self._loop.call_later(length - now % length, self._end)
        if self._reading is None or self._reading.done():
            self._reading = self._loop.create_task(self._read(now - now % length - length))

    async def _read(self, began: float) -> None:
        totals = {(row.listener, row.key): row for row in await self._totals()}
        if self._last is not None:
            known = self._last
            self._periods.append(Period(began, tuple(_since(known.get(at), row) for at, row in totals.items())))
        self._last = totals


def _since(was: Figure | None, now: Figure) -> Figure:
    if was is None:
        return now
    counts = (now.connections - was.connections, now.failed - was.failed, now.bad - was.bad)
    return Figure(now.listener, now.key, now.tag or was.tag, now.health, *counts)
