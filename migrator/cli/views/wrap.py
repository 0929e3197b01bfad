"""Text within the terminal's width: each line indented, none with blanks behind it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.console import is_piped

NARROWEST = 20


def wrapped(console: Console, words: Text | str, indent: int = 0, first: Text | str = "") -> None:
    """Print `words`, wrapped and indented; `first` stands in the indent of the first line."""
    for line in lines(console, words, indent, first):
        console.print(line)


def lines(
    console: Console, words: Text | str, indent: int = 0, first: Text | str = "", width: int | None = None
) -> list[Text]:
    """Return the lines that `wrapped` prints."""
    text = Text(words) if isinstance(words, str) else words
    head = Text(first) if isinstance(first, str) else first
    head = head + Text(" " * (indent - head.cell_len))
    shown: list[Text] = []
    for line in text.wrap(console, max(NARROWEST, (width or console.width) - indent)) or [Text("")]:
        line.rstrip()
        shown.append((Text(" " * indent) if shown else head) + line)
    return shown


def show(words: str) -> None:
    """Print sentences: wrapped on a terminal, line by line as they are in a file or a pipe."""
    console = our_console()
    for line in words.splitlines():
        console.print(line) if is_piped(console) else wrapped(console, line)
