"""The report as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.cli.views.forms import checked
from migrator.cli.views.json.answers import parity as answers
from migrator.cli.views.json.parity import allows, difference
from migrator.cli.views.json.series import series
from migrator.cli.views.json.status import numbers, way_back
from migrator.cli.views.json.values import clusters, finding, loaded, lost, run, when
from migrator.cli.views.said import said
from migrator.domain.model.refs import contexts

if TYPE_CHECKING:
    from datetime import datetime

    from migrator.app.inspect.course import ShareSeen
    from migrator.app.inspect.report import Report, StepTime


def report(report: Report) -> dict[str, Any]:
    """Return a report."""
    now, turned, judge = report.run.updated_at, report.turned, report.judge
    return {
        **run(report.run),
        "clusters": clusters(contexts(report.plan.spec)),
        "steps": [_step(step, now) for step in report.steps],
        "shares": [_share(share) for share in report.shares],
        "verdicts": [
            {"at": when(v.at), "ruling": v.ruling, **said(reason=v.reason), "source": v.source} for v in report.verdicts
        ],
        "judge": judge
        and {
            **{"at": when(judge.at), "since": when(judge.since), "ruling": judge.ruling},
            **said(reason=judge.reason),
            "source": judge.source,
            "queries": numbers(judge.named),
        },
        "interruptions": [
            {"what": i.what, "since": when(i.since), "until": when(i.until), **said(why=i.why)}
            for i in report.interruptions
        ],
        "turned_back": turned and {"at": when(turned.at), **said(why=turned.why, evidence=turned.evidence)},
        "witness": report.witness,
        "prometheus": report.prometheus and {**report.prometheus, **_why(report.prometheus)},
        "cut": report.cut,
        "loss": lost(report.plan.loss),
        "writes": report.writes,
        "waived": [finding(row, report.plan.spec.waivers) for row in report.waived],
        "journal_whole": report.whole,
        "way_back": way_back(back.look, back.rehearsed) if (back := report.returning) else None,
        "differences": [difference(line) for line in report.differing],
        "allows": allows(report.plan.spec.parity.allow),
        "checklist": checked.values(report.checklist),
        "evidence": [{"pod": row.pod, "file": str(row.file), "bytes": row.size} for row in report.evidence],
        "load": loaded(report.load) if report.load is not None else None,
        "sets": [{"at": when(row.at), "key": row.key, "value": row.value, "by": row.by} for row in report.sets],
        "series": series(report.samples),
        "answers": report.answers and answers(report.answers, report.plan.spec.waivers),
    }


def _step(step: StepTime, now: datetime) -> dict[str, Any]:
    return {
        **said(title=step.title, note=step.note),
        "heading": step.heading.value,
        "entered": when(step.entered_at),
        "left": when(step.left_at),
        "seconds": round(step.seconds(now), 3),
        "rested": round(step.rested, 3),
    }


def _why(tally: dict[str, Any]) -> dict[str, Any]:
    return said(why=tally["why"] or None)


def _share(share: ShareSeen) -> dict[str, Any]:
    return {
        "requested": share.requested,
        "achieved": share.achieved,
        "observed": share.observed,
        "connections": share.connections,
        "source": share.source,
        "became": share.became.value,
    }
