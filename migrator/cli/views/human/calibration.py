"""What a calibration would do, and what it found: text for people, one JSON value for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from migrator.cli.views.json.values import when
from migrator.domain.model.calibration import ENOUGH, Way

if TYPE_CHECKING:
    from migrator.app.calibrate.session import Offer
    from migrator.domain.model.calibration import Calibration, Timed

VERSION = 1


def left(rows: str) -> str:
    """Say what a calibration that died has left."""
    return f"An earlier calibration ended without giving its weights back. Found before it: {rows}."


def offer(made: Offer) -> str:
    """Say what would be done, before it is."""
    ground, limits = made.ground, made.request.limits
    found = ", ".join(f"{row.backend} = {row.weight}" for row in ground.found)
    if ground.way is Way.OWN_LISTENER:
        what = f"its two test backends get weights {ground.weight} and 0 in turn, {limits.rounds} times"
    else:
        what = (
            f"{ground.test[0]} is idle and answers; it gets weight 1 and 0 again, {limits.rounds} times at most. "
            f"While it has weight 1, {100 * ground.part:.2f} % of the new connections of real users go to it"
        )
    lines = [
        f"On listener {ground.listener.id}: {what}.",
        f"{limits.rate:g} new connections a second to {made.address}:{ground.listener.port}, for {limits.within:g} s at most.",
        f"Weights found, and given back whatever happens: {found}.",
    ]
    if made.request.fail:
        lines.append(
            f"Then `{made.request.fail}` makes {ground.test[0]} fail its check, and `{made.request.heal}` heals it."
        )
    return "\n".join(lines)


def show(found: Calibration, kept: bool, output: str) -> None:
    """Show what was measured."""
    if output == "json":
        click.echo(json.dumps({"version": VERSION, "calibration": data(found, kept)}, indent=2))
    else:
        click.echo(text(found, kept))


def data(found: Calibration, kept: bool) -> dict[str, Any]:
    """Give a calibration as plain JSON; times are seconds."""
    health = found.health
    return {
        "at": when(found.at),
        "by": found.by,
        "way": found.way.value,
        "listener": found.listener,
        "rate": found.rate,
        "connections": found.connections,
        "unanswered": found.unanswered,
        "changes": [_timed(each) for each in found.timed],
        "raised_p50": _rounded(found.middle(raised=True)),
        "zeroed_p50": _rounded(found.middle(raised=False)),
        "longest": _rounded(found.longest),
        "settle": found.settle if kept else None,
        "health": None
        if health is None
        else {
            "noticed": _rounded(health.noticed),
            "avoided": _rounded(health.avoided),
            "forgiven": _rounded(health.forgiven),
            "served": _rounded(health.served),
        },
        "kept": kept,
    }


def text(found: Calibration, kept: bool) -> str:
    """Say it for people."""
    lines = [f"{'':<28}{'tries':>6}{'p50':>9}{'max':>9}"]
    for raised, words in ((True, "raised: first connection"), (False, "set to 0: last connection")):
        times = found.seconds(raised)
        lines.append(f"{words:<28}{len(times):>6}{_s(found.middle(raised)):>9}{_s(max(times, default=None)):>9}")
    shown = [each.shown for each in found.timed]
    lines.append(f"{'shown by the API':<28}{len(shown):>6}{'':>9}{_s(max(shown, default=None)):>9}")
    if health := found.health:
        lines.append(
            f"a failing backend: called unhealthy after {_s(health.noticed)}, no connection after {_s(health.avoided)}"
        )
        lines.append(
            f"when healed: called healthy after {_s(health.forgiven)}, first connection after {_s(health.served)}"
        )
    exact = max((each.resolution for each in found.timed), default=0.0)
    lines.append(f"exact to {exact:.2f} s; {found.connections} connections of ours, {found.unanswered} unanswered")
    if not kept:
        lines.append(
            "Not measured: no weight was taken to 0 in time, or we were told to leave. The weights are as they were."
        )
    else:
        few = "" if found.lowered >= ENOUGH else f" (fewer than {ENOUGH} tries: it shortens no wait)"
        lines.append(f"The weights are as they were. Plans reckon with {found.settle:g} s from now on{few}.")
    return "\n".join(lines)


def _timed(each: Timed) -> dict[str, Any]:
    return {
        "backend": str(each.backend),
        "to": "weight" if each.raised else "zero",
        "accepted": _rounded(each.accepted),
        "shown": _rounded(each.shown),
        "effective": _rounded(each.effective),
        "resolution": _rounded(each.resolution),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _s(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.2f} s"
