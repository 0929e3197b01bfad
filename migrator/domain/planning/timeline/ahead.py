"""What the gates before each step are judged by: the share before it, its worst case, and the way back from its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from migrator.domain.gates.begin import FORWARD_STEPS
from migrator.domain.gates.calendar import beginning
from migrator.domain.messages.findings import Finding, block
from migrator.domain.observation.gating import Ahead
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.timeline.spans import Span, timeline
from migrator.domain.steps import Shift, Step


def ahead(plan: Plan) -> tuple[Ahead, ...]:
    """Give what lies ahead at each step of the route forward."""
    before = (None, *plan.steps[:-1])
    spans = timeline(plan).spans
    return tuple(_ahead(left, span) for left, span in zip(before, spans, strict=True))


def _ahead(left: Step | None, span: Span) -> Ahead:
    # Keep and the rehearsal are shares too, but nobody holds a run after them: exactly a Shift.
    share = left.share if type(left) is Shift else None
    worst = span.expected if span.worst is None else span.worst
    return Ahead(share, worst, span.back.whole if span.back else None)


def windows_fit(plan: Plan, now: datetime) -> Iterable[Finding]:
    """A step that takes longer than every window, with the way back from its end, never begins: the run would wait in vain."""
    gates = plan.spec.gates
    if not gates.timed:
        return
    for step, coming in zip(plan.steps, ahead(plan), strict=True):
        if type(step) in FORWARD_STEPS and _never(plan, now, coming):
            yield block("gates.too-short", "spec.gates", step=step.title, worst=coming.worst, back=coming.back)


def _never(plan: Plan, now: datetime, coming: Ahead) -> bool:
    try:
        return beginning(plan.spec.gates, now, coming.need) is None
    except LookupError:
        return True
