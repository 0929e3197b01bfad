"""What a plan says to those who review it: what it moves, what blocks, each step with its time, the workload's diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.page.sheet import Block, Row, Sheet, Table, of_plan
from migrator.cli.views.plan_diff import diff
from migrator.cli.views.plan_outline import apart as lines_apart
from migrator.cli.views.words import way_back, whole, worst
from migrator.domain.messages.findings import Severity, blocking
from migrator.domain.messages.message import say
from migrator.domain.planning.timeline import timeline
from migrator.wording import label, labelled, labels, problem, remedy, render, subject
from migrator.wording.times import moment

if TYPE_CHECKING:
    from migrator.domain.messages.findings import Finding
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.timeline import Span, Timeline


def planned(plan: Plan) -> Sheet:
    """Return the sheet of a plan. The JSON of `show` has the whole of it."""
    times = timeline(plan)
    tables = (_head(plan, times), _findings(plan), _steps(times), _changes(plan))
    return Sheet(
        title=f"{label('Plan')} {plan.id} ({plan.spec.name})",
        state=label("blocked") if blocking(plan.findings, plan.spec.waivers) else label("can be run"),
        tables=tuple(table for table in tables if table.rows),
        blocks=tuple(block for block in (_diff(plan),) if block.lines),
    )


def apart(plan: Plan, other: Plan) -> Sheet:
    """Return the sheet of how a plan differs from another one."""
    lines = tuple(lines_apart(plan, other))
    state = label("differs") if lines else label("the same")
    block = Block(label("What differs: wanted, seen, and what follows"), "diff", lines)
    return Sheet(
        title=f"{label('Plan')} {plan.id} {label('against')} {other.id} ({plan.spec.name})",
        state=state,
        tables=(),
        blocks=(block,) if lines else (),
    )


def _head(plan: Plan, times: Timeline) -> Table:
    last = "" if times.last_return is None else render(times.spans[times.last_return].title)
    rows = (
        *of_plan(plan),
        (label("shares"), ", ".join(f"{forecast.share:g} %" for forecast in plan.forecast)),
        (label("time"), render(say("shown.times", expected=whole(times.expected), worst=whole(times.worst)))),
        (label("point of no return"), last or label("none")),
        (label("made"), render(say("shown.made", at=moment(plan.created_at), by=plan.created_by))),
    )
    return Table(label("Plan"), ("", ""), rows)


def _findings(plan: Plan) -> Table:
    reasons = {waiver.code: waiver.reason for waiver in plan.spec.waivers}
    rows = tuple(_finding(finding, reasons) for finding in plan.findings if finding.severity is not Severity.INFO)
    return Table(label("Findings that block or warn"), ("", *labels("code", "subject", "what", "do")), rows)


def _finding(finding: Finding, reasons: dict[str, str]) -> Row:
    is_waived = finding.severity is Severity.BLOCK and finding.code in reasons
    word = labelled("waived", reasons[finding.code]) if is_waived else label(finding.severity.value)
    return word, finding.code, subject(finding), problem(finding), remedy(finding)


def _steps(times: Timeline) -> Table:
    rows = tuple(_step(span) for span in times.spans)
    return Table(label("Steps"), labels("step", "expected", "worst", "way back", "calls"), rows)


def _step(span: Span) -> Row:
    return (
        render(span.title),
        whole(span.expected),
        worst(span),
        way_back(span),
        "; ".join(render(call) for call in span.calls),
    )


def _changes(plan: Plan) -> Table:
    rows = tuple((str(change.ref), render(change.why)) for change in plan.changes)
    return Table(label("Changed until the run is over"), labels("object", "why"), rows)


def _diff(plan: Plan) -> Block:
    kinds = f"{plan.spec.source.kind} {label('against')} {plan.spec.target.kind}"
    return Block(labelled("The workload's spec", kinds), "diff", tuple(diff(plan)))
