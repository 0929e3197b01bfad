"""What the JSON of a plan has besides its parts: time, calls, the diff, the point of no return, the next command."""

from __future__ import annotations

from typing import Any

from migrator.cli.views import plan_text
from migrator.domain.model.findings import blocking
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.timeline import Span, timeline
from migrator.wording import render


def more(found: Plan) -> dict[str, Any]:
    """Give the same values that people are shown. Seconds are numbers; null is: no bound, or no way back."""
    times = timeline(found)
    gone = times.last_return
    return {
        "timeline": [_span(span) for span in times.spans],
        "expected_seconds": round(times.expected, 1),
        "worst_seconds": round(times.worst, 1),
        "waits_for_person": times.waits_for_person,
        "point_of_no_return": None if gone is None else render(times.spans[gone].title),
        "diff": plan_text.diff(found),
        "next": None if blocking(found.findings, found.spec.waivers) else f"migrator run {found.id}",
    }


def _span(span: Span) -> dict[str, Any]:
    back = None
    if span.back is not None:
        back = {"traffic_seconds": round(span.back.traffic, 1), "whole_seconds": round(span.back.whole, 1)}
    return {
        "step": render(span.title),
        "start": round(span.start, 1),
        "expected": round(span.expected, 1),
        "worst": None if span.worst is None else round(span.worst, 1),
        "back": back,
        "calls": [render(call) for call in span.calls],
        "note": render(span.note),
    }
