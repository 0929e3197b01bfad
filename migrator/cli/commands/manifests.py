"""`manifests`: the old workload as it was before the run, to be applied again by hand. It reads the saved plan only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import run_argument, shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@run_argument
@shared
def manifests(run: str | None, view: View, store: str | None) -> None:
    """Print the exact manifests of RUN's old workload and its companions, ready for `kubectl apply -f -`.

    They are what the run saw before it changed anything. The comments hold patches that undo what the run changed in
    other objects. Nothing is applied. What you apply gets no traffic: the balancer does not know it.
    """
    from migrator.app.run.picking import pick
    from migrator.app.wiring import open_reader
    from migrator.domain.model.manifests import to_apply

    with open_reader(store) as memory:
        chosen = pick(memory, run)
        plan = memory.plan(chosen.plan_id)
        stored = (plan.seen.source, *plan.seen.companions)
        objects = [to_apply(manifest) for manifest in stored if isinstance(manifest, dict)]
        view.manifests(chosen, objects, plan.changes, plan.spec)
