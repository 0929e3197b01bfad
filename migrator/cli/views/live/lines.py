"""Progress as plain lines on stderr, for logs and pipes: one when something changes, and now and then to show a pulse."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from migrator.cli.views.live import numbers
from migrator.cli.views.words import clipped
from migrator.domain.model.message import shape
from migrator.wording import render
from migrator.workflow.progress import Progress

PULSE = 10.0
"""Seconds after which an unchanged line is said again, so that a log shows that somebody is there."""

LONGEST = 160


class Lines:
    """Says a turn as a line. Numbers alone do not make a line new, or each second of a soak would be one."""

    def __init__(
        self, say: Callable[[str], None], longest: int | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._say, self._longest, self._monotonic = say, longest, monotonic
        self._last, self._at = "", float("-inf")

    def __call__(self, progress: Progress) -> None:
        """Say it, unless the same was said a moment ago."""
        run, words = progress.run, " ".join(numbers.said(progress).split())
        key = f"{run.state} {run.heading} {run.cursor} {shape(progress.words)}"
        now = self._monotonic()
        if key == self._last and now - self._at < PULSE:
            return
        self._last, self._at = key, now
        self._say(f"{time.strftime('%H:%M:%S', time.gmtime())} {line(progress, words, self._longest)}")


def to_stderr() -> Lines:
    """Give the lines of a process without a panel: whole in a file or a pipe, short on a terminal."""
    return Lines(lambda text: click.echo(text, err=True), LONGEST if sys.stderr.isatty() else None)


def line(progress: Progress, words: str, longest: int | None = None) -> str:
    """Give one turn in at most `longest` characters (None: all of it); what a person must act on is never cut."""
    run, facts = progress.run, _facts(progress)
    at = numbers.subject(progress)
    way = " (back)" if run.heading == "back" else ""
    head = f"[{at + 1}/{len(progress.titles)}]{way} {run.state} {render(progress.titles[at])}: "
    if longest is not None and not numbers.is_grave(progress):
        words = clipped(words, max(20, longest - len("00:00:00 ") - len(head) - len(facts)))
    return f"{head}{words}{facts}"


def _facts(progress: Progress) -> str:
    seen = progress.seen
    if seen is None:
        return ""
    facts = []
    if (share := numbers.share(seen)) is not None:
        arrived = numbers.observed(seen).split(" of ")[0]
        facts.append(f"new {share:.1f} %" + (f", seen {arrived}" if arrived else ""))
    if found := numbers.rates(seen):
        ruling, new, old = found
        facts.append(f"{ruling} new {new.bad}/{new.requests} old {old.bad}/{old.requests}")
    if left := numbers.connections(seen):
        facts.append("conns " + " ".join(f"{side} {count}" for side, count in left))
    if tried := numbers.witness(seen):
        facts.append(f"witness {tried[0]}/{tried[1]}")
    return f"  ({'; '.join(facts)})" if facts else ""
