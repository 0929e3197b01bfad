"""The newest scrapes of both sides, one after the other: each holds what came since the one before, and nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from migrator.domain.judging.limits import STALE
from migrator.domain.judging.window import Window
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Rate
from migrator.domain.ports.outside import Clock
from migrator.domain.ports.rates import RateSource
from migrator.workflow.watching.history import History

EDGE = 0.25
"""Seconds by which a window begins before the sample that it must hold: answers do not all take equally long."""


@dataclass(frozen=True, slots=True)
class _Times:
    """When the newest samples of a side's gateways were taken: the first of them, and the last (monotonic seconds)."""

    first: float
    last: float


@dataclass(frozen=True, slots=True)
class _Scraped:
    """What was said of the last `window` seconds of one side, and when its newest samples were taken."""

    rate: Rate
    window: float
    times: _Times


class Scrapes:
    """Asks for what both sides have counted since their scrapes before. Where nobody knows when they were, it stays silent."""

    def __init__(self, rates: RateSource, history: History, clock: Clock, interval: float) -> None:
        self._rates, self._history, self._clock, self._interval = rates, history, clock, interval
        self._before: dict[Side, _Times] = {}
        self._apart = inf

    @property
    def expected(self) -> float:
        """Give when the new side's next sample should be there, by the time between its newest two; inf: nobody knows."""
        return self._before[Side.NEW].last + self._apart + EDGE if self._before else inf

    def ask(self) -> tuple[Window | None, float | None]:
        """Give the counts since the scrapes before (None until every gateway of both sides has a newer one), and when the
        new side's newest sample was taken (None: nobody knows)."""
        oldest = min((times.first for times in self._before.values()), default=inf)
        if self._clock.monotonic() - oldest > 2 * STALE * self._interval:
            self._before, self._apart = {}, inf
        new, old = (self._scraped(side) for side in (Side.NEW, Side.OLD))
        if new is None or old is None:
            return None, None
        before, times = self._before, {Side.NEW: new.times, Side.OLD: old.times}
        if not before:
            self._before = times
        if not before or any(times[side].first <= before[side].last + EDGE for side in times):
            return None, new.times.last
        self._before, self._apart = times, new.times.last - before[Side.NEW].last
        counted = self._counts(Side.NEW, new, before[Side.NEW]), self._counts(Side.OLD, old, before[Side.OLD])
        return Window(*counted), new.times.last

    def _scraped(self, side: Side) -> _Scraped | None:
        now = self._clock.monotonic()
        window = now - self._before[side].first + EDGE if self._before else 2 * self._interval
        brief = self._rates.brief(side, window)
        return _Scraped(brief.rate, window, _Times(now - brief.oldest, now - brief.newest)) if brief else None

    def _counts(self, side: Side, said: _Scraped, before: _Times) -> Rate:
        """Give a side's counts as they were counted: Prometheus lengthens them to the window's ends. Our own are no clients'.

        Where it does not count connections, the gateways' own counters do.
        """
        part = min(1.0, (said.times.last - before.first) / said.window)
        rate = self._history.own.without(side, said.rate, before.first) or said.rate
        connections = (
            self._history.connections(side, before.first, said.times.last)
            if rate.connections is None
            else round(rate.connections * part)
        )
        return replace(
            rate,
            requests=round(rate.requests * part),
            bad=round(rate.bad * part),
            client=None if rate.client is None else round(rate.client * part),
            connections=connections,
        )
