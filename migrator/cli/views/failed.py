"""How an error is shown: its message for people on stderr, a versioned value for programs on stdout. Never a traceback."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from migrator.domain.model.errors import MigratorError

DEBUG = "MIGRATOR_DEBUG"
LONGEST = 300


def show(error: MigratorError, output: str) -> None:
    """Show one of our errors."""
    from migrator.wording import render

    if output == "json":
        click.echo(wrapped(value(error)))
    click.echo(render(error.message), err=True)


def wrapped(error: dict[str, Any]) -> str:
    """Give the versioned JSON of an error's value."""
    return json.dumps({"version": 1, "error": error}, indent=2, ensure_ascii=False)


def value(error: MigratorError) -> dict[str, Any]:
    """Give the JSON value of an error: its kind, its message, its findings where it has any."""
    from migrator.cli.views.json.values import finding
    from migrator.cli.views.said import said

    kind = "".join(f"-{c.lower()}" if c.isupper() else c for c in type(error).__name__).lstrip("-")
    found = [finding(each) for each in getattr(error, "findings", ())]
    return {"kind": kind, **said(message=error.message), "exit_code": error.exit_code, "findings": found}


def defect(error: Exception) -> str:
    """Give the words for an error that nobody expected; its traceback only for those who ask by MIGRATOR_DEBUG."""
    if os.environ.get(DEBUG):
        import traceback

        return "".join(traceback.format_exception(error))
    said = " ".join(str(error).split())[:LONGEST]
    return (
        f"migrator met a defect of its own ({type(error).__name__}: {said}). It stopped at once and writes nothing more; "
        "traffic stays as it is. `migrator status` shows where the run is, `migrator resume` goes on. "
        f"To report it, repeat the command with {DEBUG}=1."
    )
