"""`guard`: a run's dead man's switch, for a Job beside it: listen to its driver, and take the run back when it is silent."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from migrator.cli.options import IMAGE, clustered, shared

if TYPE_CHECKING:
    from migrator.app.adopt.dead_man import Guard
    from migrator.cli.views.view import View
    from migrator.domain.model.spec import ClusterSpec


@click.command()
@click.argument("gateway", metavar="NAMESPACE/NAME")
@click.option("--job", is_flag=True, help="Only print the Job that guards the run in its cluster, for kubectl apply.")
@click.option("--image", metavar="IMAGE", default=IMAGE, show_default=True, help="The Job's image.")
@clustered
@shared
def guard(
    gateway: str,
    job: bool,
    image: str,
    context: str | None,
    kubeconfig: str | None,
    view: View,
    store: str | None,
) -> None:
    """Guard the run of the gateway NAMESPACE/NAME, whose plan says `onSilence: {then: rollback}`.

    Listens to the cluster's Lease. When the process that carries the run out has not renewed it for as long as the plan
    says, and the new side has traffic, this takes the run over from its record and sends it back. Without --store its own
    store is a temporary one. Ends when the run does.

    Exit codes: 0 the run has ended by itself, 2 refused, 4 rolled back from here.
    """
    from migrator.adapters.cluster import connect
    from migrator.app.adopt.adopting import named
    from migrator.app.adopt.dead_man import Guard
    from migrator.app.adopt.guard_job import job_of
    from migrator.app.wiring import CLOCK
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    where, name = named(gateway, context, kubeconfig)
    if job:
        return view.job(job_of(where.namespace, name, image))
    _guarded(Guard(connect(where).reader, where, name, CLOCK.monotonic), where, name, view, store)


def _guarded(listening: Guard, where: ClusterSpec, gateway: str, view: View, store: str | None) -> None:
    from time import sleep

    from migrator.app.adopt.dead_man import EVERY
    from migrator.domain.messages.message import shape

    told = None
    while True:
        heard = listening.listen()
        if heard.over or heard.due or shape(heard.said) != told:
            view.remark(heard.said)
            told = shape(heard.said)
        if heard.over:
            return
        if heard.due:
            _taken_back(where, gateway, view, store)
        sleep(EVERY)


def _taken_back(where: ClusterSpec, gateway: str, view: View, store: str | None) -> None:
    """Carry the way back out and end; return where the driver is there again, or the run cannot be taken over now."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from migrator.app.adopt.dead_man import Heard, take_back
    from migrator.app.wiring import open_store, wire
    from migrator.cli import carrying

    with ExitStack() as stack:
        place = store or str(Path(stack.enter_context(TemporaryDirectory(prefix="migrator-guard-"))) / "guard.db")
        memory = stack.enter_context(open_store(place))
        run = take_back(memory, where, gateway)
        if isinstance(run, Heard):
            view.remark(run.said)
        elif run is not None:
            plan = memory.plan(run.plan_id)
            sys.exit(carrying.carry_out(memory, run, plan, wire(plan.spec, memory), view))
