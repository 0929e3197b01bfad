"""What the watch makes of readings over time: a bounded history of deltas, a verdict, the baseline, the observed share."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf, isfinite
from threading import Lock

from migrator.domain.judging.counters import deltas, observed
from migrator.domain.judging.judge import Evidence, judge
from migrator.domain.judging.opinion import Opinion
from migrator.domain.judging.own.named import measured, with_queries
from migrator.domain.judging.own.others import Spoken, newest_two, overruled
from migrator.domain.judging.second_opinion import combined, opinion, tallied
from migrator.domain.judging.window import Window, added, sides, window
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Answers, Buckets, Delta, Rate, Reading, Ruling, Source, Verdict
from migrator.domain.model.spec import JudgeSpec
from migrator.domain.observation.sighting import Judgement
from migrator.domain.showing.percentiles import grown, summed
from migrator.domain.showing.serving import served
from migrator.workflow.watching.own_requests import OwnRequests

log = logging.getLogger(__name__)

MEMORY = 180.0
"""Seconds of deltas kept; three times the longest usual window."""


class History:
    """Counts of one run while this process watches. Time that nobody watched is simply not in it. Safe between threads."""

    def __init__(
        self, spec: JudgeSpec, requests: bool = False, own: OwnRequests | None = None, compared: bool = True
    ) -> None:
        """Judge by `spec`; a share is counted in requests where the balancer steers those, else in new connections.

        `own` are our own requests, which are no evidence about clients; `compared` says whether both sides' answers are.
        """
        self._spec, self._requests, self.own, self._compared = spec, requests, own or OwnRequests(), compared
        self._last: dict[str, Reading] = {}
        self._deltas: deque[Delta] = deque()
        self._times: deque[tuple[float, Side, Buckets]] = deque()
        self._answers: tuple[Opinion, ...] = ()
        self._tally = Answers()
        self._others: dict[str, tuple[Spoken, ...]] = {}
        self._baseline = Rate()
        self._before: Rate | None = None
        self._steady_since = inf
        self._lock = Lock()

    def add(self, readings: list[Reading], now: float) -> None:
        """Take readings in; a gateway's first one only says where it stands."""
        with self._lock:
            self.own.seen_first(reading.gateway for reading in readings if reading.gateway not in self._last)
            self._deltas.extend(self.own.taken_out(deltas(self._last, readings)))
            self._times.extend(_timed(self._last, readings, now))
            self._last.update({reading.gateway: reading for reading in readings})
            while self._times and self._times[0][0] < now - self._lately:
                self._times.popleft()
            while self._deltas and self._deltas[0].at < now - max(MEMORY, 3 * self._spec.classes.window):
                self._deltas.popleft()
            self._keep_baseline(now)

    def answer(self, said: Opinion) -> None:
        """Take the second opinion's newest answer in. Those of its newest two windows are kept, and all are counted."""
        window = self._spec.prometheus.window if self._spec.prometheus else 0.0
        with self._lock:
            self._tally = tallied(self._tally, said)
            recent = [each for each in self._answers[:-1] if each.at > said.at - 2 * window]
            self._answers = (*recent, *self._answers[-1:], said)

    def speak(self, judge: str, said: Spoken) -> None:
        """Take in what a judge of the plan's own said."""
        with self._lock:
            self._others[judge] = newest_two(self._others.get(judge, ()), said)

    @property
    def answers(self) -> tuple[Opinion, ...]:
        """Give the second opinion's newest answers, oldest first."""
        with self._lock:
            return self._answers

    def connections(self, side: Side, start: float, end: float) -> int | None:
        """Give the new connections of a side by the gateways' own counters in (start, end]; None where nobody counts them."""
        with self._lock:
            return sides(self._deltas, side, start, end).connections

    def accepted(self, began: float, ended: float) -> dict[Side, int | None] | None:
        """Give the new connections of each side that came between two moments, give or take a sample; None while nobody has
        counted them since."""
        with self._lock:
            seen = tuple(self._deltas)
        ends = [delta for delta in seen if delta.at > ended]
        if {delta.side for delta in ends} != set(Side):
            return None
        near = [d for d in seen if d.at >= began - d.interval and d.at - d.interval <= ended]
        return {side: added([d for d in near if d.side is side]).connections for side in Side}

    def ruled(self, now: float, steady_since: float, alone: bool = False) -> Judgement:
        """Give the verdict of everything seen, with the observed share since the weights have stood.

        `alone`: the old side has no weight any more, so the new one's mix of classes is compared with its own.
        """
        spec = self._spec
        with self._lock:
            self._keep_mix(now, steady_since)
            seen, answers, tally = tuple(self._deltas), self._answers, self._tally
            others = dict(self._others)
            before, baseline, compared = self._before if alone else None, self._baseline, self._compared
            timed = tuple(self._times)

        def counted() -> Verdict:
            return judge(spec, Evidence(seen, now, baseline, self._mix(seen, now, steady_since), before))

        first = spoken(Source.GATEWAYS, counted) if spec.scrape else None
        second = (
            spoken(Source.PROMETHEUS, lambda: opinion(spec, answers, now, before, compared))
            if spec.prometheus
            else None
        )
        share = observed(seen, steady_since, Source.GATEWAYS, self._requests)
        verdict = with_queries(combined(first, second), measured(spec, answers, now))
        verdict = with_queries(verdict, overruled(spec, others, now))
        lately = served(seen, now - self._lately, now, [row for row in timed if row[0] > now - self._lately])
        return Judgement(verdict, baseline, share, tally, now, steady_since, lately)

    @property
    def _lately(self) -> float:
        """Give the seconds over which people are shown single gateways: those of the judge's window."""
        scrape, prometheus = self._spec.scrape, self._spec.prometheus
        return scrape.window if scrape else prometheus.window if prometheus else 0.0

    def _mix(self, seen: Sequence[Delta], now: float, steady_since: float) -> Window | None:
        """Give the newest full window of the mix since the weights have stood: they lie end to end and never overlap."""
        length = self._spec.classes.window
        if not isfinite(steady_since) or now < steady_since + length:
            return None
        full = int((now - steady_since) // length)
        return window(seen, steady_since + full * length, length)

    def _keep_mix(self, now: float, steady_since: float) -> None:
        """Remember the new side's counts of the share that ends now: once it is alone there is nothing else to compare."""
        was, self._steady_since = self._steady_since, steady_since
        if was == steady_since or not isfinite(was):
            return
        counts = sides(self._deltas, Side.NEW, was, now)
        if counts.requests >= self._spec.classes.min_requests:
            self._before = counts

    def _keep_baseline(self, now: float) -> None:
        """Remember the old side's last window with traffic: at 100 % it is all there is to compare with."""
        length = self._spec.scrape.window if self._spec.scrape else 0.0
        counts = sides(self._deltas, Side.OLD, now - length, now)
        if counts.requests >= max(20, self._baseline.requests // 10):
            self._baseline = counts


def _timed(
    last: Mapping[str, Reading], readings: Sequence[Reading], now: float
) -> Iterator[tuple[float, Side, Buckets]]:
    """Give how long the answers took that each side gave since its gateways were read before."""
    for side in Side:
        known = [each for each in readings if each.side is side and each.gateway in last]
        found = summed(grown(last[each.gateway].times, each.times) for each in known)
        if found:
            yield now, side, found


def spoken(source: Source, say_it: Callable[[], Verdict]) -> Verdict:
    """Give the verdict; a judge that fails is no data, which is said, and takes nothing else with it."""
    try:
        return say_it()
    except Exception as error:
        log.exception("judge.failed source=%s", source)
        return Verdict(Ruling.NO_DATA, say("judge.failed", words=f"{type(error).__name__}: {error}"), source)
