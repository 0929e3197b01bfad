"""Text within the terminal's width: each line indented, none with blanks behind it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text


def wrapped(console: Console, words: Text, indent: int = 0, first: str = "") -> None:
    """Print `words`, wrapped and indented; `first` stands in the indent of the first line."""
    for number, line in enumerate(words.wrap(console, max(20, console.width - indent)) or [Text("")]):
        line.rstrip()
        head = first if not number else ""
        console.print(Text(f"{head:<{indent}}") + line)
