"""The table of `advise` for people: situation, way, why, and what was seen for or against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.wrap import wrapped
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.domain.planning.advice import Advice

MARKS = {True: ("fits ", "bold green"), False: ("not  ", "dim"), None: ("?    ", "yellow")}


def show(rows: Sequence[Advice]) -> None:
    """Print the rows."""
    console = our_console()
    for row in rows:
        mark, style = MARKS[row.fits]
        console.print(Text.assemble((mark, style), (row.way, "bold" if row.fits else "")))
        reason, seen = render(row.reason), f"seen: {render(row.seen)}"
        for words, look in ((f"when: {render(row.situation)}", ""), (reason, ""), (seen, "dim")):
            wrapped(console, Text(words, style=look), 5)
