"""What of the old side could carry the traffic again, in a line: for status, for the live view, and for what can be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.messages.message import say
from migrator.wording import render
from migrator.wording.times import clock

if TYPE_CHECKING:
    from migrator.domain.observation.sides import Rehearsed, WayBack


def line(now: WayBack, rehearsed: Rehearsed | None) -> str:
    """Return it as a line that says what it is about."""
    return words(now, rehearsed) if now.gone else render(say("shown.way-back", words=words(now, rehearsed)))


def words(now: WayBack, rehearsed: Rehearsed | None) -> str:
    """Return it in words: how many old pods are fit, who alone proves some, why others are not, what was rehearsed."""
    if now.gone:
        return render(say("way-back.gone"))
    took = say("way-back.rehearsed", took=rehearsed.took, at=clock(rehearsed.at)) if rehearsed else None
    return render(
        say(
            "way-back",
            fit=now.fit,
            slots=now.slots,
            ours=now.ours or None,
            earlier=now.earlier or None,
            why=now.unfit,
            rehearsed=took,
        )
    )


def is_short(now: WayBack) -> bool:
    """Return whether somebody should look at it: less than all of the old side could come back."""
    return now.gone or now.ratio < 1.0
