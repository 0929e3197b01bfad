"""Prints JSON on stdout: one versioned value, or a value a line."""

from __future__ import annotations

from typing import Any

from migrator.cli.views.echo import as_json, echo

VERSION = 1


def answer(**value: Any) -> None:
    """Print the one value of a command."""
    echo(as_json({"version": VERSION, **value}, 2))


def line(**value: Any) -> None:
    """Print one of many values."""
    echo(text_of_line(**value))


def text_of_line(**value: Any) -> str:
    """Return one of many values as a line."""
    return as_json({"version": VERSION, **value})
