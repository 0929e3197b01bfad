"""Text within the terminal's width: each line indented, none with blanks behind it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

NARROWEST = 20


def wrapped(console: Console, words: Text | str, indent: int = 0, first: str = "") -> None:
    """Print `words`, wrapped and indented; `first` stands in the indent of the first line."""
    for line in lines(console, words, indent, first):
        console.print(line)


def lines(console: Console, words: Text | str, indent: int = 0, first: str = "") -> list[Text]:
    """Return the lines that `wrapped` prints."""
    text = Text(words) if isinstance(words, str) else words
    shown: list[Text] = []
    for number, line in enumerate(text.wrap(console, max(NARROWEST, console.width - indent)) or [Text("")]):
        line.rstrip()
        shown.append(Text(f"{first if not number else '':<{indent}}") + line)
    return shown
