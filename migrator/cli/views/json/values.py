"""The versioned JSON views: plain values with names of their own, so that the domain's fields may change beneath them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from migrator.cli.views.said import row, said, texts
from migrator.store.codec.messages import dump_values
from migrator.wording import evidence, problem, remedy, render, subject

if TYPE_CHECKING:
    from migrator.app.inspect.report import Report, StepTime
    from migrator.app.inspect.status import Left, Status
    from migrator.app.inspect.totals import Judged
    from migrator.domain.model.findings import Finding, Waiver
    from migrator.domain.model.runs import Run
    from migrator.domain.observation.snapshot import Snapshot
    from migrator.domain.planning.plan import Forecast, Plan
    from migrator.store import Event, PlanSummary


def when(moment: datetime | None) -> str | None:
    """Give an instant as ISO 8601 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


def run(found: Run) -> dict[str, Any]:
    """Give a run."""
    return {
        "id": found.id,
        "name": found.name,
        "plan": found.plan_id,
        "state": found.state.value,
        "heading": found.heading.value,
        "cursor": found.cursor,
        **said(why=found.why),
        "created": when(found.created_at),
        "updated": when(found.updated_at),
    }


def summary(found: PlanSummary) -> dict[str, Any]:
    """Give a plan as lists show it."""
    return {name: when(v) if isinstance(v := getattr(found, name), datetime) else v for name in found.__slots__}


def finding(found: Finding, waivers: Sequence[Waiver] = ()) -> dict[str, Any]:
    """Give a finding, with the reason it was waived for, if it was."""
    reason = next((waiver.reason for waiver in waivers if waiver.code == found.code), None)
    return {
        "code": found.code,
        "severity": found.severity.value,
        "subject": subject(found),
        "problem": problem(found),
        "evidence": evidence(found),
        "remedy": remedy(found),
        "waived": reason,
        "variant": found.variant,
        "values": dump_values(found.values),
    }


def forecast(found: Forecast) -> dict[str, Any]:
    """Give a share's forecast."""
    return {
        "share": found.share,
        "achieved": round(found.achieved, 3),
        "writes": found.writes,
        "weights": {str(row.backend): row.weight for row in found.rows},
    }


def plan(found: Plan) -> dict[str, Any]:
    """Give a plan."""
    from migrator.cli.views.json import plan as plan_data

    return {
        "id": found.id,
        "digest": found.digest,
        "name": found.spec.name,
        "created": when(found.created_at),
        "by": found.created_by,
        "findings": [finding(f, found.spec.waivers) for f in found.findings],
        "reverses": found.spec.target.stored.run if found.spec.target.stored else None,
        "nodes": {node.name: node.address for node in found.seen.nodes},
        "old": {str(row.backend): row.weight for row in found.seen.old},
        "new": [str(backend) for backend in found.seen.coming],
        "new_now": {str(row.backend): row.weight for row in found.seen.new_now},
        "steps": texts(step.title for step in found.steps),
        "shares": [forecast(f) for f in found.forecast],
        "changes": [
            {
                "object": str(c.ref),
                "patch": c.patch,
                "undo": c.undo,
                "after": c.after,
                "back": c.back,
                "last": c.last,
                **said(why=c.why),
            }
            for c in found.changes
        ],
        "differences": [{"path": d.path, "was": d.was, "now": d.now, "reason": d.reason} for d in found.differences],
        "manifests": list(found.manifests),
        **plan_data.more(found),
    }


def status(found: Status) -> dict[str, Any]:
    """Give where a run stands."""
    past = found.past
    return {
        **run(found.run),
        "step": render(found.titles[found.run.cursor]),
        "steps": texts(found.titles),
        **seen(found.look),
        "holder": found.holder,
        "soaked": round(past.soaked, 3),
        "requests": past.requests,
        "entered": when(past.entered_at),
        "open_write": None if past.open is None else type(past.open.action).__name__,
        "meant": {str(backend): meant[0] for backend, meant in sorted(past.weights.items())},
        "verdict": judged(found.look),
        "troubles": texts(found.look.troubles) if found.look else [],
        "pending": [{"kind": r.kind.value, "by": r.by, "at": when(r.at), "note": r.note} for r in found.pending],
    }


def left(found: Left) -> dict[str, Any]:
    """Give where a process left a run; `holder` is nobody, for that process has gone."""
    return {**run(found.run), "step": render(found.step), **seen(found.look), "holder": None}


def seen(look: Snapshot | None) -> dict[str, Any]:
    """Give where the weights were when somebody last looked: null where nobody has."""
    if look is None:
        return {"share": None, "weights": None, "seen_at": None}
    share = None if look.share is None else round(look.share, 3)
    weights = {str(row.backend): row.weight for row in look.weights}
    return {"share": share, "weights": weights, "seen_at": when(look.at)}


def judged(look: Snapshot | None) -> dict[str, Any] | None:
    """Give the judge's newest verdict with its counts; null while it has had no say."""
    if look is None or look.verdict is None:
        return None
    found = look.verdict
    counts = {
        side: {"requests": rate.requests, "bad": rate.bad} for side, rate in (("new", found.new), ("old", found.old))
    }
    return {
        "at": when(look.ruled_at),
        "ruling": found.ruling.value,
        **said(reason=found.reason),
        "source": found.source,
        **counts,
    }


def event(found: Event) -> dict[str, Any]:
    """Give a row of the journal."""
    return {
        "id": found.id,
        "at": when(found.at),
        "kind": found.kind.value,
        "heading": found.heading.value,
        "step": found.step,
        "answers": found.answers,
        "data": row(found.data),
    }


def step_time(found: StepTime, now: datetime) -> dict[str, Any]:
    """Give a walked step."""
    return {
        "heading": found.heading.value,
        "entered": when(found.entered_at),
        "left": when(found.left_at),
        "seconds": round(found.seconds(now), 3),
        **said(title=found.title, note=found.note),
        "rested": round(found.rested, 3),
    }


def last_word(found: Judged) -> dict[str, Any]:
    """Give the judge's last word."""
    since = {"at": when(found.at), "since": when(found.since), "ruling": found.ruling}
    return {**since, **said(reason=found.reason), "source": found.source}


def report(found: Report) -> dict[str, Any]:
    """Give a report."""
    now = found.run.updated_at
    turned = found.turned
    return {
        **run(found.run),
        "steps": [step_time(step, now) for step in found.steps],
        "shares": [
            {
                "requested": s.requested,
                "achieved": s.achieved,
                "observed": s.observed,
                "connections": s.connections,
                "source": s.source,
            }
            for s in found.shares
        ],
        "verdicts": [
            {"at": when(v.at), "ruling": v.ruling, **said(reason=v.reason), "source": v.source} for v in found.verdicts
        ],
        "judge": None if found.judge is None else last_word(found.judge),
        "interruptions": [
            {"what": i.what, "since": when(i.since), "until": when(i.until), **said(why=i.why)}
            for i in found.interruptions
        ],
        "turned_back": None
        if turned is None
        else {"at": when(turned.at), **said(why=turned.why, evidence=turned.evidence)},
        "witness": found.witness,
        "prometheus": None if (p := found.prometheus) is None else {**p, **said(why=p["why"] or None)},
        "cut": found.cut,
        "writes": found.writes,
        "waived": [finding(f, found.plan.spec.waivers) for f in found.waived],
        "journal_whole": found.whole,
    }
