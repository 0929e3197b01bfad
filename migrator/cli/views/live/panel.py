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

from migrator.cli.views.bar import COLOURS, bar
from migrator.cli.views.live import numbers
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Rate
from migrator.domain.observation.sighting import Sighting
from migrator.domain.planning.plan import Plan
from migrator.wording import render
from migrator.workflow.progress import Progress

WIDEST = 100
RULINGS = {"pass": "green", "hold": "yellow", "abort": "bold red", "shared": "yellow", "too-few": "cyan"}


@contextmanager
def panel(plan: Plan, console: Console | None = None) -> Iterator[Callable[[Progress], None]]:
    """Give the function that shows each turn."""
    console = console or Console(stderr=True, highlight=False)
    width = min(WIDEST, console.width)
    with Live(console=console, refresh_per_second=8) as live:
        yield Screen(plan, console, live, width)


class Screen:
    """Keeps which step was shown last, so that each step leaves one line above the panel."""

    def __init__(self, plan: Plan, console: Console, live: Live, width: int) -> None:
        self._plan, self._console, self._live, self._width = plan, console, live, width
        self._place: tuple[Heading, int, State] | None = None

    def __call__(self, progress: Progress) -> None:
        """Show a turn."""
        run = progress.run
        place = (run.heading, run.cursor, run.state)
        if place != self._place:
            self._console.print(_passed(progress, self._place))
            self._place = place
        self._live.update(drawn(self._plan, progress, self._width, datetime.now(UTC)))


def _passed(progress: Progress, before: tuple[Heading, int, State] | None) -> Text:
    """Give the line that a change of step or state leaves behind."""
    run = progress.run
    text = Text(f"{time.strftime('%H:%M:%S', time.gmtime())} ", style="dim")
    turned = before is not None and before[0] is not run.heading
    if turned or run.state is not State.RUNNING:
        word = "turned back" if turned else str(run.state)
        text.append(f"{word}: {render(run.why) or numbers.said(progress)}", style=COLOURS.get(run.state, "yellow"))
    else:
        text.append(render(progress.titles[numbers.subject(progress)]), style="bold")
        text.append(f"  {numbers.said(progress)}", style="dim")
    return text


def drawn(plan: Plan, progress: Progress, width: int, now: datetime) -> RenderableType:
    """Give the panel of one turn."""
    run = progress.run
    title = Text(f" run {run.id} {run.name} ", style="bold")
    title.append(f"{run.state} ", style=COLOURS.get(run.state, ""))
    if run.heading is Heading.BACK:
        title.append("on the way back ", style="yellow")
    inner = width - 4
    lines: list[RenderableType] = [bar(progress.titles, run, inner), _numbers(plan, progress), _now(progress, now)]
    keys = Text(
        f"Ctrl-C leaves. Elsewhere: migrator pause {run.id} | rollback {run.id} | approve {run.id}", style="dim"
    )
    return Panel(Group(*lines), title=title, title_align="left", subtitle=keys, subtitle_align="left", width=width)


def _numbers(plan: Plan, progress: Progress) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", width=12)
    table.add_column(overflow="fold")
    seen = progress.seen
    if seen is None:
        table.add_row("traffic", Text("could not be looked at this turn; it stays as it is", style="yellow"))
        return table
    asked = numbers.share(seen)
    table.add_row("new side", "unknown" if asked is None else f"{asked:.1f} % of new connections by weight")
    table.add_row("observed", numbers.observed(seen) or Text("not yet", style="dim"))
    _judged(table, seen)
    left = "   ".join(f"{side} {count}" for side, count in numbers.connections(seen))
    table.add_row("connections", left or Text("unknown", style="dim"))
    if tried := numbers.witness(seen):
        style = "" if tried[0] == tried[1] else "red"
        table.add_row("witness", Text(f"{tried[0]} of {tried[1]} new connections answered", style=style))
    return table


def _judged(table: Table, seen: Sighting) -> None:
    found = numbers.rates(seen)
    if found is None:
        table.add_row("errors", Text("nothing judged yet", style="dim"))
        return
    ruling, new, old = found
    text = Text.assemble("new ", _rate(new), "   old ", _rate(old), "   judge ", (ruling, RULINGS.get(ruling, "")))
    table.add_row("errors", text)


def _rate(rate: Rate) -> tuple[str, str]:
    return numbers.rate(rate), "red" if rate.bad else ""


def _now(progress: Progress, now: datetime) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", width=12)
    table.add_column(overflow="fold")
    words = " ".join(numbers.said(progress).split())
    if len(words) > 200 and not numbers.is_grave(progress):
        words = f"{words[:199]}…"
    table.add_row("now", words)
    if found := numbers.until(progress, now):
        table.add_row("until", f"{found[0]:%H:%M:%S} UTC, in {_left(found[1])}, if nothing speaks against it")
    return table


def _left(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
