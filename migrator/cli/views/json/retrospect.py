"""What the judge would have said of the past, as a value; limits are fractions, times of the past UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.cli.views.json.values import when
from migrator.cli.views.said import said

if TYPE_CHECKING:
    from migrator.app.judging.retrospect import Retrospect, Tried


def retrospect(found: Retrospect) -> dict[str, Any]:
    """Return it; the plan's own limits come first."""
    return {
        "from": when(found.begin),
        "to": when(found.end),
        "every": found.every,
        "tries": [_tried(each) for each in found.tries],
    }


def _tried(tried: Tried) -> dict[str, Any]:
    bars = tried.bars
    return {
        "hold": bars.limits.hold,
        "abort": bars.limits.abort,
        "window": bars.window,
        "looks": {ruling.value: count for ruling, count in tried.looks},
        "first_abort": when(tried.first_abort),
        "stretches": [
            {
                "since": when(each.since),
                "until": when(each.until),
                "ruling": each.ruling.value,
                **said(reason=each.reason),
            }
            for each in tried.stretches
        ],
    }
