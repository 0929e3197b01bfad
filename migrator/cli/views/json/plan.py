"""A plan as a value: its parts, and what people are shown with it: time, calls, the diff, the next command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from migrator.cli.views import plan_diff
from migrator.cli.views.forms import checked
from migrator.cli.views.json.parity import allows
from migrator.cli.views.json.values import finding, lost, when
from migrator.cli.views.said import said, texts
from migrator.domain.messages.findings import blocking
from migrator.domain.messages.message import Message
from migrator.domain.planning.checklist.items import checklist
from migrator.domain.planning.timeline import Span, timeline
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.plan.codes import Meaning
    from migrator.app.plan.keys import Key
    from migrator.domain.model.change import Change
    from migrator.domain.planning.advice import Advice
    from migrator.domain.planning.plan import Forecast, Plan
    from migrator.domain.planning.port_conflicts import WayOut


def plan(plan: Plan) -> dict[str, Any]:
    """Return a plan. Seconds are numbers; null is: no bound, or no way back."""
    spec, seen = plan.spec, plan.seen
    return {
        "id": plan.id,
        "digest": plan.digest,
        "name": spec.name,
        "created": when(plan.created_at),
        "by": plan.created_by,
        "findings": [finding(row, spec.waivers) for row in plan.findings],
        "loss": lost(plan.loss),
        "reverses": spec.target.reverses,
        "nodes": {node.name: node.address for node in seen.nodes},
        "old": {str(row.backend): row.weight for row in seen.old},
        "new": [str(backend) for backend in seen.coming],
        "new_now": {str(row.backend): row.weight for row in seen.new_now},
        "steps": texts(step.title for step in plan.steps),
        "shares": [_forecast(forecast) for forecast in plan.forecast],
        "changes": [_change(change) for change in plan.changes],
        "differences": [
            {"path": d.path, "was": d.was, "now": d.now, **said(reason=d.reason)} for d in plan.differences
        ],
        "allows": allows(spec.parity.allow),
        "checklist": checked.values(checklist(plan, None, {})) if plan.journey().moves else [],
        "manifests": list(plan.manifests),
        **_times(plan),
        "diff": plan_diff.diff(plan),
        "next": None if blocking(plan.findings, spec.waivers) else f"migrator run {plan.id}",
    }


def ways(ways: Sequence[WayOut]) -> list[dict[str, Any]]:
    """Return the ways out of a port conflict; `why_not` is why one cannot be used, or null."""
    return [
        {
            "way": way.way.value,
            "title": render(way.title),
            "why_not": render(way.why_not) or None,
            "costs": render(way.costs),
            "target": way.plan,
            "manifests": list(way.manifests),
            "commands": list(way.commands),
        }
        for way in ways
    ]


def advice(row: Advice) -> dict[str, Any]:
    """Return a row of the table of `advise`."""
    words = said(way=row.way, situation=row.situation, reason=row.reason, seen=row.seen)
    return {"table": row.table.value, "fits": row.fits, **words}


def code(meaning: Meaning) -> dict[str, Any]:
    """Return what is to be known of a code."""
    return {
        "code": meaning.code,
        "severities": list(meaning.severities),
        "meaning": list(meaning.paragraphs),
        "says": meaning.says,
        "remedy": meaning.remedy,
        "traffic": render(meaning.effect) if meaning.effect else "",
        "waivable": meaning.waivable,
        "runbook": [
            {"heading": entry.heading, "traffic": entry.traffic, "words": [words for _, words in entry.cells]}
            for entry in meaning.runbook
        ],
        "pages": list(meaning.pages),
    }


def key(key: Key) -> dict[str, Any]:
    """Return what is to be known of a key of the plan file."""
    allowed = render(key.allowed) if isinstance(key.allowed, Message) else str(key.allowed)
    return {
        "path": key.path,
        "meaning": key.meaning,
        "allowed": allowed,
        "default": key.usual,
        "required": key.required,
        "below": list(key.below),
    }


def _forecast(forecast: Forecast) -> dict[str, Any]:
    return {
        "share": forecast.share,
        "achieved": round(forecast.achieved, 3),
        "writes": forecast.writes,
        "weights": {str(row.backend): row.weight for row in forecast.rows},
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "object": str(change.ref),
        "patch": change.patch,
        "undo": change.undo,
        "after": change.after,
        "back": change.back,
        "last": change.last,
        **said(why=change.why),
    }


def _times(plan: Plan) -> dict[str, Any]:
    times = timeline(plan)
    gone = times.last_return
    return {
        "timeline": [_span(span) for span in times.spans],
        "expected_seconds": round(times.expected, 1),
        "worst_seconds": round(times.worst, 1),
        "waits_for_person": times.waits_for_person,
        "point_of_no_return": None if gone is None else render(times.spans[gone].title),
    }


def _span(span: Span) -> dict[str, Any]:
    back = span.back and {"traffic_seconds": round(span.back.traffic, 1), "whole_seconds": round(span.back.whole, 1)}
    return {
        "step": render(span.title),
        "start": round(span.start, 1),
        "expected": round(span.expected, 1),
        "worst": None if span.worst is None else round(span.worst, 1),
        "back": back,
        "calls": [render(call) for call in span.calls],
        "note": render(span.note),
        "held": span.held,
    }
