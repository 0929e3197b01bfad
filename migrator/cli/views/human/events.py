"""A row of the journal as one line for people: when, where in the route, what. The exact data is in the JSON view."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from migrator.cli.views.said import row as texts
from migrator.cli.views.words import clipped, one_line
from migrator.store import Kind

if TYPE_CHECKING:
    from migrator.store import Event

LONGEST = 160
Data = dict[str, Any]


def line(row: Event, longest: int | None = None) -> str:
    """Return the line, in at most `longest` characters (None: all of it)."""
    answers = f" of {row.answers}" if row.answers else ""
    words = one_line(_WORDS.get(row.kind, _plain)(texts(row.data)))
    head = f"{row.id:>5} {row.at:%H:%M:%S}.{row.at.microsecond // 1000:03} {row.heading} {row.step + 1:>2} "
    text = f"{head}{row.kind}{answers}  {words}".rstrip()
    return text if longest is None else clipped(text, longest)


def room() -> int | None:
    """Return how long a line may be on stdout: all of it where that is a file or a pipe."""
    return LONGEST if sys.stdout.isatty() else None


def _moved(data: Data) -> str:
    was = "" if data.get("was") in (None, data["state"]) else f"{data['was']} -> "
    why = "; ".join(filter(None, (data.get("why"), data.get("note"))))
    return f"{was}{data['state']} at step {data['cursor'] + 1} {data['heading']}{f': {why}' if why else ''}"


def _plain(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False) if data else ""


_WORDS: Mapping[Kind, Callable[[Data], str]] = {
    Kind.MOVED: _moved,
    Kind.INTENDED: lambda data: f"{data['action']['kind']}: {data['why']}",
    Kind.ACCEPTED: lambda data: " ".join(filter(None, (data["op"]["system"], data["op"]["id"]))),
    Kind.FAILED: lambda data: str(data["why"]),
    Kind.ASKED: lambda data: str(data["question"]),
    Kind.APPROVED: lambda data: f"{data['step']} by {data['by']}",
    Kind.VERDICT: lambda data: f"{data['ruling']}: {data['reason']} ({data['source']})",
    Kind.NOTED: lambda data: f"{data['about']} {data['text']}",
    Kind.REQUESTED: lambda data: f"{data['request']} by {data['by']}{': ' + data['note'] if data['note'] else ''}",
    Kind.SET: lambda data: f"{data['key']} {data['value']:g} s by {data['by']}",
    Kind.OBEYED: lambda data: str(data["note"]),
}
