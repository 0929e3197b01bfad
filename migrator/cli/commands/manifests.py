"""`manifests`: what a run removed or may remove, as it was, for whoever wants it back. It reads the saved plan alone."""

from __future__ import annotations

import click

from migrator.cli.options import run_argument, shared


@click.command()
@run_argument
@shared
def manifests(run: str | None, output: str, store: str | None) -> None:
    """Print the exact manifests of RUN's old workload and its companions, ready for `kubectl apply -f -`.

    They are what the run saw before it changed anything. Patches that undo what it changed in others' objects are in
    the comments. Nothing is applied, and no balancer sends anything to what you apply.
    """
    from migrator.app.run.control import pick
    from migrator.app.wiring import open_reader
    from migrator.cli.views.human import manifests as view

    with open_reader(store) as memory:
        found = pick(memory, run)
        view.show(found, memory.plan(found.plan_id), output)
