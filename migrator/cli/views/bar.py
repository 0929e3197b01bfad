"""The bar of steps that live progress and `status --watch` share, and the colours of states."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from migrator.domain.model.message import Message
from migrator.domain.model.runs import Run, State
from migrator.wording import render

COLOURS = {
    State.COMPLETED: "bold green",
    State.ROLLED_BACK: "yellow",
    State.HALTED: "bold red",
    State.RUNNING: "cyan",
    State.PAUSED: "yellow",
    State.WAITING: "yellow",
    State.CANCELLED: "dim",
}


def bar(titles: Sequence[Message], run: Run, width: int) -> Text:
    """Give a mark for each step, then the present one by name; it shrinks to `width` columns."""
    done = len(titles) if run.ended else run.cursor
    wide = max(1, min(2, (width - 32) // max(1, len(titles))))
    text = Text("█" * (wide * done), style="green", no_wrap=True, overflow="ellipsis")
    if not run.ended:
        text.append("█" * wide, style=COLOURS.get(run.state, ""))
        text.append("░" * (wide * (len(titles) - done - 1)), style="dim")
    text.append(f"  {render(titles[run.cursor])}", style="bold")
    text.append(f"  ({run.cursor + 1} of {len(titles)})", style="dim")
    return text
