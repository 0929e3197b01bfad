"""A calibration for people: what it would do, what an earlier one has left, and what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.words import duration
from migrator.domain.balancers.calibration import ENOUGH, Way
from migrator.domain.messages.grammar import number_of

if TYPE_CHECKING:
    from migrator.app.calibrate.session import Offer
    from migrator.domain.balancers.calibration import Calibration


def leftover(weights: str) -> str:
    """Return what a calibration that was killed has left."""
    return f"An earlier calibration ended and did not restore the weights. Before it they were: {weights}."


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
    lines = [f"{'':<28}{'tries':>6}{'p50':>9}{'max':>9}"]
    for raised, words in ((True, "raised: first connection"), (False, "set to 0: last connection")):
        times = calibration.seconds(raised)
        lines.append(f"{words:<28}{len(times):>6}{_s(calibration.middle(raised)):>9}{_s(max(times, default=None)):>9}")
    shown = [change.shown for change in calibration.timed]
    lines.append(f"{'shown by the API':<28}{len(shown):>6}{'':>9}{_s(max(shown, default=None)):>9}")
    return "\n".join([*lines, *_health(calibration), _exact(calibration), _closing(calibration, kept)])


def _health(calibration: Calibration) -> list[str]:
    if calibration.health is None:
        return []
    health = calibration.health
    return [
        f"a failing backend: called unhealthy after {_s(health.noticed)}, no connection after {_s(health.avoided)}",
        f"when it passes again: called healthy after {_s(health.forgiven)}, first connection after {_s(health.served)}",
    ]


def _exact(calibration: Calibration) -> str:
    exact = max((change.resolution for change in calibration.timed), default=0.0)
    return f"exact to {_s(exact)}; {calibration.connections} connections of ours, {calibration.unanswered} unanswered"


def _closing(calibration: Calibration, kept: bool) -> str:
    if not kept:
        return "Not measured: no weight was taken to 0 in time, or the command was told to stop. The weights are as before."
    few = (
        ""
        if calibration.lowered >= ENOUGH
        else f" (fewer than {number_of(ENOUGH, 'try', 'tries')}: it shortens no wait)"
    )
    return f"The weights are as before. Plans reckon with {duration(calibration.settle)} from now on{few}."


def _s(seconds: float | None) -> str:
    return "-" if seconds is None else duration(seconds)
