"""What the watch makes of readings over time: a bounded history of deltas, a verdict, the baseline, the observed share."""

from __future__ import annotations

from collections import deque

from migrator.domain.judging.counters import deltas, observed
from migrator.domain.judging.judge import Evidence, Opinion, combined, judge, opinion, sides, tallied
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Answers, Delta, Rate, Reading
from migrator.domain.model.spec import JudgeSpec
from migrator.domain.observation.sighting import Judgement

MEMORY = 180.0
"""Seconds of deltas kept; three times the longest usual window."""


class History:
    """Counts of one run while this process watches. Time that nobody watched is simply not in it."""

    def __init__(self, spec: JudgeSpec, requests: bool = False) -> None:
        """Judge by `spec`; a share is counted in requests where the balancer steers those, else in new connections."""
        self._spec, self._requests = spec, requests
        self._last: dict[str, Reading] = {}
        self._deltas: deque[Delta] = deque()
        self._answers: tuple[Opinion, ...] = ()
        self._tally = Answers()
        self._baseline = Rate()

    def add(self, readings: list[Reading], now: float) -> None:
        """Take readings in; a gateway's first one only says where it stands."""
        self._deltas.extend(deltas(self._last, readings))
        self._last.update({reading.gateway: reading for reading in readings})
        while self._deltas and self._deltas[0].at < now - MEMORY:
            self._deltas.popleft()
        self._keep_baseline(now)

    def answer(self, said: Opinion) -> None:
        """Take the second opinion's newest answer in; the two newest are kept (an abort needs two), all are counted."""
        self._tally = tallied(self._tally, said)
        self._answers = (*self._answers, said)[-2:]

    def ruled(self, now: float, steady_since: float) -> Judgement:
        """Give the verdict of everything seen, with the observed share since the weights have stood."""
        evidence = Evidence(tuple(self._deltas), now, self._baseline)
        verdict = judge(self._spec, evidence) if self._spec.scrape else None
        second = opinion(self._spec, self._answers, now) if self._spec.prometheus else None
        verdict = combined(verdict, second)
        share = observed(self._deltas, steady_since, "gateway counters", self._requests)
        return Judgement(verdict, self._baseline, share, self._tally)

    def _keep_baseline(self, now: float) -> None:
        """Remember the old side's last window with traffic: at 100 % it is all there is to compare with."""
        length = self._spec.scrape.window if self._spec.scrape else 0.0
        window = sides(self._deltas, Side.OLD, now - length, now)
        if window.requests >= max(20, self._baseline.requests // 10):
            self._baseline = window
