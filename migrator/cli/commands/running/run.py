"""`run` and `resume`: carry a run out in this process and stay with it until it ends, or until told to leave."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from migrator.cli import completing
from migrator.cli.options import observed, run_argument, shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View
    from migrator.domain.planning.plan import Plan
    from migrator.store import Store

_detach = click.option(
    "--detach", is_flag=True, help="Carry it out in a separate process; its log is beside the store."
)


@click.command()
@click.argument("plan", required=False, shell_complete=completing.plans)
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@_detach
@click.option("--with-load", is_flag=True, help="Send counted requests through the balancer meanwhile, as `load` does.")
@observed
@shared
def run(plan: str | None, yes: bool, detach: bool, with_load: bool, view: View, store: str | None) -> None:
    """Carry out PLAN: an id, a file saved by `plan -o`, or without one the newest plan that was never run.

    Checks that the world is still as planned, shows what it will do, and asks whether to begin; then it asks for each line of
    the checklist before the switch that only a person can tick (a no there holds nothing up). --yes asks neither. Ctrl-C leaves
    the run where it is.

    Exit codes: 0 completed, 1 error or you answered no, 2 plan refused, 3 left while running, paused or waiting, 4 rolled back,
    5 left while halted.
    """
    from migrator.app.load.aim import aimed
    from migrator.app.one_run.gateway_lease import require_alone, require_free
    from migrator.app.plan.planning import require_runnable
    from migrator.app.plan.precheck import require_credentials, require_login
    from migrator.app.run.earlier import carried_out, moved_by
    from migrator.app.telling.notify import require_told
    from migrator.app.wiring import open_store, wire
    from migrator.cli import carrying
    from migrator.cli.asking import agree
    from migrator.cli.beside import BOUNDS
    from migrator.cli.beside import with_load as beside
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say
    from migrator.wording import render

    be_quiet()
    if detach and with_load:
        raise UsageError(say("option.load-detached"))
    with open_store(store) as memory:
        chosen = _chosen(memory, plan, view)
        require_login(chosen.spec)
        require_alone(memory, chosen)
        earlier = carried_out(memory, chosen)
        wired = wire(chosen.spec, memory)
        require_credentials(wired.readers.balancer)
        require_told(wired)
        require_free(memory, chosen.spec, wired.readers.cluster)
        begins_with = require_runnable(chosen, wired.readers, partial(moved_by, memory, chosen))
        aim = aimed(chosen.spec, wired.readers.balancer, None, None) if with_load else None
        if not yes:
            view.brief(chosen, earlier)
            if aim is not None:
                view.aimed(aim, BOUNDS)
            agree(render(say("shown.run-now", plan=chosen.id)))
            _tick(memory, chosen)
        created = memory.create_run(chosen, begins_with)
        if detach:
            sys.exit(carrying.detach(memory, created, view))
        carry_out = partial(carrying.carry_out, memory, created, chosen, wired, view)
        sys.exit(carry_out() if aim is None else beside(carry_out, aim, memory, created, chosen, wired, view))


def _tick(memory: Store, plan: Plan) -> None:
    """Ask once for what only a person knows before a switch, and keep a yes; a no holds nothing up."""
    from migrator.app.checklist.ticks import of_plan, tick
    from migrator.cli.asking import agrees
    from migrator.domain.messages.message import say
    from migrator.domain.planning.checklist.items import Phase, to_tick
    from migrator.wording import render

    for line in to_tick(of_plan(memory, plan), Phase.BEFORE):
        if agrees(render(say("checklist.ask", line=line))):
            tick(memory, plan.id, line)


def _chosen(memory: Store, named: str | None, view: View) -> Plan:
    """Return the plan that was named, or the newest never run, and say which that is."""
    from migrator.app.inspect.plans import named_plan
    from migrator.app.run.picking import newest_to_run
    from migrator.app.wiring import CLOCK
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    if named is None:
        newest = newest_to_run(memory)
        made = (CLOCK.now() - newest.created_at).total_seconds()
        view.remark(say("plan.taken", plan=newest.id, name=newest.spec.name, made=round(made), by=newest.created_by))
        return newest
    plan = named_plan(memory, named)
    if (command := plan.journey().command) != "run":
        raise UsageError(say("plan.of-nodes", plan=plan.id, command=command))
    return plan


@click.command()
@run_argument
@_detach
@observed
@shared
def resume(run: str | None, detach: bool, view: View, store: str | None) -> None:
    """Go on with RUN (an id or a name): paused, halted, or left behind by a process that died.

    When another process carries the run out and it is paused or halted, that process goes on; this one then ends.
    """
    from migrator.app.run.control import ask
    from migrator.app.run.execution import require_startable, resting, wake
    from migrator.app.run.picking import pick_one
    from migrator.app.wiring import open_store, who, wire
    from migrator.cli import carrying
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.model.runs import RequestKind

    be_quiet()
    with open_store(store) as memory:
        chosen = pick_one(memory, run)
        if memory.holder(chosen.id) and resting(memory, chosen):
            view.asked(ask(memory, str(chosen.id), RequestKind.RESUME))
            return
        require_startable(chosen, memory)
        plan = memory.plan(chosen.plan_id)
        wired = wire(plan.spec, memory)
        wake(memory, chosen, who())
        if detach:
            sys.exit(carrying.detach(memory, chosen, view))
        sys.exit(carrying.carry_out(memory, chosen, plan, wired, view))
