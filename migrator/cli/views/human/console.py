"""The one rule for width: the terminal's columns, or COLUMNS; a file or a pipe has none, so its lines are only long."""

from __future__ import annotations

import os

from rich.console import Console

PIPED = 160


def console(err: bool = False) -> Console:
    """Give the console of a stream."""
    found = Console(soft_wrap=True, highlight=False, stderr=err)
    if not found.is_terminal and "COLUMNS" not in os.environ:
        found.width = PIPED
    return found
