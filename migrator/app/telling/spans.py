"""A run as spans: one for the run, one for each step, one for each write inside its step. Worked out of the journal alone.

Their ids follow from the rows, so that a span that is sent twice is the same one. Only what is over is a span.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from migrator.domain.messages.message import Message
from migrator.domain.model.runs import ENDS, Heading, Run, State
from migrator.domain.ports.telling import Span
from migrator.store import Delivery, Event, Kind, StoreReader
from migrator.wording import render
from migrator.wording.language import ENGLISH

KINDS = (Kind.MOVED, Kind.INTENDED, Kind.SETTLED, Kind.FAILED)
Titles = Mapping[Heading, Sequence[Message]]


def spans(run: Run, events: Sequence[Event], titles: Titles) -> Iterator[tuple[int, Span]]:
    """Give each span that is over with the row that ended it, in the order of those rows."""
    return _Walk(run, titles).through(events)


class _Walk:
    """One walk through a journal: the step that is open, and the writes that are."""

    def __init__(self, run: Run, titles: Titles) -> None:
        self._run, self._titles = run, titles
        self._trace = _digest(f"{run.plan_id} {run.id}", 32)
        self._root = _digest(f"{self._trace} run", 16)
        self._open: dict[int, Span] = {}
        self._step: Span | None = None
        self._place: tuple[Heading, int] | None = None

    def through(self, events: Sequence[Event]) -> Iterator[tuple[int, Span]]:
        for event in events:
            if event.kind is Kind.INTENDED:
                self._open[event.id] = self._write(event)
            elif event.kind is Kind.MOVED:
                yield from ((event.id, span) for span in self._moved(event, events[0].at))
            elif (write := self._open.pop(event.answers or 0, None)) is not None:
                yield event.id, replace(write, end=event.at, has_failed=event.kind is Kind.FAILED)

    def _moved(self, event: Event, began: datetime) -> Iterator[Span]:
        state, place = State(event.data["state"]), (Heading(event.data["heading"]), int(event.data["cursor"]))
        if self._step is not None and (place != self._place or state in ENDS):
            yield replace(self._step, end=event.at)
            self._step = None
        if state in ENDS:
            yield self._span(self._root, "", f"migrator run {self._run.id}", began, event.at, ("state", state.value))
        elif state is not State.PLANNED and self._step is None:
            self._step, self._place = self._entered(event, place), place

    def _entered(self, event: Event, place: tuple[Heading, int]) -> Span:
        heading, cursor = place
        known = self._titles.get(heading, ())
        title = render(known[cursor], ENGLISH) if cursor < len(known) else f"step {cursor + 1}"
        id = _digest(f"{self._trace} step {event.id}", 16)
        return self._span(id, self._root, title, event.at, event.at, ("heading", heading.value), ("step", cursor + 1))

    def _write(self, event: Event) -> Span:
        id = _digest(f"{self._trace} write {event.id}", 16)
        parent = self._step.id if self._step is not None else self._root
        return self._span(id, parent, str(event.data["action"]["kind"]), event.at, event.at, ("row", event.id))

    def _span(
        self, id: str, parent: str, name: str, start: datetime, end: datetime, *more: tuple[str, str | int]
    ) -> Span:
        own: tuple[tuple[str, str | int], ...] = (("run", self._run.id), ("name", self._run.name))
        about = (*own, ("plan", self._run.plan_id), *more)
        return Span(
            self._trace, id, parent, name, start, end, tuple((f"migrator.{key}", value) for key, value in about)
        )


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


class SpanBox:
    """The spans of one run that were not sent yet. It reads the journal anew only where there are new rows."""

    def __init__(self, store: StoreReader, run: Run, name: str) -> None:
        self._store, self._run, self._name = store, run, name
        self._events: list[Event] = []

    def due(self) -> list[tuple[Span, Delivery]]:
        """Give each span that is over and was not taken, and the place to keep once it is."""
        store, run = self._store, self._store.run(self._run.id)
        self._events += store.events_of(run.id, KINDS, self._events[-1].id if self._events else 0)
        headings = [Heading.FORWARD] if run.heading is Heading.FORWARD else list(Heading)
        titles = {heading: [step.title for step in store.route(run.id, heading)] for heading in headings}
        told = store.told(run.id, self._name)
        found = [(row, span) for row, span in spans(run, self._events, titles) if row > told.upto]
        # Of several that end with one row only the last is the place: a kill between them sends them all again, as the same.
        lasts = {row: index for index, (row, _) in enumerate(found)}
        return [
            (span, replace(told, upto=row if lasts[row] == index else row - 1))
            for index, (row, span) in enumerate(found)
        ]
