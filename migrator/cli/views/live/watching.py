"""A run watched from another process: on a terminal in place, elsewhere a new block when something changed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from migrator.cli.views.live.pulse import Pulse

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status

PULSE = 10.0
"""Seconds after which an unchanged block of text is said again."""


@contextmanager
def until_told() -> Iterator[None]:
    """End quietly on Ctrl-C: somebody stopped looking, and nothing else has happened."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped watching; the run is not affected.", err=True)


class Blocks:
    """Prints a look when it differs from the one before, and every `pulse` seconds (None: only then)."""

    def __init__(
        self,
        drawn: Callable[[Status], str],
        key: Callable[[str], str] = str,
        pulse: float = float("inf"),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._drawn, self._key, self._pulse = drawn, key, Pulse(pulse, monotonic)

    def __call__(self, status: Status) -> None:
        """Print it, unless the same was printed a moment ago."""
        text = self._drawn(status)
        if self._pulse.is_due(self._key(text)):
            click.echo(text)


@contextmanager
def for_people() -> Iterator[Callable[[Status], None]]:
    """Return the function that shows each look: in place on a terminal, else as blocks."""
    if not sys.stdout.isatty():
        yield blocks()
        return
    from rich.console import Group
    from rich.live import Live

    from migrator.cli.views.console import console as our_console
    from migrator.cli.views.human.status import drawn

    console = our_console()
    with Live(console=console, auto_refresh=False) as screen:

        def show(status: Status) -> None:
            screen.update(Group(*drawn(status, console)), refresh=True)

        yield show


def blocks(monotonic: Callable[[], float] = time.monotonic) -> Blocks:
    """Return the blocks for people. Digits alone make no block new, or each second would be one."""
    from migrator.cli.views.console import console as our_console
    from migrator.cli.views.human.status import drawn
    from migrator.cli.views.live.pulse import without_digits

    def text(status: Status) -> str:
        return "\n".join(line.plain for line in drawn(status, our_console()))

    return Blocks(text, without_digits, PULSE, monotonic)
