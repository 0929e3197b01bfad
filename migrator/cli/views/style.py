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
    State.RUNNING: Look("cyan", "running"),
    State.PAUSED: Look("yellow", "paused"),
    State.WAITING: Look("yellow", "waiting"),
    State.HALTED: Look("bold red", "halted"),
    State.COMPLETED: Look("bold green", "completed"),
    State.ROLLED_BACK: Look("yellow", "rolled-back"),
    State.CANCELLED: Look("dim", "cancelled"),
}
RULINGS = {
    Ruling.PASS: "green",
    Ruling.HOLD: "yellow",
    Ruling.ABORT: "bold red",
    Ruling.SHARED: "yellow",
    Ruling.TOO_FEW: "cyan",
    Ruling.NO_DATA: "yellow",
}
SEVERITIES = {Severity.BLOCK: "bold red", Severity.WARN: "yellow", Severity.INFO: "cyan"}
LOUD = "bold red"
"""What somebody has to act on."""

DONE, LEFT = "█", "░"
ASCII = str.maketrans({DONE: "#", LEFT: "."})


def state(run: Run) -> Text:
    """Return the run's state, and that it is on its way back."""
    look = STATES[run.state]
    text = Text(look.word, style=look.style)
    if run.heading is Heading.BACK and not run.ended:
        text.append(f"  {label('on the way back')}", style="yellow")
    return text


def bar(titles: Sequence[Message], run: Run, width: int, unicode: bool = True) -> Text:
    """Return a mark for each step, then the present one by name; it shrinks to `width` columns where there is room."""
    total = max(1, len(titles))
    wide = max(1, min(2, (width - 32) // total))
    done = 0 if run.state is State.CANCELLED else total if run.ended else run.cursor
    here = 0 if run.ended else 1
    marks = Text.assemble(
        (DONE * wide * done, "green"),
        (DONE * wide * here, STATES[run.state].style),
        (LEFT * wide * (total - done - here), "dim"),
    )
    marks.append(f"  {render(titles[run.cursor])}", style="bold").append(
        f"  {render(say('shown.place', at=run.cursor + 1, of=total))}", style="dim"
    )
    marks.no_wrap, marks.overflow = True, "ellipsis"
    if not unicode:
        marks.plain = marks.plain.translate(ASCII)
    return marks
