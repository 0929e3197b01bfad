"""`show`: a saved plan once more, for people, for a pull request, or as a diff: of the workload, or against another plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli import completing
from migrator.cli.options import shown, stored

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("plan", required=False, shell_complete=completing.plans)
@click.option(
    "--diff",
    "other",
    is_flag=False,
    flag_value="",
    metavar="[OTHER]",
    shell_complete=completing.plans,
    help="Only how the new workload's spec differs from the old one's; with OTHER, how the plan differs from that plan.",
)
@shown
@stored
def show(plan: str | None, other: str | None, view: View, store: str | None) -> None:
    """Show PLAN: an id, a file saved by `plan -o` (`-` is standard input), or without one the newest plan."""
    from migrator.app.inspect.plans import named_plan, newest_plan
    from migrator.app.wiring import open_reader

    with open_reader(store) as memory:
        chosen = newest_plan(memory) if plan is None else named_plan(memory, plan)
        compared = named_plan(memory, other) if other else None
    if compared is not None:
        view.plans_apart(chosen, compared)
    elif other is not None:
        view.workload_diff(chosen)
    else:
        view.plan(chosen)
