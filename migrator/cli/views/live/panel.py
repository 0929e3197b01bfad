"""A run's own screen on a terminal, on stderr: it stands still, and each step that was passed leaves a line above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from migrator.app.inspect.turning import Turning
from migrator.app.wiring import holder
from migrator.cli.views.console import console as our_console
from migrator.cli.views.live import numbers
from migrator.cli.views.live.screen import Keys, Shown
from migrator.cli.views.style import STATES
from migrator.cli.views.words import one_line
from migrator.cli.views.wrap import wrapped
from migrator.domain.model.runs import Heading, State
from migrator.wording import label, render
from migrator.wording.times import hour
from migrator.workflow.progress import Progress

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan


@contextmanager
def panel(plan: Plan, console: Console | None = None, keys: Keys | None = None) -> Iterator[Callable[[Progress], None]]:
    """Return the function that shows each turn; keys are taken while the screen is there."""
    console = console or our_console(err=True)
    shown = Shown(console, True, keys)
    with Live(console=console, refresh_per_second=8, get_renderable=shown.drawn), shown.pressed():
        yield Screen(plan, console, shown)


class Screen:
    """Keeps which step was shown last, so that each step leaves one line above the screen."""

    def __init__(self, plan: Plan, console: Console, screen: Shown) -> None:
        self._console, self._screen = console, screen
        self._status = Turning(plan, holder())
        self._shown: tuple[Heading, int, State] | None = None

    def __call__(self, progress: Progress) -> None:
        """Show a turn."""
        run, at = progress.run, datetime.now(UTC)
        here = (run.heading, run.cursor, run.state)
        if here != self._shown:
            turned = self._shown is not None and self._shown[0] is not run.heading
            now = Text(f"{hour(at)} ")
            wrapped(self._console, passed(progress, turned), len(now), now)
            self._shown = here
        self._screen.show(self._status(progress, at))


def passed(progress: Progress, turned: bool) -> Text:
    """Return the line that a change of step or state leaves behind."""
    run, look = progress.run, STATES[progress.run.state]
    said = one_line(numbers.said(progress))
    if turned or run.state is not State.RUNNING:
        word = label("turned back") if turned else look.word
        return Text(f"{word}{label(': ')}{render(run.why) or said}", style=look.style)
    return Text.assemble((render(progress.titles[numbers.subject(progress)]), "bold"), f"  {said}")
