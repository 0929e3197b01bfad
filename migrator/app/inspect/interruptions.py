"""When a run did not go on, and why: it was paused, halted or waited for a person, or its process had left or died."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import Run, State
from migrator.store import Event, Kind, ProcessRecord
from migrator.store.codec.messages import load

FROZEN, OVER = "gate.frozen", "nodes.over"

RESTS = (State.PAUSED, State.WAITING, State.HALTED)


@dataclass(frozen=True, slots=True)
class Interruption:
    """One rest. `what` is paused, waiting, halted, left, died or frozen; `until` None: it lasts."""

    what: str
    since: datetime
    until: datetime | None
    why: Message | None


def interruptions(
    run: Run, events: Sequence[Event], stints: Sequence[ProcessRecord], holder: str | None
) -> tuple[Interruption, ...]:
    """Give every rest in order of time; `holder` is who carries the run out right now."""
    found = [*_rests(events), *_gaps(run, stints, holder), *_freezes(run, events)]
    return tuple(sorted(found, key=lambda each: each.since))


def _rests(events: Sequence[Event]) -> list[Interruption]:
    moves = [event for event in events if event.kind is Kind.MOVED]
    found: list[Interruption] = []
    for index, event in enumerate(moves):
        state = event.data["state"]
        if state in RESTS and event.data["was"] != state:
            ends = (later.at for later in moves[index + 1 :] if later.data["state"] != state)
            found.append(Interruption(str(state), event.at, next(ends, None), load(event.data.get("why"))))
    return found


def _freezes(run: Run, events: Sequence[Event]) -> list[Interruption]:
    """Give the times in which somebody had frozen the run, by the notes of it; one may have ended while nobody looked."""
    notes = [(event.at, event.data["text"]) for event in events if event.kind is Kind.NOTED]
    said = [(at, load(text)) for at, text in notes if isinstance(text, dict)]
    found: dict[Message, Interruption] = {}
    done: list[Interruption] = []
    for at, note in said:
        trouble = note["trouble"] if note is not None and note.code == OVER else None
        if note is not None and note.code == FROZEN:
            found.setdefault(note, Interruption("frozen", at, None, note))
        elif isinstance(trouble, Message) and trouble in found:
            done.append(replace(found.pop(trouble), until=at))
    last = [replace(each, until=run.updated_at) if run.ended else each for each in found.values()]
    return [*done, *last]


def _gaps(run: Run, stints: Sequence[ProcessRecord], holder: str | None) -> list[Interruption]:
    found = [_gap(before, after) for before, after in pairwise(stints)]
    if stints and not run.ended and holder is None:
        found.append(_gap(stints[-1], None))
    return found


def _gap(before: ProcessRecord, after: ProcessRecord | None) -> Interruption:
    """Say who went how, and who came. Whoever died was last heard of when it kept its last look."""
    until, holder, successor = after.began_at if after else None, before.holder, after.holder if after else ""
    if before.left_at is None:
        why = say("stint.died", holder=holder, successor=successor) if after else say("stint.died-alone", holder=holder)
        return Interruption("died", before.kept_at, until, why)
    why = say("stint.left", holder=holder, successor=successor) if after else say("stint.left-alone", holder=holder)
    return Interruption("left", before.left_at, until, why)


def rested(begin: datetime, end: datetime, rests: Sequence[Interruption]) -> float:
    """Give how many seconds between the two were rest; what overlaps counts once."""
    total, reached = 0.0, begin
    for rest in sorted(rests, key=lambda each: each.since):
        since, until = max(rest.since, reached), min(rest.until or end, end)
        if until > since:
            total += (until - since).total_seconds()
            reached = until
    return total
