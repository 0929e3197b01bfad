"""The one screen of a run: what `run` shows of its own turns, and `status --watch` of another process's."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from migrator.cli.views.human import facts
from migrator.cli.views.human.journeys import shown
from migrator.cli.views.human.status import steps, titled
from migrator.cli.views.live import backends
from migrator.cli.views.style import LOUD
from migrator.cli.views.wrap import lines as wrapped
from migrator.domain.messages.message import say
from migrator.wording import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from rich.console import Console, RenderableType

    from migrator.app.inspect.status import Status
    from migrator.domain.messages.message import Message

FRAME = 4
"""Columns that the frame takes."""

BORDERS = 2
"""Lines that the frame takes."""

PART = 3
"""The worst backends have at least one line of so many."""

LEAST = (3, 1)
"""Lines of backends that are shown on a low terminal, and on a very low one."""

AROUND = 2
"""Lines around the rows of a table: its heading, and how many more there are."""


REFUSED = ("keys.moved-on",)
"""What is told loudly below the screen: somebody believes that it was asked for."""


class Keys(Protocol):
    """What is pressed while the screen is there."""

    def listening(self) -> AbstractContextManager[None]:
        """Take keys while the block lasts."""

    def below(self, status: Status) -> tuple[Message, ...]:
        """Return the lines that stand below the screen."""


class Shown:
    """Keeps the newest status, and draws it as often as it is looked at: a key is answered at once."""

    def __init__(self, console: Console, leaves: bool, keys: Keys | None) -> None:
        self._console, self._leaves, self._keys = console, leaves, keys
        self._status: Status | None = None

    def show(self, status: Status) -> None:
        """Keep it."""
        self._status = status

    @contextmanager
    def pressed(self) -> Iterator[None]:
        """Take keys while the block lasts; what is left on the terminal afterwards has none."""
        with self._keys.listening() if self._keys else nullcontext():
            yield
        self._keys = None

    def drawn(self) -> RenderableType:
        """Return the screen."""
        if self._status is None:
            return Text(render(say("shown.looking")))
        return screen(self._status, self._console, self._leaves, self._keys.below(self._status) if self._keys else ())


def screen(status: Status, console: Console, leaves: bool, below: Sequence[Message] = ()) -> RenderableType:
    """Return it; `leaves`: Ctrl-C takes this process off the run, and does not only end the watching. `below` are the lines of
    the keys."""
    ends = say("shown.leaves") if leaves else say("shown.leaves-watching")
    room = console.width - FRAME
    told = [Text(render(words), style=LOUD if words.code in REFUSED else "bold") for words in below]
    keys = [line for words in told for line in wrapped(console, words, width=room)]
    title = titled(status)
    fits = title.cell_len <= room - BORDERS
    head = [] if fits else wrapped(console, title, width=room)
    lines = fitted(status, console, room, max(1, console.height - len(keys) - BORDERS), head)
    return Panel(
        Group(*lines, *keys),
        title=Text(" ").append_text(title).append(" ") if fits else None,
        title_align="left",
        subtitle=Text(f" {render(ends)} "),
        subtitle_align="left",
        width=console.width,
    )


def fitted(status: Status, console: Console, room: int, high: int, head: Sequence[Text] = ()) -> list[Text]:
    """Return as much as `high` lines have room for: facts that matter less make room for the worst backends, and what is left
    out is counted."""
    top = [*head, *steps(status, console, room)]
    least = worst(status, room, high // PART)
    known = facts.folded(shown(status.journey).facts(status), status.run.id)
    told, out = facts.fitting(known, console, room, high - len(top) - len(least))
    kept = facts.drawn(facts.you_can(status), console, room)
    told = within(told, max(1, high - len(top) - len(least)), status.run.id, kept, out)
    most = high - len(top) - len(told) - AROUND
    rows = backends.lines(status, room, most) if least and most > len(least) - AROUND else least
    return [*top, *told, *rows][:high]


def worst(status: Status, room: int, most: int) -> list[Text]:
    """Return the table of the worst backends in at most so many lines: of a few, of the worst alone, or none."""
    if status.run.ended:
        return []
    tables = (backends.lines(status, room, rows) for rows in LEAST)
    return next((table for table in tables if len(table) <= most), [])


def within(lines: Sequence[Text], high: int, run: int, kept: Sequence[Text] = (), out: int = 0) -> list[Text]:
    """Return the lines that there is room for, and how many more there are, with the `out` that were left out before: what
    stands below them is never what does not fit, nor are the lines in `kept`: what can be typed."""
    if len(lines) + bool(out) <= high:
        return [*lines, *([_more(out, run)] if out else [])]
    if kept and (len(kept) > high // 2 or kept[-1].plain in {line.plain for line in lines[: high - 1]}):
        kept = ()
    room = high - 1 - len(kept)
    return [*lines[:room], *kept, _more(out + len(lines) - room - len(kept), run)]


def _more(lines: int, run: int) -> Text:
    return Text(f"  {render(say('shown.more-facts', lines=lines, run=run))}", style="bold")
