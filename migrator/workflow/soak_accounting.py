"""What the judge's samples add up to: watched soak, how long it has been blind, and verdicts worth writing down.

A soak is a sum over samples. Each passing sample taken wholly at the share adds its own interval, at most two; time that
nobody watched adds nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from migrator.domain.judging.limits import STALE
from migrator.domain.judging.newest import newest
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Answers, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec
from migrator.domain.observation.sighting import (
    Clocks,
    JournalFacts,
    Judgement,
    RunPosition,
    Sighting,
)
from migrator.domain.ports.memory import Journal

BLIND = frozenset({Ruling.NO_DATA, Ruling.HOLD, Ruling.SHARED})


class Account:
    """Keeps which sample was counted last, so that each counts once, and the newest verdict. A new process has none.

    `steady_since` and `counted_at` are monotonic: since when the weights stand, and when the last counted sample ended.
    `unheard` says that a second opinion is missing now while traffic depends on the first alone; empty: none is.
    """

    def __init__(self, spec: JudgeSpec, journal: Journal) -> None:
        self._spec, self._journal = spec, journal
        self.counted_at = float("-inf")
        self._last: tuple[Ruling, str] | None = None
        self._seen_at: float | None = None
        self._weighted_since = float("inf")
        self._missed = False
        self.unheard: tuple[Message, ...] = ()
        self.newest: tuple[Verdict, datetime] | None = None
        self.steady_since = float("inf")

    def steady(self, seen: Sighting, moving: bool) -> None:
        """Keep since when (monotonic) the weights have stood and reached the data plane; infinity while they move."""
        if moving:
            self.steady_since = float("inf")
        else:
            self.steady_since = min(self.steady_since, seen[Clocks].monotonic + seen[Pools].capabilities.settle)

    def of_these_weights(self, seen: Sighting) -> Sighting:
        """Give the sighting without an observed share that was counted before the weights stood as they do now."""
        judgement = seen[Judgement]
        if judgement.observed is None or judgement.since == self.steady_since:
            return seen
        return seen.having(replace(judgement, observed=None))

    def take(self, seen: Sighting) -> bool:
        """Write down what the newest verdict adds, and return whether its sample was added to the soak.

        Nothing counts before the new side has weight, nor on the way back.
        """
        now = seen[Clocks].monotonic
        passed_by, self._seen_at = now - (self._seen_at or now), now
        weighted = any(row.weight for row in seen[Pools].of(Side.NEW))
        if not weighted or seen[RunPosition].heading is Heading.BACK:
            self.unheard = ()
            return False
        self._listen(seen, now)
        verdict = newest(seen)
        self.newest = verdict, seen[Clocks].wall
        said = (verdict.ruling, verdict.source)
        if said != self._last:
            self._journal.verdict(verdict)
        if said != self._last or verdict.ruling in BLIND:
            self._journal.ruled(verdict.ruling, min(passed_by, self._longest()))
        self._last = said
        if verdict.ruling is not Ruling.PASS or not self._counts(seen, verdict):
            return False
        self._journal.passed(min(verdict.interval, self._longest()), verdict.sample_requests)
        self.counted_at = verdict.sample_at
        return True

    def _listen(self, seen: Sighting, now: float) -> None:
        """Write down once that the second opinion is missing while traffic depends on the first alone, and its return."""
        self._weighted_since = min(self._weighted_since, now)
        if self._spec.prometheus is None:
            return
        answers = seen[Judgement].second
        quiet = now - max(self._weighted_since, answers.last_at)
        missed = quiet > STALE * self._spec.prometheus.interval
        silence = missing(answers, quiet)
        self.unheard = (silence,) if missed else ()
        if missed != self._missed:
            self._journal.note("second opinion", silence if missed else say("prometheus.answers-again"))
        self._missed = missed

    def _counts(self, seen: Sighting, verdict: Verdict) -> bool:
        fresh = verdict.sample_at > self.counted_at
        wholly = verdict.sample_at - verdict.interval >= self.steady_since
        return fresh and wholly and seen[RunPosition].state is State.RUNNING and seen[JournalFacts].open is None

    def _longest(self) -> float:
        """Give two intervals of the slowest source that the plan names."""
        scrape, prometheus, latency = self._spec.scrape, self._spec.prometheus, self._spec.latency
        interval = scrape.interval if scrape else prometheus.interval if prometheus else 0.0
        return 2 * (max(interval, latency.flush) if scrape and latency else interval)


def missing(answers: Answers, quiet: float) -> Message:
    """Say that the second opinion is missing, for how many seconds, and why as far as it is known."""
    no_data = say("prometheus.empty") if answers.empty else say("prometheus.not-yet")
    return say("prometheus.quiet", quiet=quiet, why=answers.why if answers.silent else no_data)
