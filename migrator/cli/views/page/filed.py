"""What a filed report says, as texts in tables: every page shows these and adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.app.inspect.course import Became
from migrator.cli.views.forms import checked
from migrator.cli.views.human.comparison import load
from migrator.cli.views.page import measured
from migrator.cli.views.page.events import Mark, Span, Time, marks, steps, unwatched, verdicts
from migrator.cli.views.page.sheet import Row, Sheet, Table, of_plan
from migrator.cli.views.style import STATES
from migrator.cli.views.words import between, counter, duration, may_differ, ruled, zoned
from migrator.domain.messages.message import say
from migrator.domain.model.runs import Heading
from migrator.wording import label, labelled, labels, problem, render
from migrator.wording.times import hour, moment

if TYPE_CHECKING:
    from datetime import datetime

    from migrator.app.inspect.report import Report, StepTime
    from migrator.domain.showing.series import Sample


RESTED = 3
"""The column of a step that says for how long it was interrupted."""

WRITES = ("intended", "settled", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Sheet):
    """A whole report. `points` are (when, percent on the new side), `samples` what was measured; the rest is what happened."""

    points: tuple[tuple[datetime, float], ...]
    marks: tuple[Mark, ...]
    until: datetime
    samples: tuple[Sample, ...] = ()
    steps: tuple[Span, ...] = ()
    verdicts: tuple[Span, ...] = ()
    written: tuple[datetime, ...] = ()
    unwatched: tuple[Time, ...] = ()


def filed(report: Report, version: str, now: datetime | None = None, sparks: bool = False) -> Filed:
    """Return what a page of a report says; `version` is migrator's own. `now` is when a run that goes on is looked at; without
    it the page tells it up to its last change; `sparks`: it draws no charts, so numbers over time are lines of blocks."""
    run = report.run
    until = run.updated_at if now is None or run.ended else now
    tables = (
        _head(report, version, until),
        _steps(report, until),
        _shares(report),
        measured.table(report.samples, sparks),
        _verdicts(report),
        _rests(report),
        _waived(report),
        *(Table(phase, ("", ""), rows) for phase, rows in checked.phases(report.checklist)),
    )
    return Filed(
        title=render(say("view.run", run=run.id, name=run.name)),
        state=STATES[run.state].word,
        tables=tuple(table for table in tables if table.rows),
        remarks=tuple(_remarks(report)),
        points=tuple((point.at, point.share) for point in report.course),
        marks=marks(report),
        until=until,
        samples=report.samples,
        steps=steps(report, until),
        verdicts=verdicts(report, until),
        written=report.written,
        unwatched=unwatched(report, until),
    )


def _head(report: Report, version: str, until: datetime) -> Table:
    run, plan = report.run, report.plan
    began = report.steps[0].entered_at if report.steps else run.created_at
    rows = (
        (label("outcome"), labelled(STATES[run.state].word, render(run.why)) if run.why else STATES[run.state].word),
        (label("plan"), plan.id),
        *of_plan(plan),
        (label("began"), moment(began)),
        (label("ended") if run.ended else label("last change"), moment(run.updated_at)),
        (label("took"), between(began, until)),
        (label("writes"), render(say("shown.writes", **{name: report.writes[name] for name in WRITES}))),
        (label("journal"), label("whole") if report.whole else label("BROKEN: it was changed from outside")),
        ("migrator", version),
    )
    return Table(label("Run"), ("", ""), rows)


def _steps(report: Report, until: datetime) -> Table:
    """Return the steps; a run that nothing interrupted needs no column for it."""
    head = (label("step"), zoned("began", until), *labels("took", "interrupted for", "outcome"))
    rows = tuple(_step(step, until) for step in report.steps)
    if not any(row[RESTED] for row in rows):
        head, rows = _narrower(head), tuple(map(_narrower, rows))
    return Table(label("Steps"), head, rows)


def _narrower(row: Row) -> Row:
    return (*row[:RESTED], *row[RESTED + 1 :])


def _step(step: StepTime, now: datetime) -> Row:
    back = labelled("back", "") if step.heading is Heading.BACK else ""
    rest = duration(round(step.rested)) if step.rested >= 1 else ""
    return (
        f"{back}{render(step.title)}",
        hour(step.entered_at),
        duration(step.seconds(now)),
        rest,
        render(step.note),
    )


def _shares(report: Report) -> Table:
    rows = tuple(
        (
            f"{share.requested:g} %",
            "" if share.achieved is None else f"{share.achieved:.2f} %",
            "" if share.observed is None else f"{share.observed:.2f} %",
            str(share.connections) if share.connections else "",
            counter(share.source) if share.source else "",
            label(share.became.value),
        )
        for share in report.shares
    )
    return Table(label("Shares"), labels("asked for", "by weight", "observed", "of", "by", "became"), rows)


def _verdicts(report: Report) -> Table:
    rows = tuple((moment(v.at), ruled(v.ruling), render(v.reason), counter(v.source)) for v in report.verdicts)
    return Table(label("Verdicts"), labels("when", "ruling", "reason", "by"), rows)


def _rests(report: Report) -> Table:
    rows = tuple(
        (label(rest.what), moment(rest.since), moment(rest.until) if rest.until else label("now"), render(rest.why))
        for rest in report.interruptions
    )
    return Table(label("Interruptions"), labels("what", "from", "to", "why"), rows)


def _waived(report: Report) -> Table:
    reasons = {waiver.code: waiver.reason for waiver in report.plan.spec.waivers}
    rows = tuple((row.code, problem(row), reasons.get(row.code, "")) for row in report.waived)
    return Table(label("Accepted findings"), labels("code", "what", "reason"), rows)


def _remarks(report: Report) -> list[str]:
    from migrator.cli.views.human.report import answered, counted, evident, last_word, set_to

    said = [render(say("shown.revisions"))] if report.plan.seen.former else []
    if turned := report.turned:
        evidence = render(turned.evidence)
        said.append(render(say("shown.turned", at=moment(turned.at), why=turned.why)))
        said += [evidence] if evidence.strip() and evidence not in said[0] else []
    said += [last_word(report.judge)] if report.judge else []
    said += [render(say("shown.rehearsal-share"))] if any(s.became is Became.REHEARSED for s in report.shares) else []
    said += [] if report.samples or not report.course else [render(say("shown.no-series"))]
    said += [f"{render(say('shown.differ'))} {render(line)}" for line in report.differing]
    said += map(may_differ, report.plan.spec.parity.allow)
    said += [set_to(row) for row in report.sets]
    listed = [render(line) for line in (load.lines(report.load) if report.load is not None else ())]
    listed += evident(report)
    return [*said, *(words.strip() for words in answered(report)), *counted(report), *listed]
