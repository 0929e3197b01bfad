"""What was counted over all processes of a run: the witness's tries, the second opinion's answers, the judge's last word.

Each process counts from 0, so each one's last tally is added. What a process counted in the seconds before it was killed
is in nobody's tally.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from migrator.domain.messages.message import Message
from migrator.domain.model.samples import Named, Verdict
from migrator.store import Event, Kind, ProcessRecord
from migrator.store.codec.codec import from_data
from migrator.store.codec.messages import load_value

TRIED = ("tries", "old", "new", "failed")
ASKED = ("answered", "empty", "silent")


@dataclass(frozen=True, slots=True)
class Judged:
    """The judge's newest verdict: `at` is when, `since` when it first ruled so without a change since."""

    at: datetime
    since: datetime
    ruling: str
    reason: Message
    source: str
    named: tuple[Named, ...] = ()


def witnessed(stints: Sequence[ProcessRecord], noted: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Add up the tries; an answer whose side nobody can tell is in `neither`, so that the parts make up the whole."""
    kept = [
        {**{key: getattr(stint.look.witness, key) for key in TRIED}, "last_error": stint.look.witness.last_error}
        for stint in stints
    ]
    lasts = [tally for tally in kept if tally["tries"]] or _ends(noted, TRIED)
    if not lasts:
        return {}
    sums = {key: sum(tally[key] for tally in lasts) for key in TRIED}
    neither = sums["tries"] - sums["old"] - sums["new"] - sums["failed"]
    return {**sums, "neither": neither, "last_error": _newest(lasts, "last_error")}


def second(stints: Sequence[ProcessRecord], noted: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Add up what became of asking the second opinion; None where nobody was asked."""
    kept = [
        {**{key: getattr(stint.look.second, key) for key in ASKED}, "why": stint.look.second.why}
        for stint in stints
        if stint.look.second.asked
    ]
    lasts = kept or _ends(noted, ASKED)
    if not lasts:
        return None
    return {**{key: sum(tally[key] for tally in lasts) for key in ASKED}, "why": _newest(lasts, "why")}


def _ends(tallies: Sequence[dict[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Give the last tally of every process: where a number fell, another process had begun."""
    ends = [was for was, now in pairwise(tallies) if any(now[key] < was[key] for key in keys)]
    return [*ends, *tallies[-1:]]


def _newest(tallies: Sequence[dict[str, Any]], key: str) -> Any:
    return next((tally[key] for tally in reversed(tallies) if tally[key]), "")


def ruled(event: Event) -> Verdict:
    """Give the verdict that a row of the journal tells."""
    return from_data(event.data, Verdict)


def judged(stints: Sequence[ProcessRecord], events: Sequence[Event]) -> Judged | None:
    """Give the judge's last word; None while it has had no say."""
    changes = [event for event in events if event.kind is Kind.VERDICT]
    last = changes[-1] if changes else None
    for stint in reversed(stints):
        look = stint.look
        if look.verdict is not None and look.ruled_at is not None:
            found, at = look.verdict, look.ruled_at
            same = last is not None and last.data.get("ruling") == found.ruling.value
            since = last.at if last is not None and same else at
            return Judged(at, since, found.ruling.value, found.reason, found.source, found.named)
    if last is None:
        return None
    found = ruled(last)
    return Judged(last.at, last.at, found.ruling.value, found.reason, found.source, found.named)


def counted(event: Event) -> dict[str, Any]:
    """Give what a row says was counted; nothing for a row that is a note for people."""
    try:
        counts = json.loads(event.data["text"])
    except (KeyError, TypeError, ValueError):
        return {}
    return {name: load_value(value) for name, value in counts.items()} if isinstance(counts, dict) else {}
