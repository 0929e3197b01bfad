"""Prints JSON on stdout: one versioned value, or a value a line."""

from __future__ import annotations

import json
from typing import Any

import click

VERSION = 1


def answer(**value: Any) -> None:
    """Print the one value of a command."""
    click.echo(json.dumps({"version": VERSION, **value}, indent=2, ensure_ascii=False))


def line(**value: Any) -> None:
    """Print one of many values."""
    click.echo(text_of_line(**value))


def text_of_line(**value: Any) -> str:
    """Return one of many values as a line."""
    return json.dumps({"version": VERSION, **value}, ensure_ascii=False)
