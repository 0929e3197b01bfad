"""`explain`: what a key of the plan file means, what may stand there, and what it is when it is not written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli import completing
from migrator.cli.options import output

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("key", shell_complete=completing.keys)
@output
def explain(key: str, view: View) -> None:
    """Say what KEY of a plan file means: its path, like spec.traffic.soak, or its last word where only one key has it."""
    from migrator.app.plan.keys import explained

    view.key(explained(key))
