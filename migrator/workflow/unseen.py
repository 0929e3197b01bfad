"""Keeps when, during the present step, something could not be looked at: no deadline of the step runs in that time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from migrator.domain.model.runs import Heading, Run
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting, Stale


class Unseen:
    """The blind times of one step, in this process. On the way back deadlines run on: there a person is asked instead."""

    def __init__(self) -> None:
        self._step: tuple[Heading, int] | None = None
        self._times: list[tuple[datetime, datetime]] = []
        self._last: datetime | None = None

    def take(self, run: Run, seen: Sighting) -> Sighting:
        """Take a look in, and return it with what could not be seen since the step began."""
        now = seen[Clocks].wall
        self._at(run)
        if self._last is not None and seen[Stale].reasons:
            self._add(self._last, now)
        self._last = now
        unseen = tuple(self._times) if run.heading is Heading.FORWARD else ()
        return seen.having(replace(seen[JournalFacts], unseen=unseen))

    def nothing(self, run: Run, now: datetime) -> None:
        """Take in that nothing could be looked at."""
        self._at(run)
        if self._last is not None:
            self._add(self._last, now)
        self._last = now

    def _at(self, run: Run) -> None:
        if self._step != (run.heading, run.cursor):
            self._step, self._times = (run.heading, run.cursor), []

    def _add(self, begun: datetime, to: datetime) -> None:
        if self._times and self._times[-1][1] == begun:
            begun = self._times.pop()[0]
        self._times.append((begun, to))
