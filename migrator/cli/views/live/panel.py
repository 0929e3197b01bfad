"""Progress as a panel on a terminal, on stderr: steps scroll by above it, the numbers stand still in 80 columns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.live import numbers
from migrator.cli.views.style import RULINGS, STATES, bar, state
from migrator.cli.views.way_back import is_short, words
from migrator.cli.views.words import clipped, clock, counter, errors, one_line, shown, why_label
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.message import say
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Rate
from migrator.domain.observation.sighting import Sighting
from migrator.wording import label, render
from migrator.workflow.lifecycle.machine import Command, commands
from migrator.workflow.progress import Progress

WIDEST = 100
LONGEST = 200
NARROW = 12
MOST = 6
"""Lines of a difference in the panel; `status` has all of them."""


@contextmanager
def panel(console: Console | None = None) -> Iterator[Callable[[Progress], None]]:
    """Return the function that shows each turn."""
    console = console or our_console(err=True)
    with Live(console=console, refresh_per_second=8) as live:
        yield Screen(console, live, min(WIDEST, console.width))


class Screen:
    """Keeps which step was shown last, so that each step leaves one line above the panel."""

    def __init__(self, console: Console, live: Live, width: int) -> None:
        self._console, self._live, self._width = console, live, width
        self._shown: tuple[Heading, int, State] | None = None

    def __call__(self, progress: Progress) -> None:
        """Show a turn."""
        run = progress.run
        here = (run.heading, run.cursor, run.state)
        if here != self._shown:
            turned = self._shown is not None and self._shown[0] is not run.heading
            now = Text(f"{time.strftime('%H:%M:%S', time.gmtime())} ", style="dim")
            wrapped(self._console, _passed(progress, turned), len(now), now)
            self._shown = here
        self._live.update(drawn(progress, self._width, datetime.now(UTC)))


def _passed(progress: Progress, turned: bool) -> Text:
    """Return the line that a change of step or state leaves behind."""
    run, look = progress.run, STATES[progress.run.state]
    said = one_line(numbers.said(progress))
    if turned or run.state is not State.RUNNING:
        word = label("turned back") if turned else look.word
        return Text(f"{word}{label(': ')}{render(run.why) or said}", style=look.style)
    return Text.assemble((render(progress.titles[numbers.subject(progress)]), "bold"), (f"  {said}", "dim"))


def drawn(progress: Progress, width: int, now: datetime) -> RenderableType:
    """Return the panel of one turn."""
    run = progress.run
    title = Text.assemble((f" {label('run')} {run.id} {run.name} ", "bold"), state(run), " ")
    steps = bar(progress.titles, run, width - 4)
    return Panel(
        Group(steps, _numbers(progress), _now(progress, now)),
        title=title,
        title_align="left",
        subtitle=_commands(progress),
        subtitle_align="left",
        width=width,
    )


def _commands(progress: Progress) -> Text:
    """Return what can be typed now, here and elsewhere."""
    run, gone = progress.run, progress.way_back is not None and progress.way_back.gone
    typed = [c for c in commands(run.state, run.heading, watched=True) if not (gone and c is Command.ROLLBACK)]
    elsewhere = " | ".join(f"{command} {run.id}" for command in typed)
    return Text(render(say("shown.leaves", commands=elsewhere)), style="dim")


def _table() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", width=NARROW)
    table.add_column(overflow="fold")
    return table


def _numbers(progress: Progress) -> RenderableType:
    table, seen = _table(), progress.seen
    if seen is None:
        table.add_row(label("traffic"), Text(render(say("shown.unseen")), style="yellow"))
        return table
    by_weight = numbers.share(seen)
    share = label("unknown") if by_weight is None else render(say("shown.by-weight", share=by_weight))
    table.add_row(label("new side"), share)
    table.add_row(label("observed"), _observed(seen))
    _judged(table, seen)
    left = "   ".join(f"{label(side.value)} {count}" for side, count in numbers.connections(seen))
    table.add_row(label("connections"), left or _unknown(label("unknown")))
    if (back := progress.way_back) is not None:
        table.add_row(
            label("way back"), Text(words(back, numbers.rehearsed(seen)), style="yellow" if is_short(back) else "")
        )
    if tried := numbers.witness(seen):
        style = "" if tried[0] == tried[1] else "red"
        answered = render(say("shown.answered", answered=tried[0], tried=tried[1]))
        table.add_row(label("witness"), Text(answered, style=style))
    return table


def _observed(seen: Sighting) -> RenderableType:
    arrived = numbers.observed(seen)
    if arrived is None:
        return _unknown(label("not yet"))
    percent, counted = arrived
    return render(say("shown.observed", share=percent, total=counted.total, source=counter(counted.source)))


def _judged(table: Table, seen: Sighting) -> None:
    verdict = numbers.verdict(seen)
    if verdict is None:
        table.add_row(label("errors"), _unknown(label("nothing judged yet")))
        return
    new, old = (f"{label('new')} ", _rate(verdict.new)), (f"   {label('old')} ", _rate(verdict.old))
    table.add_row(label("errors"), Text.assemble(*new, *old))
    table.add_row(label("judge"), Text.assemble((str(verdict.ruling), RULINGS[verdict.ruling])))
    for each in verdict.named:
        table.add_row(each.name, Text(shown(each), style=RULINGS[each.ruling]))


def _rate(rate: Rate) -> tuple[str, str]:
    return errors(rate), "red" if rate.bad or rate.slow else ""


def _unknown(words: str) -> Text:
    return Text(words, style="dim")


def _now(progress: Progress, now: datetime) -> RenderableType:
    table = _table()
    words = one_line(numbers.said(progress))
    table.add_row(label("now"), words if numbers.is_grave(progress) else clipped(words, LONGEST))
    if why := why_label(progress.run):
        table.add_row(label(why), Text(one_line(render(progress.run.why)), style=STATES[progress.run.state].style))
    lines = numbers.differing(progress)
    for name, words in zip((label("differs"), *[""] * MOST), lines[:MOST], strict=False):
        table.add_row(name, Text(words, style="yellow"))
    if len(lines) > MOST:
        more = say("shown.more-differences", more=len(lines) - MOST, run=progress.run.id)
        table.add_row("", render(more))
    if wait := numbers.until(progress, now):
        at, seconds = wait
        told = say("shown.until", at=clock(at), seconds=round(seconds))
        table.add_row(label("until"), render(told))
    return table
