"""`isolate` and `release`: set one gateway apart from its workload for a look, and put it back or end it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from migrator.cli.options import observed, shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View
    from migrator.domain.model.spec import Spec
    from migrator.store import Store

_plan = click.option(
    "--plan", "plan", required=True, metavar="FILE|RUN", help="The plan file of the gateway, or a run of it."
)
_yes = click.option("--yes", is_flag=True, help="Do not ask; for scripts.")


@click.command()
@click.argument("pod")
@_plan
@_yes
@observed
@shared
def isolate(pod: str, plan: str, yes: bool, view: View, store: str | None) -> None:
    """Set POD, a gateway of the plan, apart: no traffic, drained, out of its workload, still running for a look.

    Shows what the others carry meanwhile and what the controller makes of it, and asks. Typed again after it was killed, it
    goes on. The pod carries a mark by which `migrator release` puts it back, from any machine.

    Exit codes: 0 done, 1 error or you answered no, 2 refused, 3 left on the way, 5 left while halted.
    """
    sys.exit(_carried_out(pod, None, plan, yes, view, store))


@click.command()
@click.argument("pod")
@_plan
@click.option("--delete", is_flag=True, help="Delete the pod instead of putting it back.")
@_yes
@observed
@shared
def release(pod: str, plan: str, delete: bool, yes: bool, view: View, store: str | None) -> None:
    """Put POD back that `migrator isolate` has set apart, with the weight that it had; or --delete it.

    A pod that comes back is one too many: room is made first, so that the controller deletes one without traffic.

    Exit codes: 0 done, 1 error or you answered no, 2 refused, 3 left on the way, 5 left while halted.
    """
    sys.exit(_carried_out(pod, delete, plan, yes, view, store))


def _carried_out(pod: str, end: bool | None, plan: str, yes: bool, view: View, store: str | None) -> int:
    from migrator.app.isolating.beginning import Wanted, begin, give_up, left
    from migrator.app.isolating.placing import placed
    from migrator.app.run.execution import require_startable, wake
    from migrator.app.wiring import open_store, who, wire
    from migrator.cli import carrying
    from migrator.cli.asking import agree
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.messages.message import say
    from migrator.wording import render

    be_quiet()
    with open_store(store) as memory:
        spec, wanted = _spec(plan, memory), Wanted(pod, end)
        if (found := left(memory, spec, wanted)) is not None:
            run, made = found
            require_startable(run, memory)
            wired = wire(made.spec, memory)
            wake(memory, run, who())
            return carrying.carry_out(memory, run, made, wired, view)
        spec = placed(spec, pod, lambda own: wire(own).readers.cluster)
        wired = wire(spec, memory)
        made, outline = begin(memory, spec, wanted, wired.readers)
        if not yes:
            view.apart(outline)
            agree(render(say("isolate.ask" if end is None else "release.ask", pod=pod)))
        give_up(memory, spec, wanted)
        run = memory.create_run(made)
        return carrying.carry_out(memory, run, made, wire(made.spec, memory), view)


def _spec(plan: str, memory: Store) -> Spec:
    """Give what a plan file says, or a run's plan."""
    from pathlib import Path

    from migrator.adapters.planfile.read import read
    from migrator.adapters.planfile.source import STDIN, text_of

    if plan == STDIN or Path(plan).is_file():
        return read(text_of(plan), plan)
    return memory.plan(memory.run(plan).plan_id).spec
