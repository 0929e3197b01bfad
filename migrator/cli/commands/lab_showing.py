"""Where what the lab's commands found goes: a console as wide as its reader has it, and a file."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


def console_of(piped: int) -> Console:
    """Return the console of stdout: as wide as the terminal, or `piped` columns."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = piped
    return console


def write(path: Path, value: Any) -> None:
    """Write a value as JSON, in a folder that need not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")
