"""The table of `advise`: situation, way, why, and what was seen for or against it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from migrator.domain.checks.advice import Advice

MARKS = {True: ("fits ", "bold green"), False: ("not  ", "dim"), None: ("?    ", "yellow")}


def show(found: Sequence[Advice], output: str) -> None:
    """Print the rows."""
    if output == "json":
        return click.echo(json.dumps({"version": 1, "advice": [asdict(row) for row in found]}, indent=2))
    console = Console(highlight=False)
    for row in found:
        mark, colour = MARKS[row.fits]
        console.print(Text.assemble((mark, colour), (row.way, "bold" if row.fits else ""), f"  when {row.situation}"))
        console.print(Padding(Text(row.reason), (0, 0, 0, 6)))
        console.print(Padding(Text(f"seen: {row.seen}", style="dim"), (0, 0, 0, 6)))
    return None
