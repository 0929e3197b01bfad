"""Where a run stands, and where a process has left it, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.cli.views.can import can
from migrator.cli.views.json.values import run, when, write_name
from migrator.cli.views.said import said, texts
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Left, Status
    from migrator.domain.observation.snapshot import Snapshot


def status(status: Status) -> dict[str, Any]:
    """Return where a run stands."""
    past = status.past
    return {
        **run(status.run),
        "step": render(status.titles[status.run.cursor]),
        "steps": texts(status.titles),
        **seen(status.look),
        "holder": status.holder,
        "soaked": round(past.soaked, 3),
        "requests": past.requests,
        "entered": when(past.entered_at),
        "open_write": None if past.open is None else write_name(type(past.open.action)),
        "meant": {str(backend): meant[0] for backend, meant in sorted(past.weights.items())},
        "verdict": judged(status.look),
        "troubles": texts(status.look.troubles) if status.look else [],
        "pending": [{"kind": r.kind.value, "by": r.by, "at": when(r.at), "note": r.note} for r in status.pending],
        "can": list(can(status)),
    }


def left(left: Left) -> dict[str, Any]:
    """Return where a process left a run; `holder` is nobody, for that process has gone."""
    return {**run(left.run), "step": render(left.step), **seen(left.look), "holder": None}


def seen(look: Snapshot | None) -> dict[str, Any]:
    """Return where the weights were when somebody last looked: null where nobody has."""
    if look is None:
        return {"share": None, "weights": None, "seen_at": None}
    share = None if look.share is None else round(look.share, 3)
    weights = {str(row.backend): row.weight for row in look.weights}
    return {"share": share, "weights": weights, "seen_at": when(look.at)}


def judged(look: Snapshot | None) -> dict[str, Any] | None:
    """Return the judge's newest verdict with its counts; null while it has had no say."""
    if look is None or look.verdict is None:
        return None
    verdict = look.verdict
    sides = (("new", verdict.new), ("old", verdict.old))
    return {
        "at": when(look.ruled_at),
        "ruling": verdict.ruling.value,
        **said(reason=verdict.reason),
        "source": verdict.source,
        **{side: {"requests": rate.requests, "bad": rate.bad} for side, rate in sides},
    }
