"""The text of a file that a person names: `-` is standard input, which can be read only once."""

from __future__ import annotations

import sys
from pathlib import Path

from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words

STDIN = "-"
"""The name of a file that is piped in."""


def text_of(path: str, most: int = -1) -> str:
    """Give the text, of `most` characters (-1: all of it). UsageError when it cannot be read, or is none."""
    try:
        if path == STDIN:
            return sys.stdin.read(most)
        with Path(path).open(encoding="utf-8") as file:
            return file.read(most)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        why = in_words(error) if isinstance(error, OSError) else say("planfile.no-text")
        raise UsageError(say("planfile.unreadable", path=path, why=why)) from error
