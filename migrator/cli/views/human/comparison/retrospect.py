"""What the judge would have said of the past, for people: by the plan's limits, and by others beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.messages.message import say
from migrator.domain.model.samples import Ruling
from migrator.wording import render
from migrator.wording.times import moment

if TYPE_CHECKING:
    from migrator.app.judging.retrospect import Retrospect, Tried


def text(found: Retrospect) -> str:
    """Return one part for each set of limits: how often it ruled what, and each time at which it was no pass."""
    head = render(say("retro.head", begin=moment(found.begin), end=moment(found.end), every=found.every))
    return "\n\n".join([head, *(_part(each, own=not at) for at, each in enumerate(found.tries))])


def _part(tried: Tried, own: bool) -> str:
    bars = tried.bars
    limits = {"hold": 100 * bars.limits.hold, "abort": 100 * bars.limits.abort, "window": bars.window}
    lines = [render(say("retro.bars", own=own, **limits))]
    lines.append(
        "  " + ", ".join(render(say("retro.looks", ruling=ruling, count=count)) for ruling, count in tried.looks)
    )
    for each in tried.stretches:
        if each.ruling is not Ruling.PASS:
            times = f"{moment(each.since)} - {moment(each.until)}"
            why = render(say("retro.stretch", ruling=each.ruling, reason=each.reason))
            lines.append(f"  {times}  {why}")
    back = tried.first_abort
    lines.append("  " + render(say("retro.back", at=moment(back)) if back else say("retro.no-back")))
    return "\n".join(lines)
