"""The values that several answers share, with names of their own, so that the domain's fields may change beneath them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from migrator.cli.views.said import row, said
from migrator.store.codec.messages import dump_values
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.load.account import Account
    from migrator.domain.messages.findings import Finding, Waiver
    from migrator.domain.model.actions import Action
    from migrator.domain.model.decisions import Decision
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Loss
    from migrator.store import Event, PlanSummary
    from migrator.workflow.progress import Progress


def when(moment: datetime | None) -> str | None:
    """Return an instant as ISO 8601 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


def run(run: Run) -> dict[str, Any]:
    """Return a run."""
    return {
        "id": run.id,
        "name": run.name,
        "plan": run.plan_id,
        "state": run.state.value,
        "heading": run.heading.value,
        "cursor": run.cursor,
        **said(why=run.why),
        "created": when(run.created_at),
        "updated": when(run.updated_at),
    }


def summary(plan: PlanSummary) -> dict[str, Any]:
    """Return a plan as lists show it."""
    return {name: when(v) if isinstance(v := getattr(plan, name), datetime) else v for name in plan.__slots__}


def lost(loss: Loss | None) -> dict[str, Any] | None:
    """Return what a move in place is expected to lose; None: the move is another one."""
    if loss is None:
        return None
    return {
        "listeners": list(loss.listeners),
        "expected_seconds": round(loss.expected, 1),
        "most_seconds": None if loss.most is None else round(loss.most, 1),
        "requests_per_second": None if loss.rate is None else round(loss.rate, 1),
        "requests": loss.requests,
    }


def finding(finding: Finding, waivers: Sequence[Waiver] = ()) -> dict[str, Any]:
    """Return a finding, with the reason it was waived for, if it was."""
    reason = next((waiver.reason for waiver in waivers if waiver.code == finding.code), None)
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "subject": render(finding.subject),
        "problem": render(finding.problem),
        "evidence": render(finding.evidence),
        "remedy": render(finding.remedy),
        "waived": reason,
        "variant": finding.variant,
        "values": dump_values(finding.values),
    }


def event(event: Event) -> dict[str, Any]:
    """Return a row of the journal."""
    return {
        "id": event.id,
        "at": when(event.at),
        "kind": event.kind.value,
        "heading": event.heading.value,
        "step": event.step,
        "answers": event.answers,
        "data": row(event.data),
    }


def write_name(kind: type[Action]) -> str:
    """Return how programs know a kind of write. A renamed class keeps its name here (a test holds them)."""
    return kind.__name__


def decision_name(kind: type[Decision]) -> str:
    """Return how programs know a kind of decision."""
    return kind.__name__.lower()


def turn(turn: Progress) -> dict[str, Any]:
    """Return a turn of a run that looks after nodes."""
    decided = decision_name(type(turn.decision)) if turn.decision else None
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = said(words=turn.words)
    words = " ".join(told["words"].split())
    return {"at": now, "run": turn.run.id, "state": turn.run.state.value, "decided": decided, **told, "words": words}


def loaded(found: Account) -> dict[str, Any]:
    """Return what came of requests of our own."""
    return {**asdict(found), "errors": dict(found.errors), "clean": found.clean}


def clusters(contexts: tuple[str, str] | None) -> dict[str, str] | None:
    """Return the contexts of both sides' clusters; None where both are in one."""
    return None if contexts is None else dict(zip(("old", "new"), contexts, strict=True))
