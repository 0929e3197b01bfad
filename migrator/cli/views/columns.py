"""Rows in columns without a blank behind them; the last column is wrapped to the width, and nothing is ever cut."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from migrator.cli.views.wrap import NARROWEST, in_lines
from migrator.domain.messages.foreign import in_a_line

BETWEEN = 2


def columns(console: Console, head: Sequence[str], rows: Sequence[Sequence[Text | str]]) -> None:
    """Print a table; a last column without room beside the others stands below its row."""
    table = [[Text(cell, style="bold") for cell in head], *[[_text(cell) for cell in row] for row in rows]]
    widths = [max(row[i].cell_len for row in table) + BETWEEN for i in range(len(head) - 1)]
    for row in table:
        _print(console, row, widths)


def _print(console: Console, row: list[Text], widths: list[int]) -> None:
    front = Text()
    for cell, width in zip(row, widths, strict=False):
        front.append_text(cell).append(" " * (width - cell.cell_len))
    last, indent = row[-1], sum(widths)
    if console.width - indent < NARROWEST and last.cell_len > console.width - indent:
        _line(console, front)
        front, indent = Text("    "), 4
    for number, line in enumerate(in_lines(last, console, max(NARROWEST, console.width - indent)) or [Text()]):
        _line(console, (front if not number else Text(" " * indent)).append_text(line))


def _line(console: Console, text: Text) -> None:
    text.rstrip()
    console.print(text)


def _text(cell: Text | str) -> Text:
    return cell if isinstance(cell, Text) else Text(in_a_line(cell))


def in_cells(text: str, width: int, right: bool = False) -> str:
    """Return a text in so many columns of a terminal, where a Chinese sign takes two; `right` puts it to their end."""
    room = max(0, width - cell_len(text))
    return f"{' ' * room}{text}" if right else set_cell_size(text, width)
