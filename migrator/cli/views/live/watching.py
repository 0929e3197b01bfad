"""A run watched from another process: on a terminal in place, elsewhere a new block when something changed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from migrator.cli.views.echo import echo
from migrator.cli.views.live.pulse import Pulse
from migrator.domain.messages.message import say
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status
    from migrator.cli.views.live.screen import Keys

PULSE = 10.0
"""Seconds after which an unchanged block of text is said again."""


@contextmanager
def until_told() -> Iterator[None]:
    """End quietly on Ctrl-C: somebody stopped looking, and nothing else has happened."""
    try:
        yield
    except KeyboardInterrupt:
        echo(render(say("shown.stopped-watching")), err=True)


class Values:
    """Prints a value when it differs from the one before."""

    def __init__(self, text: Callable[[Status], str]) -> None:
        self._text, self._pulse = text, Pulse()

    def __call__(self, status: Status) -> None:
        """Print it, unless it was printed last."""
        text = self._text(status)
        if self._pulse.is_due(text):
            echo(text)


class Blocks:
    """Prints a block of text when something has happened, and now and then. A number that changes is no event."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._pulse = Pulse(PULSE, monotonic)

    def __call__(self, status: Status) -> None:
        """Print it, unless the same was printed a moment ago."""
        from migrator.cli.views.console import console as our_console
        from migrator.cli.views.human.status import drawn, titled

        if self._pulse.is_due(events(status)):
            lines = (titled(status), *drawn(status, our_console()))
            echo("\n".join(line.plain for line in lines))


def events(status: Status) -> object:
    """Return what makes a look worth a block: everything of it but ages, counts and percentages."""
    run, look = status.run, status.look
    ruling = look.verdict.ruling if look and look.verdict else None
    weights = tuple((row.backend, row.weight) for row in look.weights) if look else ()
    asked = tuple(request.id for request in status.pending)
    where = (run.state, run.heading, run.cursor, run.why, status.holder, asked, status.past.open is None)
    return where, ruling, weights, look.troubles if look else ()


@contextmanager
def for_people(keys: Keys | None = None) -> Iterator[Callable[[Status], None]]:
    """Return the function that shows each look: in place on a terminal, with keys; else as blocks."""
    if not sys.stdout.isatty():
        yield Blocks()
        return
    from rich.live import Live

    from migrator.cli.views.console import console as our_console
    from migrator.cli.views.live.screen import Shown

    console = our_console()
    shown = Shown(console, False, keys)
    with Live(console=console, refresh_per_second=8, get_renderable=shown.drawn), shown.pressed():
        yield shown.show
