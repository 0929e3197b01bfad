"""A row of the journal as one line for people: when, where in the route, what. The exact data is in the JSON view."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from migrator.cli.views.said import row as texts
from migrator.cli.views.words import clipped, one_line
from migrator.domain.messages.message import say
from migrator.store import Kind
from migrator.wording import label, render

if TYPE_CHECKING:
    from migrator.store import Event

LONGEST = 160
Data = dict[str, Any]


def line(row: Event, longest: int | None = None) -> str:
    """Return the line, in at most `longest` characters (None: all of it)."""
    answers = render(say("shown.event-of", row=row.answers)) if row.answers else ""
    words = one_line(_WORDS.get(row.kind, _plain)(texts(row.data)))
    head = (
        f"{row.id:>5} {row.at:%H:%M:%S}.{row.at.microsecond // 1000:03} {label(row.heading.value)} {row.step + 1:>2} "
    )
    text = f"{head}{label(row.kind.value)}{answers}  {words}".rstrip()
    return text if longest is None else clipped(text, longest)


def room() -> int | None:
    """Return how long a line may be on stdout: all of it where that is a file or a pipe."""
    return LONGEST if sys.stdout.isatty() else None


def _moved(data: Data) -> str:
    was = None if data.get("was") in (None, data["state"]) else label(data["was"])
    why = tuple(filter(None, (data.get("why"), data.get("note"))))
    place = {"state": label(data["state"]), "step": data["cursor"] + 1, "heading": label(data["heading"])}
    return render(say("shown.event-moved", was=was, why=why, **place))


def _plain(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False) if data else ""


_WORDS: Mapping[Kind, Callable[[Data], str]] = {
    Kind.MOVED: _moved,
    Kind.INTENDED: lambda data: f"{data['action']['kind']}: {data['why']}",
    Kind.ACCEPTED: lambda data: " ".join(filter(None, (data["op"]["system"], data["op"]["id"]))),
    Kind.FAILED: lambda data: str(data["why"]),
    Kind.ASKED: lambda data: str(data["question"]),
    Kind.APPROVED: lambda data: render(say("shown.event-by", what=data["step"], by=data["by"], note=None)),
    Kind.VERDICT: lambda data: render(
        say("shown.event-verdict", ruling=data["ruling"], reason=data["reason"], source=data["source"])
    ),
    Kind.NOTED: lambda data: f"{data['about']} {data['text']}",
    Kind.REQUESTED: lambda data: render(
        say("shown.event-by", what=label(data["request"]), by=data["by"], note=data["note"])
    ),
    Kind.SET: lambda data: render(
        say("shown.event-by", what=f"{data['key']} = {data['value']:g} s", by=data["by"], note=None)
    ),
    Kind.OBEYED: lambda data: str(data["note"]),
}
