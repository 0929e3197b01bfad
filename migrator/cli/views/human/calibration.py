"""A calibration for people: what it would do, what an earlier one has left, and what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.columns import in_cells
from migrator.cli.views.words import duration
from migrator.domain.balancers.calibration import ENOUGH, Way
from migrator.domain.messages.grammar import number_of
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
    ground, limits = offer.ground, offer.request.limits
    weights = ", ".join(f"{row.backend} = {row.weight}" for row in ground.found)
    if ground.way is Way.OWN_LISTENER:
        what = f"its two test backends get weights {ground.weight} and 0 in turn, {limits.rounds} times"
    else:
        what = (
            f"{ground.test[0]} is idle and answers; it gets weight 1 and then 0 again, {limits.rounds} times at most. "
            f"While it has weight 1, {100 * ground.part:.2f} % of the new connections of real users go to it"
        )
    lines = [
        f"On listener {ground.listener.id}: {what}.",
        f"{limits.rate:g} new connections a second to {offer.address}:{ground.listener.port}, for {duration(limits.within)} "
        "at most.",
        f"The weights now, which are restored whatever happens: {weights}.",
    ]
    if offer.request.fail:
        lines.append(
            f"Then `{offer.request.fail}` makes {ground.test[0]} fail its health check, and `{offer.request.heal}` makes it "
            "pass again."
        )
    return "\n".join(lines)


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
    few = (
        ""
        if calibration.lowered >= ENOUGH
        else f" (fewer than {number_of(ENOUGH, 'try', 'tries')}: it shortens no wait)"
    )
    return f"The weights are as before. Plans reckon with {duration(calibration.settle)} from now on{few}."


def _s(seconds: float | None) -> str:
    return "-" if seconds is None else duration(seconds)
