"""Lines for text in which a sign may take two columns. Words of Latin letters stay whole. Pure, and loads nothing."""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

PIECES = re.compile(r"\s+|[\x21-\x7e]+|.")
BETWEEN_WORDS = re.compile(r"(?<=[\x21-\x7e])\n(?=[\x21-\x7e])")
NOT_FIRST = ("Pe", "Pf", "Po")
"""Kinds of signs (of Unicode) that no line begins with: what closes, commas and full stops."""

HANGING = 4
"""Columns that are kept free for them."""


def width_of(text: str) -> int:
    """Return the columns that a text takes."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def lines_of(text: str, room: int) -> list[str]:
    """Return a text in lines of at most `room` columns; a word that is longer has a line of its own. Its own ends of lines are
    a space between Latin letters alone."""
    lines = [""]
    for piece in PIECES.findall(BETWEEN_WORDS.sub(" ", text).replace("\n", "")):
        if width_of(lines[-1] + piece) <= room - HANGING or _hangs(piece):
            lines[-1] += piece
        elif not piece.isspace():
            lines.append(piece)
    return [line.rstrip() for line in lines]


def _hangs(piece: str) -> bool:
    return len(piece) == 1 and category(piece) in NOT_FIRST
