"""Prints text as it is, without a console's wrapping: on stdout or stderr, with nothing in it that a terminal would obey."""

from __future__ import annotations

import json
from typing import Any

import click

from migrator.domain.messages.foreign import OBEYED, harmless


def echo(text: str, err: bool = False, nl: bool = True) -> None:
    """Print a text, made harmless."""
    click.echo(harmless(text), err=err, nl=nl)


def as_json(value: Any, indent: int | None = None) -> str:
    """Return JSON that says exactly the same and holds no character that a terminal would obey: those are escaped."""
    return OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, indent=indent, ensure_ascii=False))
