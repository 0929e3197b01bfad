"""When each client makes its next request. It never makes up for lost time with a burst."""

import asyncio


class Pace:
    """The time of all clients: they sleep here, so that one call ends the load."""

    def __init__(self) -> None:
        self._sleeping: set[asyncio.Future[None]] = set()
        self.stopped = False

    def stop(self) -> None:
        """Wake every client; from now on none begins a request."""
        self.stopped = True
        for future in self._sleeping:
            if not future.done():
                future.set_result(None)

    async def until(self, when: float) -> bool:
        """Sleep until `when` (the loop's time); return whether the load goes on."""
        if self.stopped:
            return False
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        timer = loop.call_at(when, _wake, future)
        self._sleeping.add(future)
        try:
            await future
        finally:
            timer.cancel()
            self._sleeping.discard(future)
        return not self.stopped


class Beat:
    """The rhythm of one client: a beat each `interval` seconds, the first after `offset`."""

    def __init__(self, pace: Pace, interval: float, offset: float) -> None:
        self._pace = pace
        self._interval = interval
        self._next = asyncio.get_running_loop().time() + offset

    async def next(self) -> bool:
        """Sleep until the next beat, at once if it is overdue; return False when the load is over."""
        go_on = await self._pace.until(self._next)
        now = asyncio.get_running_loop().time()
        self._next += self._interval
        if self._next <= now:  # beats were missed: they are dropped, and the rhythm starts anew
            self._next = now + self._interval
        return go_on


def _wake(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
