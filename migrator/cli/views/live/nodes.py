"""A run that looks after nodes: what it does as lines or JSON values on stdout, where it stands, and its last line."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from migrator.cli.views.words import ago, lasting
from migrator.domain.model.grammar import number_of
from migrator.domain.model.message import without
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Left, Status
    from migrator.workflow.progress import Progress

PULSE = 600.0
"""Seconds after which an unchanged line is said again, so that a log shows that somebody is there."""

VERSION = 1
COUNTED = ("connections",)
"""What of a message changes all the time and makes no line new."""

READ_BACK = "write.read-back"
COLOURS = {"running": "cyan", "halted": "red", "paused": "yellow"}


class Nodes:
    """Says a turn when something changed. A count of connections changes nothing, or each second of a drain would."""

    def __init__(self, say: Callable[[Progress, str], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._say, self._monotonic = say, monotonic
        self._last, self._at = "", float("-inf")

    def __call__(self, progress: Progress) -> None:
        """Say it, unless the same was said a while ago."""
        words = " ".join(render(progress.words).split())
        key = f"{progress.run.state} {without(progress.words, COUNTED)}"
        now = self._monotonic()
        if progress.words.code == READ_BACK or (key == self._last and now - self._at < PULSE):
            return
        self._last, self._at = key, now
        self._say(progress, words)


def to_stdout(output: str) -> Nodes:
    """Give the lines for people, or a JSON value on each line."""
    return Nodes(_json if output == "json" else _line)


def _line(progress: Progress, words: str) -> None:
    click.echo(f"{_now()} run {progress.run.id} {progress.run.state}: {words}")


def _json(progress: Progress, words: str) -> None:
    run = progress.run
    decided = type(progress.decision).__name__.lower() if progress.decision else None
    value = {"version": VERSION, "at": _now(), "run": run.id, "state": run.state.value, "decided": decided}
    click.echo(json.dumps({**value, "words": words}, ensure_ascii=False))


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def standing(found: Status) -> str:
    """Give where it stands: who carries it out, what was seen last, what a person should know and can do."""
    run, look = found.run, found.look
    lines = [f"Run {run.id} ({run.name})  {click.style(str(run.state), fg=COLOURS.get(run.state), bold=True)}"]
    if found.past.entered_at is not None:
        lines.append(f"  looks after nodes, since {lasting((found.now - found.past.entered_at).total_seconds())}")
    if look is not None and look.at is not None:
        serving = sum(1 for row in look.weights if row.weight)
        lines.append(f"  {number_of(serving, 'backend')} with weight on the balancer (seen {ago(look.at, found.now)})")
        lines += [f"  ! {render(trouble)}" for trouble in look.troubles]
    if run.why:
        lines.append(f"  why: {render(run.why)}")
    lines += [f"  asked: {r.kind} by {r.by}{f' ({r.note})' if r.note else ''}, not yet obeyed" for r in found.pending]
    if found.holder is None:
        loose = f"  NOBODY LOOKS AFTER THE NODES\n  `migrator follow {run.id}` goes on"
        return "\n".join([*lines, click.style(loose, fg="red", bold=True)])
    can = "pause" if run.state == "running" else "resume"
    return "\n".join([*lines, f"  carried out by {found.holder}", f"  you can: migrator {can} {run.id}"])


def left_alone(found: Left) -> str:
    """Give the last line of a process that looked after nodes."""
    run = found.run
    why = f": {render(run.why)}" if run.why else ""
    since = "; a write was sent since, and is read back before anything else" if found.open_write else ""
    return (
        f"Left run {run.id} ({run.name}) {run.state}{why}{since}. NOBODY LOOKS AFTER THE NODES NOW: a new one gets no "
        f"traffic, and one that leaves keeps its weight. `migrator follow {run.id}` goes on."
    )
