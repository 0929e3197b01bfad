"""`explain`: what a key of the plan file means, or a code: of a finding, of a halt, of a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli import completing
from migrator.cli.options import output

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("word", metavar="KEY|CODE", shell_complete=completing.words)
@output
def explain(word: str, view: View) -> None:
    """Say what a KEY of a plan file means: its path, like spec.traffic.soak, or its last word where only one key has it.

    Or what a CODE means, like judge.blind: of a finding, of a halt, of a question. What it means for traffic, and what to do.
    """
    from migrator.app.plan.codes import looked_up

    view.explained(looked_up(word))
