"""The shares of a run, read from its journal: reached, rehearsed, or interrupted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from migrator.app.inspect.course import Point
from migrator.app.inspect.totals import counted
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading
from migrator.domain.steps import Keep, RehearseBack, RehearseUp, Shift, Step
from migrator.store import Event, Kind


class Became(StrEnum):
    """What became of a share: its soak has passed, it was the rehearsal's, the run left it before that, it goes on."""

    REACHED = "reached"
    REHEARSED = "rehearsed"
    INTERRUPTED = "interrupted"
    UNDER_WAY = "under-way"


@dataclass(frozen=True, slots=True)
class ShareSeen:
    """A share of new connections in percent: asked for, given by the weights, and observed (by whom, of how many)."""

    requested: float
    achieved: float | None
    observed: float | None
    connections: int
    source: str
    became: Became = Became.REACHED


def shares(steps: Sequence[Step], events: Sequence[Event], points: Sequence[Point], ended: bool) -> Iterator[ShareSeen]:
    """Yield each share in the order of the run. `points` are the weights as they were read back."""
    at: int | None = None
    since: datetime | None = None
    for event in events:
        if event.kind is Kind.NOTED and event.data.get("about") == "share":
            became = Became.REHEARSED if isinstance(steps[event.step], RehearseUp) else Became.REACHED
            yield ShareSeen(**counted(event), became=became)
            at = None
        elif event.kind is Kind.MOVED:
            here = event.data["cursor"] if event.data["heading"] == Heading.FORWARD.value else None
            if at is not None and here != at:
                yield _left(steps[at], points, since, event.at, Became.INTERRUPTED)
            if here != at:
                at, since = (here, event.at) if here is not None and _climbs(steps[here]) else (None, None)
    if at is not None and events:
        yield _left(steps[at], points, since, events[-1].at, Became.INTERRUPTED if ended else Became.UNDER_WAY)


def _climbs(step: Step) -> bool:
    """Say whether a step leads the new side to one of the plan's shares, or to the rehearsal's."""
    return isinstance(step, Shift) and step.towards is Side.NEW and not isinstance(step, Keep | RehearseBack)


def _left(step: Step, points: Sequence[Point], since: datetime | None, until: datetime, became: Became) -> ShareSeen:
    """Give a share that nobody counted to its end: what the weights gave while the run was at it, if they were read back."""
    assert isinstance(step, Shift)
    given = [point.share for point in points if since is not None and since <= point.at <= until]
    return ShareSeen(step.share, given[-1] if given else None, None, 0, "", became)
