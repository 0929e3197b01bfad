"""Which moments of a run are worth telling, worked out of its journal and of who carried it out. Pure.

The journal is the outbox: what is told follows from its rows alone, so that a notice is the same one, with the same id,
whichever process works it out and however often.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import TypeAlias

from migrator.app.inspect.totals import counted
from migrator.domain.gates.begin import STOPS
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import ENDS, Heading, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import Moment
from migrator.domain.observation.logins import instant
from migrator.domain.steps.handing.hand_over import TELLS
from migrator.domain.steps.isolating.keep_apart import KEPT
from migrator.store import Event, Kind, ProcessRecord
from migrator.store.codec.messages import load

KINDS = (Kind.MOVED, Kind.VERDICT, Kind.NOTED)
"""The rows from which a notice can follow."""

HELD_AGAIN = 600.0
"""Seconds within which a second hold at the same step is not told again: a verdict may come and go every few seconds."""

UNWATCHED_AFTER = 30.0
"""Seconds without a process after which that is told; a pod that is replaced is quicker."""

HOLDS = STOPS | {"drift.held"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. `row` is the journal's row that it follows from, `epoch` the process that nobody followed; one of
    them is 0. `command` is what a person types now, "" where there is nothing to do."""

    moment: Moment
    at: datetime
    what: Message
    row: int = 0
    epoch: int = 0
    command: str = ""

    def id(self, plan: str, run: int) -> str:
        """Give the id, which is the same whoever works it out."""
        return f"{plan[:12]}-{run}-{f'row-{self.row}' if self.row else f'process-{self.epoch}'}"


States: TypeAlias = tuple[tuple[datetime, State], ...]
"""Which state the run was in from when on."""


@dataclass(frozen=True, slots=True)
class Course:
    """What the rows so far came to: as much of it as the next one is judged by."""

    heading: str = Heading.FORWARD.value
    is_held: bool = False
    held_at: tuple[tuple[str, int], datetime] | None = None
    share: float | None = None
    states: States = ()
    told_at: tuple[str, int] | None = None

    def in_state(self, row: Event) -> States:
        """Give the states up to a row that moves the run, this one too."""
        state = State(row.data["state"])
        return self.states if self.states and self.states[-1][1] is state else (*self.states, (row.at, state))


def follow(course: Course, rows: Iterable[Event], run: int) -> tuple[Course, tuple[Notice, ...]]:
    """Give what more rows of a journal come to, and what is to be told of them, oldest first."""
    found: list[Notice] = []
    for row in rows:
        course, notice = _follow(course, row, run)
        found += [notice] if notice is not None else []
    return course, tuple(found)


def _follow(course: Course, row: Event, run: int) -> tuple[Course, Notice | None]:
    if row.kind is Kind.MOVED:
        return _moved(course, row, run)
    if row.kind is Kind.VERDICT:
        holds = row.data.get("ruling") == Ruling.HOLD.value
        after = replace(course, is_held=holds)
        return _held(after, row, load(row.data.get("reason")), run) if holds and not course.is_held else (after, None)
    if row.data.get("about") == "share":
        return _shared(course, row)
    if row.data.get("about") == KEPT:
        pod = str(counted(row)["pod"])
        return course, _told(
            Moment.TURNED_BACK, row, say("notify.kept", pod=pod), f"migrator release {pod} --plan {run} --delete"
        )
    text = row.data.get("text")
    if isinstance(text, dict) and text.get("code") in HOLDS:
        return _held(course, row, load(text), run)
    if isinstance(text, dict) and text.get("code") == TELLS:
        return _to_do(course, row, load(text), run)
    return course, None


def _moved(course: Course, row: Event, run: int) -> tuple[Course, Notice | None]:
    was, state, heading = row.data.get("was"), State(row.data["state"]), str(row.data["heading"])
    is_held = course.is_held and state is State.RUNNING
    after = replace(course, heading=heading, is_held=is_held, states=course.in_state(row))
    why = load(row.data.get("why"))
    if heading != course.heading:
        return after, _told(Moment.TURNED_BACK, row, say("notify.turned-back", why=why))
    if state.value == was:
        return after, None
    if was == State.PLANNED.value and state is State.RUNNING:
        return after, _told(Moment.BEGAN, row, say("notify.began"))
    if state is State.WAITING:
        return after, _told(Moment.WAITS, row, say("notify.waits", question=why), f"migrator approve {run}")
    if state is State.HALTED:
        return after, _told(Moment.HALTED, row, say("notify.halted", why=why), f"migrator status {run}")
    if state in ENDS:
        return after, _told(Moment.ENDED, row, say("notify.ended", state=state, why=why), f"migrator report {run}")
    return after, None


def _held(course: Course, row: Event, why: Message | None, run: int) -> tuple[Course, Notice | None]:
    """Tell a hold, unless one of the same step was told a moment ago."""
    place = (row.heading.value, row.step)
    if course.held_at is not None:
        where, since = course.held_at
        if where == place and (row.at - since).total_seconds() < HELD_AGAIN:
            return course, None
    told = _told(Moment.HELD, row, say("notify.held", why=why), f"migrator status {run}")
    return replace(course, held_at=(place, row.at)), told


def _to_do(course: Course, row: Event, what: Message | None, run: int) -> tuple[Course, Notice | None]:
    """Tell what a person is to do at a step, once: the judge's doubts may take it back for a while, and it comes again."""
    place = (row.heading.value, row.step)
    if course.told_at == place:
        return course, None
    told = _told(Moment.WAITS, row, say("notify.waits", question=what), f"migrator status {run}")
    return replace(course, told_at=place), told


def _shared(course: Course, row: Event) -> tuple[Course, Notice | None]:
    """Tell a share that was reached, once: the step that keeps the last one notes it too."""
    counts = counted(row)
    share = counts.get("requested")
    if not isinstance(share, int | float) or share == course.share:
        return course, None
    connections = counts.get("connections") or None
    what = say("notify.share", share=share, observed=counts.get("observed"), connections=connections)
    return replace(course, share=share), _told(Moment.SHARE, row, what)


def _told(moment: Moment, row: Event, what: Message, command: str = "") -> Notice:
    return Notice(moment, row.at, what, row=row.id, command=command)


def unwatched(
    records: Sequence[ProcessRecord], holder: str | None, states: States, now: datetime, run: int
) -> Iterator[Notice]:
    """Give a notice for every time that nobody carried the run out for 30 s and more; the last such time may go on.

    One that has ended needs nobody, nor does one that its process left halted: it leaves none that has traffic at stake.
    """
    for gone, after in zip_longest(records, records[1:]):
        if after is None and (holder is not None or (states and states[-1][1] in ENDS)):
            return
        if gone.left_at is not None and _state_at(states, gone.left_at) is State.HALTED:
            continue
        since = gone.left_at or gone.kept_at
        until = None if after is None else after.began_at
        if ((until or now) - since).total_seconds() >= UNWATCHED_AFTER:
            yield Notice(
                Moment.UNWATCHED,
                since,
                _unwatched(gone, since, until),
                epoch=gone.epoch,
                command="" if until else f"migrator resume {run}",
            )


def _state_at(states: States, at: datetime) -> State | None:
    return next((state for since, state in reversed(states) if since <= at), None)


def _unwatched(gone: ProcessRecord, since: datetime, until: datetime | None) -> Message:
    at = instant(since)
    if until is None:
        return say("notify.unwatched", by=gone.holder, since=at)
    return say("notify.was-unwatched", by=gone.holder, since=at, seconds=round((until - since).total_seconds()))
