"""How both sides answer, for people: what was asked, every difference in a table, then the findings with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrator.cli.views.columns import columns
from migrator.cli.views.console import console as our_console
from migrator.cli.views.human import findings as of_findings
from migrator.cli.views.wrap import wrapped
from migrator.domain.answers import findings as told
from migrator.domain.messages.message import say
from migrator.wording import label, labelled, labels, render

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.domain.answers.compare import Difference
    from migrator.domain.answers.parity import AnswerParity
    from migrator.domain.messages.findings import Waiver
    from migrator.domain.model.answers import Concern


def show(parity: AnswerParity, waivers: Sequence[Waiver]) -> None:
    """Print it."""
    console = our_console()
    counted = {"questions": parity.questions, "asked": parity.asked, "took": parity.ended - parity.began}
    wrapped(console, render(say("answers.both", **counted)))
    console.print()
    if parity.differences:
        head = labels("what", "old side", "new side", "question")
        columns(console, head, [_difference(row) for row in parity.differences])
        console.print()
    _list(
        console, "Not stable on the old side alone, so not compared", [render(told.varying(r)) for r in parity.unstable]
    )
    _list(console, "Not asked", [render(told.asked(question)) for question in parity.left])
    if rows := told.findings(parity):
        of_findings.show(rows, waivers, console)
    else:
        console.print(label("Both sides answer alike."))


def _difference(row: Difference) -> list[str]:
    where = f" (only {', '.join(row.pods)})" if row.pods else ""
    old, new = (" or ".join(told.values(said)) for said in (row.old, row.new))
    return [_part(row.concern, row.name), _short(old), _short(new), f"{render(told.asked(row.question))}{where}"]


def _part(concern: Concern, name: str) -> str:
    return f"{concern.value} {name}".rstrip()


def _short(value: str) -> str:
    """Return a digest, or a long value, by its beginning."""
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}..."


LONGEST = 24


def _list(console: Console, head: str, rows: Sequence[str]) -> None:
    if not rows:
        return
    console.print(labelled(head, "").rstrip())
    for row in rows:
        wrapped(console, row, 2)
    console.print()
