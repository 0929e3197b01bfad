"""The one screen of a run: what `run` shows of its own turns, and `status --watch` of another process's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from migrator.cli.views.human.status import drawn, titled
from migrator.domain.messages.message import say
from migrator.wording import render

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from migrator.app.inspect.status import Status

FRAME = 4
"""Columns, and lines, that the frame takes."""


def screen(status: Status, console: Console, leaves: bool) -> RenderableType:
    """Return it; `leaves`: Ctrl-C takes this process off the run, and does not only end the watching."""
    ends = say("shown.leaves") if leaves else say("shown.leaves-watching")
    lines = drawn(status, console, console.width - FRAME, max(1, console.height - FRAME))
    return Panel(
        Group(*lines),
        title=Text(" ").append_text(titled(status)).append(" "),
        title_align="left",
        subtitle=Text(f" {render(ends)} "),
        subtitle_align="left",
        width=console.width,
    )
