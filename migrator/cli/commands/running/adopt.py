"""`adopt`: take over a run whose store is lost, from its record in the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import clustered, shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("gateway", metavar="NAMESPACE/NAME")
@clustered
@shared
def adopt(gateway: str, context: str | None, kubeconfig: str | None, view: View, store: str | None) -> None:
    """Take over the run of the gateway NAMESPACE/NAME, whose store is lost. NAME is the workload that is moved.

    Reads what the run has kept in the cluster, looks at the balancer and at both sides, and makes the run in this
    store, halted: no weight is changed. Then `rollback` goes back, and `resume` goes on, after the new side's
    configuration was verified once more. Refused while another process carries the run out.
    """
    from dataclasses import replace

    from migrator.app.adopt.adopting import adopt as take_over
    from migrator.app.adopt.adopting import named
    from migrator.app.inspect.status import where
    from migrator.app.wiring import open_store
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    cluster, name = named(gateway, context, kubeconfig)
    with open_store(store) as memory:
        run, look = take_over(memory, cluster, name)
        view.left(replace(where(memory, run), look=look))
