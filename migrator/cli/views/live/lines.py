"""Progress as plain lines on stderr, for logs and pipes: one when something changes, and now and then to show a pulse."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from migrator.cli.views.echo import echo
from migrator.cli.views.live import numbers
from migrator.cli.views.live.pulse import Pulse
from migrator.cli.views.style import STATES
from migrator.cli.views.words import clipped, one_line, ruled
from migrator.domain.messages.message import say, shape
from migrator.domain.model.runs import Heading
from migrator.domain.model.samples import Rate
from migrator.wording import label, render
from migrator.wording.times import hour
from migrator.workflow.progress import Progress

Facts: TypeAlias = "Callable[[Progress], list[str]]"

PULSE = 10.0
LONGEST = 160


class Lines:
    """Tells a turn as a line. Numbers alone do not make a line new, or each second of a soak would be one."""

    def __init__(
        self,
        say: Callable[[str], None],
        longest: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        facts: Facts | None = None,
    ) -> None:
        self._say, self._longest, self._facts = say, longest, facts or of_sides
        self._pulse = Pulse(PULSE, monotonic)
        self._differing: list[str] = []

    def __call__(self, progress: Progress) -> None:
        """Tell it, unless the same was told a moment ago."""
        run, words = progress.run, one_line(numbers.said(progress))
        if self._pulse.is_due((run.state, run.heading, run.cursor, shape(progress.words))):
            self._say(f"{hour(datetime.now(UTC))} {line(progress, words, self._longest, self._facts)}")
        self._differ(numbers.differing(progress))

    def _differ(self, lines: list[str]) -> None:
        """Tell in which lines the configurations differ, each when it is new."""
        for words in lines:
            if words not in self._differing:
                self._say(f"  {words}")
        self._differing = lines


def to_stderr(facts: Facts | None = None) -> Lines:
    """Return the lines of a process without a panel: whole in a file or a pipe, short on a terminal. `facts` stand at their
    end: those of both sides where it is left out."""
    return Lines(lambda text: echo(text, err=True), LONGEST if sys.stderr.isatty() else None, facts=facts)


def line(progress: Progress, words: str, longest: int | None = None, of: Facts | None = None) -> str:
    """Return one turn in at most `longest` characters (None: all of it); what a person must act on is never cut."""
    run, facts = progress.run, _in_brackets((of or of_sides)(progress))
    at = numbers.subject(progress)
    way = f" ({label('back')})" if run.heading is Heading.BACK else ""
    head = f"[{at + 1}/{len(progress.titles)}]{way} {STATES[run.state].word} {render(progress.titles[at])}: "
    if longest is not None and not numbers.is_grave(progress):
        words = clipped(words, max(20, longest - len("00:00:00 ") - len(head) - len(facts)))
    return f"{head}{words}{facts}"


def _in_brackets(facts: Sequence[str]) -> str:
    return f"  ({'; '.join(facts)})" if facts else ""


def of_sides(progress: Progress) -> list[str]:
    """Return what is known of both sides: the share, the verdict, connections, the way back, the witness."""
    seen = progress.seen
    if seen is None:
        return []
    facts = []
    if (share := numbers.share(seen)) is not None:
        arrived = numbers.observed(seen)
        facts.append(render(say("shown.line-share", share=share, seen=arrived[0] if arrived else None)))
    if verdict := numbers.verdict(seen):
        facts.append(
            f"{ruled(verdict.ruling)} {label('new')} {_counts(verdict.new)} {label('old')} {_counts(verdict.old)}"
        )
    if left := numbers.connections(seen):
        facts.append(f"{label('conns')} " + " ".join(f"{label(side.value)} {count}" for side, count in left))
    if (back := progress.way_back) is not None:
        facts.append(label("NO way back") if back.gone else f"{label('back')} {back.fit}/{back.slots}")
    if tried := numbers.witness(seen):
        facts.append(f"{label('witness')} {tried[0]}/{tried[1]}")
    return facts


def _counts(rate: Rate) -> str:
    """Return the bad ones of all, and what else is not as it should be."""
    more = [f"{count} {name}" for count, name in ((rate.slow, label("slow ones")), (rate.client, "4xx")) if count]
    return f"{rate.bad}/{rate.requests}" + (f" ({', '.join(more)})" if more else "")
