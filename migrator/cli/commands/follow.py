"""`follow`: stay in the foreground and look after the nodes of a completed run, for ever."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View
    from migrator.domain.model.runs import Run
    from migrator.store import Store


@click.command()
@click.argument("run", required=False)
@click.option("--end", is_flag=True, help="Look after them no more: end what an earlier `follow` began.")
@shared
def follow(run: str | None, end: bool, view: View, store: str | None) -> None:
    """Look after the nodes of RUN, which has completed and whose plan says `after: migrator`; without it, of the newest.

    A node that comes is registered at weight 0, proved fit and raised to its peers' weight; one that leaves loses its
    weight, is drained and removed. Stays until it is told to go (Ctrl-C, SIGTERM); started again, it carries on.

    Exit codes: 0 left when told to, 1 error, 2 refused, 5 left while halted.
    """
    from migrator.app.run.execution import require_startable
    from migrator.app.run.following import begin, chosen, follower_of, require_only_one
    from migrator.app.wiring import open_store, wire
    from migrator.cli import carrying
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    with open_store(store) as memory:
        ended = chosen(memory, run)
        made = follower_of(memory, ended)
        if end:
            return _end(memory, ended, made, view)
        wired = wire(memory.plan(ended.plan_id).spec, memory)
        if made is None:
            made, plan = begin(memory, ended, wired.readers)
        else:
            plan = memory.plan(made.plan_id)
            require_startable(made, memory)
            require_only_one(memory, made, plan)
        sys.exit(carrying.carry_out(memory, made, plan, wired, view))


def _end(memory: Store, followed: Run, made: Run | None, view: View) -> None:
    """End the run that looks after nodes, and say so. UsageError when there is none."""
    from migrator.app.run.following import end
    from migrator.domain.model.errors import UsageError

    if made is None:
        raise UsageError(f"Nobody has begun to look after the nodes of run {followed.id}. Nothing was changed.")
    view.ended(end(memory, made))
