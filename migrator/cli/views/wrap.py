"""Text within the terminal's width: each line indented, none with blanks behind it.

Chinese has no spaces: it is broken between any two signs. Words of Latin letters stay whole, and no line begins or ends with
a bracket or a comma that belongs to the other one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.console import is_piped

NARROWEST = 20
OPENING, CLOSING = "（【「《“‘", "，。；：、！？）】」》”’…"
UNITS = re.compile(rf"[{OPENING}]*(?:[\x21-\x7e]+|\S)[{CLOSING}]*|\s+")
"""What is not broken: a word or a sign with its brackets and commas; or a space."""


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
    for line in in_lines(text, console, max(NARROWEST, (width or console.width) - indent)) or [Text("")]:
        line.rstrip()
        shown.append((Text(" " * indent) if shown else head) + line)
    return shown


def in_lines(text: Text, console: Console, width: int) -> list[Text]:
    """Return a text in lines of at most so many columns, without blanks behind them; a word that is longer is broken."""
    if text.cell_len == len(text):
        return list(text.wrap(console, width))
    lines = [part for line in text.split("\n", allow_blank=True) for part in line.divide(_breaks(line.plain, width))]
    for line in lines:
        line.rstrip()
    return lines


def _breaks(plain: str, width: int) -> Iterator[int]:
    """Yield where a line ends and the next one begins."""
    used = 0
    for unit in UNITS.finditer(plain):
        room = cell_len(unit[0])
        if used and used + room > width and not unit[0].isspace():
            yield unit.start()
            used = 0
        if room > width:
            for at, sign in enumerate(unit[0]):
                if used + cell_len(sign) > width:
                    yield unit.start() + at
                    used = 0
                used += cell_len(sign)
        else:
            used += room


def show(words: str) -> None:
    """Print sentences: wrapped on a terminal, line by line as they are in a file or a pipe."""
    console = our_console()
    for line in words.splitlines():
        console.print(line) if is_piped(console) else wrapped(console, line)


def whole(words: str) -> str:
    """Return sentences for standard error, wrapped to its terminal between words alone: a path in them can be copied. They stay
    lines as they are in a file or a pipe, or without spaces."""
    terminal = our_console(err=True)
    if is_piped(terminal):
        return words
    return "\n".join(each for line in words.splitlines() for each in _unbroken(line, terminal.width))


def _unbroken(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    found = [indent]
    for unit in UNITS.finditer(line.lstrip()):
        if found[-1].strip() and not unit[0].isspace() and cell_len(found[-1] + unit[0]) > width:
            found[-1] = found[-1].rstrip()
            found.append(indent)
        found[-1] += unit[0] if found[-1].strip() or not unit[0].isspace() else ""
    return [each.rstrip() for each in found]
