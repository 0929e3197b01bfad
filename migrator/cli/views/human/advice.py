"""The table of `advise`: situation, way, why, and what was seen for or against it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.text import Text

from migrator.cli.views.human.console import console as our_console
from migrator.cli.views.human.wrap import wrapped
from migrator.domain.planning.advice import Advice

MARKS = {True: ("fits ", "bold green"), False: ("not  ", "dim"), None: ("?    ", "yellow")}


def show(found: Sequence[Advice], output: str) -> None:
    """Print the rows."""
    if output == "json":
        return click.echo(json.dumps({"version": 1, "advice": [asdict(row) for row in found]}, indent=2))
    console = our_console()
    for row in found:
        mark, colour = MARKS[row.fits]
        console.print(Text.assemble((mark, colour), (row.way, "bold" if row.fits else "")))
        for words, style in ((f"when: {row.situation}", ""), (row.reason, ""), (f"seen: {row.seen}", "dim")):
            wrapped(console, Text(words, style=style), 5)
    return None
