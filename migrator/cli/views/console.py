"""The consoles that everything for people is printed on, and the one rule for their width.

A terminal has its columns, or COLUMNS; a file or a pipe has none, so its lines are only long.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from migrator.domain.messages.foreign import harmless

PIPED = 160


class Harmless(Console):
    """A console on which no text of somebody else's is obeyed by the terminal: only the styles and controls of our own are."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Return what is to be shown, the text of each piece made harmless."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(harmless(segment.text), segment.style)


def console(err: bool = False) -> Console:
    """Return the console of a stream."""
    stream = Harmless(soft_wrap=True, highlight=False, emoji=False, markup=False, stderr=err)
    if is_piped(stream):
        stream.width = PIPED
    return stream


def is_piped(console: Console) -> bool:
    """Return whether nobody says how wide a line may be: a file or a pipe, without COLUMNS."""
    return not console.is_terminal and "COLUMNS" not in os.environ


def has_unicode(console: Console) -> bool:
    """Return whether the stream can show block characters."""
    return console.encoding.lower().startswith("utf")
