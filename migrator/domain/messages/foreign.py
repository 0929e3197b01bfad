"""One filter for text that others wrote: names and errors of a cluster or a cloud may hold what a terminal would obey.

Escape sequences (ANSI, OSC), C1 controls and bidirectional controls can clear a screen and put other words on it; they are
shown as what they are, like `\\x1b`. Line feeds and tabs stay where a text may have several lines.
"""

from __future__ import annotations

import re

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
OBEYED = re.compile(f"[{_CONTROLS}]")
"""A character that a terminal would obey."""

_OF_A_LINE = re.compile(f"[{_CONTROLS}\t\n]")


def harmless(text: str) -> str:
    """Return a text of one or several lines with every character that a terminal would obey shown instead."""
    return OBEYED.sub(_shown, text)


def in_a_line(text: str) -> str:
    """Return a text that stands within a line: its line feeds and tabs are shown too, so that it cannot begin a line."""
    return _OF_A_LINE.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(match[0]) or _escaped(ord(match[0]))


def _escaped(number: int) -> str:
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
