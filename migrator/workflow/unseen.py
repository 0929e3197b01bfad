"""Keeps when, during the present step, something could not be looked at, or a gate was shut: no deadline of it runs then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from migrator.domain.model.runs import Heading, Run
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting, Stale


class Unseen:
    """The blind and the shut times of one step, in this process. On the way back deadlines run on: a person is asked there.
    How long something was seen to stay as it is leaves them out on either way (`dark`).

    A process that begins while a gate is shut does not know since when: then all of the step so far does not count.
    """

    def __init__(self) -> None:
        self._step: tuple[Heading, int] | None = None
        self._times: list[tuple[datetime, datetime]] = []
        self._last: datetime | None = None

    def take(self, run: Run, seen: Sighting, shut: bool | None = False) -> Sighting:
        """Take a look in, and return it with the times since the step began that count for no deadline.

        `shut` None: whether a gate is shut is not known yet, so neither is since when.
        """
        now = seen[Clocks].wall
        self._at(run)
        begun = seen[JournalFacts].entered_at if self._last is None and shut else self._last
        if begun is not None and (shut or seen[Stale].reasons):
            self._add(begun, now)
        self._last = now if shut is not None or self._last is not None else None
        unseen = tuple(self._times) if run.heading is Heading.FORWARD else ()
        return seen.having(replace(seen[JournalFacts], unseen=unseen, dark=tuple(self._times)))

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
