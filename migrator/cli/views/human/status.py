"""Where a run stands, for people: its state, its steps, and what its journey's view knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.console import has_unicode
from migrator.cli.views.human import facts
from migrator.cli.views.human.journeys import shown
from migrator.cli.views.live import backends
from migrator.cli.views.style import LOUD, bar, state
from migrator.cli.views.wrap import lines as wrapped
from migrator.domain.messages.message import say
from migrator.domain.model.runs import State
from migrator.domain.observation.shown import MOST
from migrator.wording import render

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.app.inspect.status import Status

WIDEST = 100


def show(status: Status) -> None:
    """Print it."""
    console = our_console()
    console.print(titled(status))
    for line in drawn(status, console):
        console.print(line)


def titled(status: Status) -> Text:
    """Return which run it is, its state, and that nobody watches it."""
    run = status.run
    title = Text.assemble(render(say("view.run", run=run.id, name=run.name)), "  ", state(run))
    if status.holder is None and not run.ended and run.state is not State.PLANNED:
        alone = say("view.unwatched") if shown(status.journey).has_steps else say("view.nobody-follows")
        title.append("  ").append(render(alone), style=LOUD)
    return title


def drawn(status: Status, console: Console, width: int | None = None) -> list[Text]:
    """Return the lines below the title, wrapped to the width: the steps, the facts, and the backends that are known."""
    room = width or console.width
    known = shown(status.journey).facts(status)
    rows = [] if status.run.ended else backends.lines(status, room, MOST)
    return [*steps(status, console, room), *facts.drawn(known, console, room), *rows]


def steps(status: Status, console: Console, room: int) -> list[Text]:
    """Return the bar of steps, where the journey has any."""
    if not shown(status.journey).has_steps:
        return []
    drawn = bar(status.titles, status.run, min(WIDEST, room) - 2, has_unicode(console))
    return wrapped(console, drawn, 2, width=room)
