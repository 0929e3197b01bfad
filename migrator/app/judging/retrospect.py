"""The judge over the past: which windows it would have let pass, held or aborted, by the plan's limits and by others.

It asks Prometheus as a run does, of one past moment after the other, and the run's own judge rules. It judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from migrator.domain.messages.errors import MigratorError, Unreachable, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Brief, Rate, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec, Limits, QuerySpec, Spec
from migrator.domain.observation.sighting import Judgement
from migrator.domain.ports.rates import RateSource
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.history import History
from migrator.workflow.watching.opinions.asking import Asking

T = TypeVar("T")

MOST_LOOKS = 10_000
"""Moments that are judged at most: each is a few questions to Prometheus."""

SILENT = 3
"""Questions in a row without an answer after which nobody is asked more: each of thousands would wait for its time."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What is tried: the limits of the error rate, and the seconds of a window."""

    limits: Limits
    window: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the judge would have ruled the same, and why it ruled so first."""

    since: datetime
    until: datetime
    ruling: Ruling
    reason: Message


@dataclass(frozen=True, slots=True)
class Tried:
    """What the judge would have said with these bars, moment after moment. `first_abort`: when it would have turned back."""

    bars: Bars
    looks: tuple[tuple[Ruling, int], ...]
    stretches: tuple[Stretch, ...]

    @property
    def first_abort(self) -> datetime | None:
        """Give when a run would have turned back."""
        return next((each.since for each in self.stretches if each.ruling is Ruling.ABORT), None)


@dataclass(frozen=True, slots=True)
class Retrospect:
    """The past that was judged: from, to, how far apart the moments are, and what each try came to, the plan's own first."""

    begin: datetime
    end: datetime
    every: float
    tries: tuple[Tried, ...]


class Past:
    """The clock of a past moment, which is moved by hand."""

    def __init__(self, at: float) -> None:
        self.at = at

    def now(self) -> datetime:
        """Give the moment."""
        return datetime.fromtimestamp(self.at, UTC)

    def monotonic(self) -> float:
        """Give the moment in seconds."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.at += seconds


class Once:
    """A source that is asked the same of the same moment only once, whoever judges by it."""

    def __init__(self, rates: RateSource, clock: Past) -> None:
        self._rates, self._clock = rates, clock
        self._at, self._known = clock.at, dict[tuple[object, ...], object]()
        self._silent, self._answered = list[MigratorError](), False

    def require_answers(self, *, at_all: bool = False) -> None:
        """Raise Unreachable when nobody has answered for a while; `at_all`: or what every question has come to."""
        late = [error for error in self._silent if isinstance(error, Unreachable)]
        if len(late) >= SILENT or (at_all and self._silent and not self._answered):
            raise self._silent[-1]

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give counts over a window."""
        return self._remembered(("rate", side, window), lambda: self._rates.rate(side, window))

    def brief(self, side: Side, window: float) -> Brief | None:
        """Give what the newest scrapes say."""
        return self._remembered(("brief", side, window), lambda: self._rates.brief(side, window))

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Give the number of a query."""
        return self._remembered(("number", query, window), lambda: self._rates.number(query, window))

    def _remembered(self, asked: tuple[object, ...], ask: Callable[[], T]) -> T:
        if self._at != self._clock.at:
            self._at, self._known = self._clock.at, {}
        if asked not in self._known:
            try:
                self._known[asked] = ask()
            except MigratorError as error:
                self._known[asked] = error
                self._silent.append(error)
            else:
                self._silent, self._answered = [], True
        found = self._known[asked]
        if isinstance(found, MigratorError):
            raise found
        return found  # type: ignore[return-value]  # what this very question gave


def bars_of(spec: Spec) -> Bars:
    """Give the plan's own. UsageError: it names no Prometheus, so nobody knows the past."""
    if spec.judge.prometheus is None:
        raise UsageError(say("judge.no-past"))
    return Bars(spec.judge.error_rate, spec.judge.prometheus.window)


def retrospect(
    spec: Spec, source: Callable[[Past], RateSource], begin: datetime, end: datetime, every: float, bars: Iterable[Bars]
) -> Retrospect:
    """Judge every moment by each of these bars. UsageError: there are too many moments, or none. Unreachable or
    Refused: Prometheus gives no answers."""
    looks = int((end - begin).total_seconds() / every) + 1
    if looks < 2 or looks > MOST_LOOKS:
        raise UsageError(say("judge.moments", looks=max(looks, 0), most=MOST_LOOKS))
    clock = Past(begin.timestamp())
    rates = Once(source(clock), clock)
    judges = [Judge(_judge(spec.judge, each), spec, rates, clock) for each in bars]
    for number in range(looks):
        clock.at = begin.timestamp() + number * every
        for judge in judges:
            judge.look()
        rates.require_answers()
    rates.require_answers(at_all=True)
    return Retrospect(begin, end, every, tuple(judge.tried() for judge in judges))


def _judge(judge: JudgeSpec, bars: Bars) -> JudgeSpec:
    """Give a judge that has nothing but Prometheus: nobody else remembers."""
    assert judge.prometheus is not None
    prometheus = replace(judge.prometheus, window=bars.window)
    return replace(judge, scrape=None, prometheus=prometheus, error_rate=bars.limits, others=())


class Judge:
    """The run's own judge with one set of bars, and what it has said."""

    def __init__(self, judge: JudgeSpec, spec: Spec, rates: RateSource, clock: Past) -> None:
        assert judge.prometheus is not None
        self._bars = Bars(judge.error_rate, judge.prometheus.window)
        self._board, self._clock = Board(), clock
        self._board.wish = WatchRequest(steady_since=clock.at)
        history = History(judge, spec.balancer.steers_requests, compared=spec.answers is not None)
        self._asking = Asking(judge, rates, history, self._board, clock)
        self._said: list[tuple[datetime, Verdict]] = []

    def look(self) -> None:
        """Judge the moment."""
        self._asking()
        for facet in self._board.facets():
            if isinstance(facet, Judgement) and facet.verdict is not None:
                self._said.append((self._clock.now(), facet.verdict))

    def tried(self) -> Tried:
        """Give what it has said, moments that agree taken together."""
        rulings = [verdict.ruling for _, verdict in self._said]
        counts = tuple((each, rulings.count(each)) for each in Ruling if each in rulings)
        return Tried(self._bars, counts, tuple(_stretches(self._said)))


def _stretches(said: Sequence[tuple[datetime, Verdict]]) -> Iterator[Stretch]:
    open_: Stretch | None = None
    for at, verdict in said:
        if open_ is not None and open_.ruling is verdict.ruling:
            open_ = replace(open_, until=at)
            continue
        if open_ is not None:
            yield open_
        open_ = Stretch(at, at, verdict.ruling, verdict.reason)
    if open_ is not None:
        yield open_
