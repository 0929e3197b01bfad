"""`tick`: say that a line of a checklist is so which no fact can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared
from migrator.domain.planning.checklist.items import PERSONS

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("line", type=click.Choice(PERSONS))
@click.argument("run", required=False)
@click.option("--note", default="", metavar="TEXT", help="Where it can be seen: a link, a ticket.")
@shared
def tick(line: str, run: str | None, note: str, view: View, store: str | None) -> None:
    """Say that a line of the checklists is so: `alarms` are in place (before), `documents` are up to date (after).

    RUN is a run or a plan; without it the newest run is meant, or where there is none the newest plan. Who said so and when is
    kept beside the store, and shown by `status` and `report`.
    """
    from migrator.app.checklist.ticks import plan_of, tick
    from migrator.app.wiring import open_store

    with open_store(store) as memory:
        plan, of_run = plan_of(memory, run)
        view.ticked(plan, line, tick(memory, plan, line, note), of_run)
