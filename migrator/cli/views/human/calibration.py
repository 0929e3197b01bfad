"""A calibration for people: what it would do, what an earlier one has left, and what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.columns import in_cells
from migrator.cli.views.words import duration
from migrator.domain.balancers.calibration import ENOUGH, Way
from migrator.domain.messages.message import say
from migrator.wording import label, render

if TYPE_CHECKING:
    from migrator.app.calibrate.session import Offer
    from migrator.domain.balancers.calibration import Calibration


def leftover(weights: str) -> str:
    """Return what a calibration that was killed has left."""
    return render(say("calibrate.leftover", weights=weights))


def offer(offer: Offer) -> str:
    """Return what would be done, before it is."""
    ground, limits, request = offer.ground, offer.request.limits, offer.request
    if ground.way is Way.OWN_LISTENER:
        what = say("calibrate.in-turn", weight=ground.weight, rounds=limits.rounds)
    else:
        backend, part = str(ground.test[0]), 100 * ground.part
        what = say("calibrate.idle-one", backend=backend, rounds=limits.rounds, part=part)
    weights = tuple(say("calibrate.weight", backend=str(row.backend), weight=row.weight) for row in ground.found)
    dialled = f"{offer.address}:{ground.listener.port}"
    lines = [
        say("calibrate.offer", listener=ground.listener.id, what=what),
        say("calibrate.pace", rate=limits.rate, address=dialled, within=limits.within),
        say("calibrate.restored", weights=weights),
    ]
    if request.fail:
        lines.append(say("calibrate.then-fails", fail=request.fail, backend=str(ground.test[0]), heal=request.heal))
    return "\n".join(map(render, lines))


def text(calibration: Calibration, kept: bool) -> str:
    """Return what was measured."""
    lines = [_row("", label("tries"), "p50", label("max"))]
    for raised, words in ((True, "raised: first connection"), (False, "set to 0: last connection")):
        times = calibration.seconds(raised)
        lines.append(_row(label(words), str(len(times)), _s(calibration.middle(raised)), _s(max(times, default=None))))
    shown = [change.shown for change in calibration.timed]
    lines.append(_row(label("shown by the API"), str(len(shown)), "", _s(max(shown, default=None))))
    return "\n".join([*lines, *_health(calibration), _exact(calibration), _closing(calibration, kept)])


def _row(*cells: str) -> str:
    name, *rest = cells
    widths = (6, 9, 9)
    return in_cells(name, 28) + "".join(
        in_cells(each, room, right=True) for each, room in zip(rest, widths, strict=True)
    )


def _health(calibration: Calibration) -> list[str]:
    if calibration.health is None:
        return []
    health = calibration.health
    return [
        render(say("calibrate.fails", noticed=_s(health.noticed), avoided=_s(health.avoided))),
        render(say("calibrate.passes", forgiven=_s(health.forgiven), served=_s(health.served))),
    ]


def _exact(calibration: Calibration) -> str:
    exact = max((change.resolution for change in calibration.timed), default=0.0)
    return render(
        say("calibrate.exact", exact=exact, connections=calibration.connections, unanswered=calibration.unanswered)
    )


def _closing(calibration: Calibration, kept: bool) -> str:
    if not kept:
        return render(say("calibrate.not-measured"))
    few = None if calibration.lowered >= ENOUGH else ENOUGH
    return render(say("calibrate.kept", settle=calibration.settle, few=few))


def _s(seconds: float | None) -> str:
    return "-" if seconds is None else duration(seconds)
