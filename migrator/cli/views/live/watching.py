"""A run watched from another process: on a terminal in place, elsewhere a new block when something changed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

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


@contextmanager
def watching(output: str) -> Iterator[Callable[[Status], None]]:
    """Give the function that shows each look."""
    with until_told():
        if output == "human" and sys.stdout.isatty():
            with _in_place() as show:
                yield show
        else:
            yield _Blocks(output)


class _Blocks:
    """Says a look when it differs from the one before; JSON as a value on each line.

    Digits alone make no block of text new, or each second would be one; a block now and then shows that somebody looks.
    """

    def __init__(self, output: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._output, self._monotonic = output, monotonic
        self._last, self._at = "", float("-inf")

    def __call__(self, found: Status) -> None:
        text = _json(found) if self._output == "json" else _text(found)
        key = text if self._output == "json" else "".join(c for c in text if not c.isdigit())
        now = self._monotonic()
        if key == self._last and (self._output == "json" or now - self._at < PULSE):
            return
        self._last, self._at = key, now
        click.echo(text)


def _json(found: Status) -> str:
    from migrator.cli.views.json import values as data

    return json.dumps({"version": 1, "run": data.status(found)}, ensure_ascii=False)


def _text(found: Status) -> str:
    from migrator.cli.views.human.status import standing

    return standing(found)


@contextmanager
def _in_place() -> Iterator[Callable[[Status], None]]:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.text import Text

    from migrator.cli.views.bar import bar

    console = Console(highlight=False)
    with Live(console=console, auto_refresh=False) as screen:

        def show(found: Status) -> None:
            head, _, *rest = _text(found).splitlines()
            steps = bar(found.titles, found.run, min(100, console.width) - 2)
            screen.update(Group(Text.from_ansi(head), Text("  ").append_text(steps), Text.from_ansi("\n".join(rest))))
            screen.refresh()

        yield show
