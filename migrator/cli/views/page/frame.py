"""What stands around a page that is served: where one can go, how often it is loaded anew, and what is so right now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `here` when it leads to this very page."""

    to: str
    words: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what is so; `kind` is loud, trouble or nothing."""

    words: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """`refresh` is in seconds, 0 for a page that stays as it is."""

    links: tuple[Link, ...]
    refresh: int = 0
    now: tuple[Line, ...] = ()


def now(status: Status) -> tuple[Line, ...]:
    """Return the lines that `status` has for people: the step, then every fact, and what a person can type."""
    from migrator.cli.views.human.journeys import shown
    from migrator.cli.views.style import LOUD, WORRY
    from migrator.domain.messages.message import say
    from migrator.wording import render

    run = status.run
    place = render(say("shown.place", at=run.cursor + 1, of=len(status.titles)))
    step = Line(f"{render(status.titles[run.cursor])} {place}")
    facts = shown(status.journey).facts(status)
    kinds = {LOUD: "loud", WORRY: "trouble"}
    return (step, *(Line(row.words.plain, kinds.get(str(row.words.style), "")) for row in facts))
