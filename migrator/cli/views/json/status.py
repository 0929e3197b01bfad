"""Where a run stands, and where a process has left it, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.app.inspect.differing import lines_in
from migrator.cli.views.can import can
from migrator.cli.views.forms import checked
from migrator.cli.views.json.answers import parity as answers
from migrator.cli.views.json.parity import allows, difference
from migrator.cli.views.json.values import clusters, run, when, write_name
from migrator.cli.views.said import said, texts
from migrator.domain.observation.snapshot import Snapshot
from migrator.wording import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.app.inspect.status import Left, Status
    from migrator.domain.messages.message import Message
    from migrator.domain.model.samples import Named, Rate
    from migrator.domain.observation.shown import BackendSeen
    from migrator.domain.observation.sides import Rehearsed


def status(status: Status) -> dict[str, Any]:
    """Return where a run stands."""
    past = status.past
    return {
        **run(status.run),
        "step": render(status.titles[status.run.cursor]),
        "steps": texts(status.titles),
        "clusters": clusters(status.contexts),
        **seen(status.look),
        "holder": status.holder,
        "soaked": round(past.soaked, 3),
        "requests": past.requests,
        "entered": when(past.entered_at),
        "open_write": None if past.open is None else write_name(type(past.open.action)),
        "meant": {str(backend): meant[0] for backend, meant in sorted(past.weights.items())},
        "verdict": judged(status.look),
        "troubles": texts(status.newest.troubles) if status.newest else [],
        "differences": [difference(line) for line in _differing(status)],
        "allows": allows(status.allows),
        "checklist": checked.values(status.checklist),
        "looked_at": when(status.newest.looked_at) if status.newest else None,
        "answers": status.answers and answers(status.answers, status.waivers),
        "protection": protection(status),
        "way_back": way_back(status.newest, status.past.rehearsed),
        "held": held(status.newest),
        "live": dict(past.live),
        "kept": status.kept or None,
        "pending": [{"kind": r.kind.value, "by": r.by, "at": when(r.at), "note": r.note} for r in status.pending],
        "can": list(can(status)),
        **watched(status),
    }


def watched(status: Status) -> dict[str, Any]:
    """Return what people who watch are shown besides: the turn's word, what is left, what arrived, a row by backend."""
    newest, look = status.newest or Snapshot(), status.look or Snapshot()
    seen = look.observed
    return {
        **said(says=newest.says),
        "until": when(newest.until),
        "left_seconds": None if status.left is None else round(status.left, 3),
        "observed": seen and {"share": seen.share, "new": seen.new, "total": seen.total, "source": seen.source},
        "latency": {side: {"p50": of.median, "p99": of.late} for side, of in (("new", look.new), ("old", look.old))},
        "backends": [_backend(row) for row in look.backends],
        "more_backends": look.others,
        "untold": texts(status.silent),
    }


def _backend(row: BackendSeen) -> dict[str, Any]:
    """Return a backend's row; null is what nobody knows."""
    return {
        "backend": str(row.backend),
        "side": row.side and row.side.value,
        "node": row.node or None,
        "weight": row.weight,
        "meant": row.meant,
        "health": row.health.value,
        "connections": row.connections,
        "requests_per_second": row.requests,
        "bad": row.bad,
        "client": row.client,
        "slow": row.slow,
    }


def _differing(status: Status) -> tuple[Message, ...]:
    """Return the lines in which the configurations differ, as the run's reason or the last look has them."""
    return lines_in(status.run.why, *(status.newest.troubles if status.newest and not status.run.ended else ()))


def protection(status: Status) -> dict[str, Any] | None:
    """Return what would turn the run back by itself, as the process that carries it out saw it last; null: nobody does."""
    newest = status.newest
    if not status.holder or newest is None or newest.protection is None:
        return None
    told = newest.protection
    idle = None if told.idle is None else render(told.idle)
    return {
        "at": when(newest.looked_at),
        "by": texts(told.by),
        "lost": texts(told.lost),
        "idle": idle,
        "bare": list(told.bare),
    }


def held(look: Snapshot | None) -> list[str]:
    """Return what holds the run at a share, by the last look: nothing where it goes on."""
    from migrator.domain.gates.begin import STOPS

    return texts(row for row in look.troubles if row.code in STOPS | {"drift.held"}) if look else []


def way_back(look: Snapshot | None, rehearsed: Rehearsed | None) -> dict[str, Any] | None:
    """Return what of the old side could take the traffic back, as it was seen last; null: nobody has looked, or no need."""
    if look is None or look.way_back is None:
        return None
    now = look.way_back
    return {
        "at": when(look.looked_at),
        "fit": now.fit,
        "slots": now.slots,
        "weight": round(now.ratio, 4),
        "proved_by_us_alone": now.ours,
        "proved_before": now.earlier,
        "unfit": texts(now.unfit),
        "gone": now.gone,
        "rehearsed": None if rehearsed is None else {"seconds": round(rehearsed.took, 3), "at": when(rehearsed.at)},
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


def _rate(rate: Rate) -> dict[str, int | None]:
    """Return a side's counts; null is what nobody counts."""
    names = ("requests", "bad", "slow", "timed", "client", "own", "broken")
    return {name: getattr(rate, name) for name in names}


def numbers(named: Sequence[Named]) -> list[dict[str, Any]]:
    """Return the plan's own numbers; null is one that its query did not give. `said` is for the balancer's own monitoring."""
    return [
        {"name": each.name, "value": each.value, "ruling": each.ruling.value}
        | (said(said=each.said) if each.said else {})
        for each in named
    ]


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
        **{side: _rate(rate) for side, rate in sides},
        "queries": numbers(verdict.named),
    }
