"""Asks the second opinion for both sides: regularly, and soon again where that needs a second look. It judges nothing."""

from __future__ import annotations

import logging
from math import inf

from migrator.domain.judging.opinion import Opinion
from migrator.domain.judging.soon import pressing
from migrator.domain.messages.errors import MigratorError, Refused
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Rate
from migrator.domain.model.spec import JudgeSpec, QuerySpec
from migrator.domain.ports.outside import Clock
from migrator.domain.ports.rates import RateSource
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.history import History
from migrator.workflow.watching.opinions.scrapes import Scrapes

log = logging.getLogger(__name__)

SOON = 1.0
"""Seconds until Prometheus is asked again for a scrape that has not come yet, while one alone accuses the new side."""

APART = 0.8
"""Two numbers of a query are two looks when they are so many of the plan's intervals apart."""


class Asking:
    """Asks the second opinion for both sides."""

    def __init__(self, judge: JudgeSpec, rates: RateSource, history: History, board: Board, clock: Clock) -> None:
        self._judge, self._rates, self._history, self._board, self._clock = judge, rates, history, board, clock
        assert judge.prometheus is not None
        self._prometheus = judge.prometheus
        self._scrapes = Scrapes(rates, history, clock, judge.prometheus.interval)
        self._last = clock.monotonic()
        self._pressing = False
        self._numbered = -inf

    def __call__(self) -> None:
        """Ask once and rule anew: an answer that cannot be had is an answer (nobody can say), and whoever counts may hang."""
        now = self._clock.monotonic()
        interval, self._last = now - self._last, now
        try:
            new, old = (self._rate(side, now) for side in (Side.NEW, Side.OLD))
            brief, sampled = self._scrapes.ask()
            numbers = self._numbers(now)
        except Exception as error:  # noqa: BLE001 - it is told as a silence
            why = (
                error.message
                if isinstance(error, MigratorError)
                else say("prometheus.broken", error=type(error).__name__)
            )
            log.warning("prometheus.silent why=%s", why)
            self._history.answer(Opinion(now, interval, None, None, why))
        else:
            self._history.answer(Opinion(now, interval, new, old, brief=brief, sampled=sampled, numbers=numbers))
        self._pressing = pressing(self._judge, self._history.answers)
        wish = self._board.wish
        self._board.publish(self._history.ruled(self._clock.monotonic(), wish.steady_since, wish.alone))

    def wanted(self, began: float, _wish: WatchRequest) -> float:
        """Give when to ask out of turn: as soon as the next scrape should be there, and each second for it while the newest
        one alone accuses the new side."""
        expected = self._scrapes.expected if self._scrapes.expected > began else inf
        return min(expected, began + SOON) if self._pressing else expected

    def _numbers(self, now: float) -> tuple[tuple[str, float | None], ...] | None:
        """Give the numbers of the plan's own queries; None out of turn: two of them must be two looks."""
        if not self._prometheus.queries or now - self._numbered < self._prometheus.interval * APART:
            return None
        self._numbered = now
        return tuple((query.name, self._number(query)) for query in self._prometheus.queries)

    def _number(self, query: QuerySpec) -> float | None:
        try:
            return self._rates.number(query, self._prometheus.window)
        except Refused as error:  # this query alone: the others may be answered
            log.warning("prometheus.query name=%s why=%s", query.name, error)
            return None

    def _rate(self, side: Side, now: float) -> Rate | None:
        window = self._prometheus.window
        return self._history.own.without(side, self._rates.rate(side, window), now - window)
