"""How states and rulings look: one table of styles each, and the one bar of steps that every view draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.samples import Ruling
from migrator.wording import label, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.domain.messages.message import Message


GOOD, WELL = "color(28)", "bold color(28)"
WORRY = "color(130)"
BUSY = "color(30)"
BAD, LOUD = "color(160)", "bold color(160)"
"""Of the terminal's 256 colours those that can be read on black and on white alike: its yellow is none on white. LOUD is what
somebody has to act on."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: its colour, and its word."""

    style: str
    name: str

    @property
    def word(self) -> str:
        """Return the state as people say it."""
        return label(self.name)


STATES = {
    State.PLANNED: Look("", "planned"),
    State.RUNNING: Look(BUSY, "running"),
    State.PAUSED: Look(WORRY, "paused"),
    State.WAITING: Look(WORRY, "waiting"),
    State.HALTED: Look(LOUD, "halted"),
    State.COMPLETED: Look(WELL, "completed"),
    State.ROLLED_BACK: Look(WORRY, "rolled-back"),
    State.CANCELLED: Look("dim", "cancelled"),
}
RULINGS = {
    Ruling.PASS: GOOD,
    Ruling.HOLD: WORRY,
    Ruling.ABORT: LOUD,
    Ruling.SHARED: WORRY,
    Ruling.TOO_FEW: BUSY,
    Ruling.NO_DATA: WORRY,
}
SEVERITIES = {Severity.BLOCK: LOUD, Severity.WARN: WORRY, Severity.INFO: BUSY}
DONE, LEFT = "█", "░"
ASCII = str.maketrans({DONE: "#", LEFT: "."})


def state(run: Run) -> Text:
    """Return the run's state, and that it is on its way back."""
    look = STATES[run.state]
    text = Text(look.word, style=look.style)
    if run.heading is Heading.BACK and not run.ended:
        text.append(f"  {label('on the way back')}", style=WORRY)
    return text


def bar(titles: Sequence[Message], run: Run, width: int, unicode: bool = True) -> Text:
    """Return a mark for each step, then the present one by name; it shrinks to `width` columns where there is room."""
    total = max(1, len(titles))
    wide = max(1, min(2, (width - 32) // total))
    done = 0 if run.state is State.CANCELLED else total if run.ended else run.cursor
    here = 0 if run.ended else 1
    marks = Text.assemble(
        (DONE * wide * done, GOOD),
        (DONE * wide * here, STATES[run.state].style),
        (LEFT * wide * (total - done - here), "dim"),
    )
    marks.append(f"  {render(titles[run.cursor])}", style="bold").append(
        f"  {render(say('shown.place', at=run.cursor + 1, of=total))}", style="dim"
    )
    if not unicode:
        marks.plain = marks.plain.translate(ASCII)
    return marks
