"""A row of the journal as one line: when, where in the route, what. The exact data is in the JSON view."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from migrator.cli.views.said import row as texts
from migrator.cli.views.words import clipped

if TYPE_CHECKING:
    from migrator.store import Event

LONGEST = 160


def line(row: Event, longest: int | None = None) -> str:
    """Give the line, in at most `longest` characters (None: all of it)."""
    answers = f" of {row.answers}" if row.answers else ""
    words = _SAYING.get(row.kind.value, _plain)(texts(row.data))
    head = f"{row.id:>5} {row.at:%H:%M:%S}.{row.at.microsecond // 1000:03} {row.heading} {row.step + 1:>2} "
    text = f"{head}{row.kind}{answers}  {' '.join(words.split())}".rstrip()
    return text if longest is None else clipped(text, longest)


def room() -> int | None:
    """Give how long a line may be on stdout: all of it where that is a file or a pipe."""
    return LONGEST if sys.stdout.isatty() else None


def _moved(data: dict[str, Any]) -> str:
    was = "" if data.get("was") in (None, data["state"]) else f"{data['was']} -> "
    told = "; ".join(filter(None, (data.get("why"), data.get("note"))))
    return f"{was}{data['state']} at step {data['cursor'] + 1} {data['heading']}{f': {told}' if told else ''}"


def _plain(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False) if data else ""


_SAYING: dict[str, Callable[[dict[str, Any]], str]] = {
    "moved": _moved,
    "intended": lambda data: f"{data['action']['kind']}: {data['why']}",
    "accepted": lambda data: " ".join(filter(None, (data["op"]["system"], data["op"]["id"]))),
    "failed": lambda data: str(data["why"]),
    "asked": lambda data: str(data["question"]),
    "approved": lambda data: f"{data['step']} by {data['by']}",
    "verdict": lambda data: f"{data['ruling']}: {data['reason']} ({data['source']})",
    "noted": lambda data: f"{data['about']} {data['text']}",
    "requested": lambda data: f"{data['request']} by {data['by']}{': ' + data['note'] if data['note'] else ''}",
    "obeyed": lambda data: str(data["note"]),
}
