"""`show`: a saved plan once more, for people, for a pull request, or as the diff of the workload alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli import completing
from migrator.cli.options import shown, stored

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("plan", required=False, shell_complete=completing.plans)
@click.option("--diff", "only_diff", is_flag=True, help="Only how the new workload's spec differs from the old one's.")
@shown
@stored
def show(plan: str | None, only_diff: bool, view: View, store: str | None) -> None:
    """Show PLAN: an id, a file saved by `plan -o`, or without one the newest plan. Reads the store alone."""
    from migrator.app.inspect.plans import named_plan, newest_plan
    from migrator.app.wiring import open_reader

    with open_reader(store) as memory:
        chosen = newest_plan(memory) if plan is None else named_plan(memory, plan)
    if only_diff:
        view.workload_diff(chosen)
    else:
        view.plan(chosen)
