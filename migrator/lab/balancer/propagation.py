"""Carry accepted changes to the data plane the way a cloud does: each target some time later, its changes in order."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random

from migrator.lab.balancer.model import Change, Key
from migrator.lab.balancer.settings import Timings

_STEP = 1e-6


class Propagation:
    """One balancer's way from its API to its data plane."""

    def __init__(self, loop: asyncio.AbstractEventLoop, timings: Timings, rng: Random) -> None:
        """Draw each delay from propagation_s ± jitter_s with `rng`."""
        self.timings = timings
        self._loop = loop
        self._rng = rng
        self._last: dict[tuple[str, Key], float] = {}
        self._open: set[asyncio.TimerHandle] = set()

    def send(self, change: Change, effect: Callable[[Change], None]) -> float:
        """Call `effect(change)` after the delay, and after every earlier change of the same target; return the delay."""
        timings = self.timings
        delay = timings.propagation_s + self._rng.uniform(-timings.jitter_s, timings.jitter_s)
        now = self._loop.time()
        target = (change.listener, change.key)
        due = max(now + max(0.0, delay), self._last.get(target, 0.0) + _STEP)
        self._last[target] = due

        def arrive() -> None:
            self._open.discard(handle)
            effect(change)

        handle = self._loop.call_at(due, arrive)
        self._open.add(handle)
        return due - now

    def together(self, changes: Sequence[Change], effect: Callable[[Change], None]) -> None:
        """Call `effect` for all of them in one moment: after the delay, and after every earlier change of any of them."""
        timings = self.timings
        delay = timings.propagation_s + self._rng.uniform(-timings.jitter_s, timings.jitter_s)
        targets = [(change.listener, change.key) for change in changes]
        earlier = max((self._last.get(target, 0.0) for target in targets), default=0.0)
        due = max(self._loop.time() + max(0.0, delay), earlier + _STEP)
        self._last.update(dict.fromkeys(targets, due))

        def arrive() -> None:
            self._open.discard(handle)
            for change in changes:
                effect(change)

        handle = self._loop.call_at(due, arrive)
        self._open.add(handle)

    def close(self) -> None:
        """Lose what is still on its way."""
        for handle in self._open:
            handle.cancel()
        self._open.clear()
