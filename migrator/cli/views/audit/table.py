"""The selector audit for people: who gets each resource, one-sided ones first, and the commands that let both have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.audit.command import command
from migrator.cli.views.columns import columns
from migrator.cli.views.console import console as our_console
from migrator.cli.views.style import LOUD, WORRY
from migrator.cli.views.wrap import wrapped
from migrator.domain.gateways.audit import Reach
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.messages.message import say
from migrator.wording import label, labelled, labels, render

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.domain.gateways.audit import Reached
    from migrator.domain.planning.matrix import Audit

HEAD = ("RESOURCE", "OLD", "NEW", "BY")
CELLS = {
    Reach.OLD: ("yes", "no"),
    Reach.NEW: ("no", "yes"),
    Reach.BOTH: ("yes", "yes"),
    Reach.APART: ("-", "-"),
}
ORDER = tuple(CELLS)


def show(audit: Audit, console: Console | None = None) -> None:
    """Print the matrix; resources that reach neither side are counted only."""
    console = console or our_console()
    console.print()
    shown = sorted((row for row in audit.rows if row.reach in CELLS), key=lambda row: ORDER.index(row.reach))
    if shown:
        columns(console, labels(*HEAD), [_row(row) for row in shown])
    beyond = len(audit.rows) - len(shown)
    wrapped(console, render(say("matrix.beyond", rows=beyond) if shown else say("matrix.nothing", rows=beyond)))
    _changes(shown, console)
    if audit.unseen:
        wrapped(
            console,
            labelled(
                "Not in the matrix, because we may not list them", in_a_line(", ".join(audit.unseen)) + label(".")
            ),
        )
    if audit.strange:
        wrapped(
            console,
            labelled(
                "Not in the matrix, because migrator does not know these kinds",
                in_a_line(", ".join(audit.strange)) + label("."),
            ),
        )


def _row(row: Reached) -> list[Text | str]:
    old, new = CELLS[row.reach]
    style = _style(row)
    why = label(row.reach.value) if row.reach is Reach.APART else render(row.why) if row.why is not None else ""
    because = f"{why} {label('(as it should be until step Retire)')}" if row.meant else why
    return [
        Text(in_a_line(f"{row.kind} {row.name}"), style=style),
        Text(label(old), style=style),
        Text(label(new), style=style),
        because,
    ]


def _style(row: Reached) -> str:
    if row.one_sided and not row.meant:
        return LOUD if row.steers else WORRY
    return "dim" if row.reach is Reach.APART else ""


def _changes(rows: list[Reached], console: Console) -> None:
    """Print a command for each one-sided row; a line of a command is never broken, so that it can be copied."""
    alone = [row for row in rows if row.one_sided and not row.meant]
    if not alone:
        return
    console.print()
    wrapped(console, label("To let both sides have what one side has:"))
    for row in alone:
        if row.widening is not None:
            console.print(Text(f"  {command(row.ref, row.widening)}"), soft_wrap=True)
        else:
            wrapped(
                console,
                labelled(in_a_line(f"{row.kind} {row.name}"), label("no patch of it does that; see its finding.")),
                2,
            )
