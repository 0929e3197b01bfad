"""The table of `advise` for people: situation, way, why, and what was seen for or against it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.columns import in_cells
from migrator.cli.views.console import console as our_console
from migrator.cli.views.style import WELL, WORRY
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.message import say
from migrator.wording import label, labelled, render

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.domain.planning.advice import Advice

MARKS = {True: ("fits", WELL), False: ("not", ""), None: ("?", WORRY)}


def show(rows: Sequence[Advice]) -> None:
    """Print the rows."""
    console = our_console()
    for number, (table, found) in enumerate(groupby(rows, lambda row: row.table)):
        console.print(
            Text("\n" * bool(number) + render(say("advice.table", table=table.value)), style="bold underline")
        )
        for row in found:
            _row(console, row)


def _row(console: Console, row: Advice) -> None:
    mark, style = MARKS[row.fits]
    head = Text.assemble((in_cells(label(mark), 5), style), (render(row.way), "bold" if row.fits else ""))
    console.print(head)
    reason, seen = render(row.reason), render(row.seen)
    why = [(labelled("not here, for", seen), "")] if row.fits is False else []
    rest = ((labelled("good for", render(row.situation)), ""), (reason, ""))
    said = (*why, *rest, *([] if why else [(labelled("seen", seen), "dim")]))
    for words, look in said:
        wrapped(console, Text(words, style=look), 5)
