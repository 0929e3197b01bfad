"""The options every command shares, from one decorator each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from migrator.cli.views.view import HUMAN, JSON, View, chosen

F = TypeVar("F", bound=Callable[..., Any])

VIEW = "migrator.view"
"""Where a command's view is remembered, for the message of an error."""


def _choose(ctx: click.Context, parameter: click.Parameter, name: str) -> View:
    view = chosen(name)
    ctx.meta[VIEW] = view
    return view


output = click.option(
    "--output",
    "view",
    type=click.Choice([HUMAN, JSON]),
    default=HUMAN,
    show_default=True,
    is_eager=True,
    callback=_choose,
    help="`human` is for people; `json` is exact and versioned, for programs.",
)
"""Give a command its view, chosen once."""


def shared(command: F) -> F:
    """Add --output and --store."""
    return click.option(
        "--store",
        metavar="PATH",
        envvar="MIGRATOR_STORE",
        help="The database of plans and runs [default: under the XDG state home].",
    )(output(command))


def waivers(command: F) -> F:
    """Add --waive CODE and --reason TEXT, which come in pairs."""
    why = "Why they are accepted, one for each --waive; the plan keeps it."
    command = click.option("--reason", multiple=True, metavar="TEXT", help=why)(command)
    what = "Accept the findings with this code (docs/checks.md); can be repeated."
    return click.option("--waive", multiple=True, metavar="CODE", help=what)(command)


def run_argument(command: F) -> F:
    """Add the optional RUN argument: an id or a name; without it the newest run that goes on."""
    return click.argument("run", required=False)(command)
