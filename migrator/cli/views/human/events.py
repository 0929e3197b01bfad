"""A row of the journal as a sentence for people: when, at which step, what happened. The exact data is in the JSON view."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from migrator.cli.views.said import row as texts
from migrator.cli.views.words import clipped, one_line
from migrator.domain.messages.message import say
from migrator.domain.model.runs import Heading
from migrator.store import Kind
from migrator.wording import label, render
from migrator.wording.times import hour, zone

if TYPE_CHECKING:
    from migrator.cli.views.view import Titles
    from migrator.store import Event

LONGEST = 160
Data = dict[str, Any]


def line(row: Event, longest: int | None = None, titles: Titles | None = None) -> str:
    """Return the line, in at most `longest` characters (None: all of it)."""
    at = f"{hour(row.at)}.{row.at.microsecond // 1000:03} {zone(row.at)}"
    back = f"{label('back')} " if row.heading is Heading.BACK else ""
    place = f"{back}{step(titles, row.heading, _left(row))}"
    answers = render(say("shown.event-of", row=row.answers)) if row.answers else ""
    words = _moved(row, titles) if row.kind is Kind.MOVED else _WORDS.get(row.kind, _plain)(texts(row.data))
    text = f"{row.id:>5} {at} {place}{label(': ')}{one_line(words)}{answers}".rstrip()
    return text if longest is None else clipped(text, longest)


def _left(row: Event) -> int:
    """Return the step that a row is about: one that moves a run on from a step says what that step came to."""
    if row.kind is not Kind.MOVED or row.data.get("was") != row.data["state"]:
        return row.step
    return max(row.step - 1, 0)


def step(titles: Titles | None, heading: Heading, number: int) -> str:
    """Return a step's title; its number where nobody knows the title."""
    known = (titles or {}).get(heading, ())
    return render(known[number]) if 0 <= number < len(known) else f"{label('step')} {number + 1}"


def room() -> int | None:
    """Return how long a line may be on stdout: all of it where that is a file or a pipe."""
    return LONGEST if sys.stdout.isatty() else None


def _moved(row: Event, titles: Titles | None) -> str:
    data = texts(row.data)
    was = None if data.get("was") in (None, data["state"]) else label(data["was"])
    why = tuple(filter(None, (data.get("why"), data.get("note"))))
    heading = Heading(data["heading"])
    place = step(titles, heading, data["cursor"])
    back = heading is Heading.BACK
    return render(
        say("event.moved", state=label(data["state"]), was=was, step=place, back=1 if back else None, why=why)
    )


def _plain(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False) if data else ""


def _noted(data: Data) -> str:
    counts = isinstance(data["text"], str) and data["text"].startswith("{")
    about, text = label(data["about"]), data["text"]
    return render(
        say("event.counted", about=about, text=text) if counts else say("event.noted", about=about, text=text)
    )


_WORDS: Mapping[Kind, Callable[[Data], str]] = {
    Kind.INTENDED: lambda data: render(say("event.intended", action=data["action"]["kind"], why=data["why"])),
    Kind.ACCEPTED: lambda data: render(
        say("event.accepted", system=data["op"]["system"] or None, id=data["op"]["id"] or None)
    ),
    Kind.SETTLED: lambda data: render(say("event.settled")),
    Kind.FAILED: lambda data: render(say("event.failed", why=str(data["why"]))),
    Kind.ASKED: lambda data: render(say("event.asked", question=str(data["question"]))),
    Kind.APPROVED: lambda data: render(say("event.approved", by=data["by"], step=data["step"])),
    Kind.VERDICT: lambda data: render(
        say("shown.event-verdict", ruling=data["ruling"], reason=data["reason"], source=data["source"])
    ),
    Kind.NOTED: _noted,
    Kind.REQUESTED: lambda data: render(
        say("event.requested", request=label(data["request"]), by=data["by"], note=data["note"] or None)
    ),
    Kind.SET: lambda data: render(say("event.set", key=data["key"], value=data["value"], by=data["by"])),
    Kind.OBEYED: lambda data: render(say("event.obeyed", note=str(data["note"]))),
}
