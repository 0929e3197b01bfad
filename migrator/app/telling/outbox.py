"""What one channel has still to be told of one run: the journal behind the channel's place in it. It sends nothing."""

from __future__ import annotations

from dataclasses import replace

from migrator.app.telling.letters import letter
from migrator.app.telling.notices import KINDS, Course, Notice, follow, unwatched
from migrator.domain.model.runs import Run
from migrator.domain.model.spec import Moment, Spec
from migrator.domain.ports.telling import Letter
from migrator.store import Delivery, StoreReader


class Outbox:
    """The letters of one channel, in order. Between two looks it reads only the rows that are new."""

    def __init__(self, store: StoreReader, run: Run, spec: Spec, channel: str, moments: frozenset[Moment]) -> None:
        self._store, self._run, self._spec = store, run, spec
        self._channel, self._moments = channel, moments
        self._course, self._read = Course(), 0
        self._rows: tuple[Notice, ...] = ()

    def due(self) -> list[tuple[Letter, Delivery]]:
        """Give each letter that was not taken yet, and the place to keep once it is; StoreError as of any read."""
        store, run = self._store, self._store.run(self._run.id)
        rows = store.events_of(run.id, KINDS, self._read)
        self._course, found = follow(self._course, rows, run.id)
        self._read = rows[-1].id if rows else self._read
        told = store.told(run.id, self._channel)
        self._rows = tuple(notice for notice in (*self._rows, *found) if notice.row > told.upto)
        silent = unwatched(
            store.process_records(run.id), store.holder(run.id), self._course.states, store.now(), run.id
        )
        alone = (notice for notice in silent if notice.epoch > told.epoch)
        return self._letters(run, sorted((*self._rows, *alone), key=lambda notice: notice.at), told)

    def _letters(self, run: Run, notices: list[Notice], told: Delivery) -> list[tuple[Letter, Delivery]]:
        """Write them. Times of rows and of processes are one clock's, but a place never goes back where they are not."""
        letters = []
        for notice in notices:
            told = replace(told, upto=max(told.upto, notice.row), epoch=max(told.epoch, notice.epoch))
            if notice.moment in self._moments:
                letters.append((letter(run, self._spec, notice), told))
        return letters
