"""Where a run stands, for people: its state, its steps, and what its journey's view knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.console import has_unicode
from migrator.cli.views.human import facts
from migrator.cli.views.human.journeys import shown
from migrator.cli.views.style import bar, state
from migrator.domain.messages.message import say
from migrator.wording import render

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.app.inspect.status import Status

WIDEST = 100


def show(status: Status) -> None:
    """Print it."""
    console = our_console()
    for line in drawn(status, console):
        console.print(line)


def drawn(status: Status, console: Console) -> list[Text]:
    """Return the lines, wrapped to the console's width."""
    run, journey = status.run, shown(status.journey)
    lines = [Text.assemble(render(say("view.run", run=run.id, name=run.name)), "  ", state(run))]
    if journey.has_steps:
        steps = bar(status.titles, run, min(WIDEST, console.width) - 2, has_unicode(console))
        lines.append(Text("  ").append_text(steps))
    return [*lines, *facts.drawn(journey.facts(status), console)]
