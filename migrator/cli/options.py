"""The options every command shares, from one decorator each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

OUTPUT = "migrator.output"
"""Where a command's --output is remembered, for the message of an error."""


def _remember(ctx: click.Context, parameter: click.Parameter, output: str) -> str:
    ctx.meta[OUTPUT] = output
    return output


def shared(command: F) -> F:
    """Add --output and --store."""
    command = click.option(
        "--output",
        type=click.Choice(["human", "json"]),
        default="human",
        show_default=True,
        is_eager=True,
        callback=_remember,
        help="For people, or exact and versioned for programs.",
    )(command)
    return click.option(
        "--store",
        metavar="PATH",
        envvar="MIGRATOR_STORE",
        help="The database of plans and runs [default: under the XDG state home].",
    )(command)


def waivers(command: F) -> F:
    """Add --waive CODE and --reason TEXT, which come in pairs."""
    why = "Why the finding before it is accepted; the plan keeps it."
    command = click.option("--reason", multiple=True, metavar="TEXT", help=why)(command)
    what = "Go on in spite of findings with this code (docs/checks.md); may be given again."
    return click.option("--waive", multiple=True, metavar="CODE", help=what)(command)


def run_argument(command: F) -> F:
    """Add the optional RUN argument: an id or a name; without it the newest run that goes on."""
    return click.argument("run", required=False)(command)
