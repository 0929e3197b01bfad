"""`run` and `resume`: carry a run out in this process and stay with it until it ends, or until told to leave."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from migrator.cli.options import run_argument, shared

if TYPE_CHECKING:
    from migrator.domain.plan import Plan
    from migrator.domain.runs import Run
    from migrator.store import Store


@click.command()
@click.argument("plan", required=False)
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@shared
def run(plan: str | None, yes: bool, output: str, store: str | None) -> None:
    """Carry out PLAN: an id, or without one the newest plan that was never run.

    Shows what it will do and asks. Exit codes: 0 completed, 1 error, 2 plan refused, 3 left while paused or waiting,
    4 rolled back, 5 left while halted.
    """
    from migrator.app.planning import require_runnable
    from migrator.app.wiring import open_store, wire
    from migrator.cli.views import show

    with open_store(store) as memory:
        chosen = _chosen(memory, plan)
        wired = wire(chosen.spec)
        require_runnable(chosen, wired.readers)
        if not yes:
            show.plan(chosen, "human")
            click.confirm(f"Run plan {chosen.id} now?", abort=True, err=True)
        made = memory.create_run(chosen)
        sys.exit(_carry_out(memory, made, chosen, output))


def _chosen(memory: Store, named: str | None) -> Plan:
    """Give the plan that was named, or the newest never run."""
    from migrator.domain.errors import UsageError

    if named is None:
        newest = memory.newest_unrun_plan()
        if newest is None:
            raise UsageError(
                "There is no plan that was never run. Nothing was changed. Make one: `migrator plan FILE`."
            )
        return newest
    if named.endswith((".yaml", ".yml")) or Path(named).is_file():
        raise UsageError(
            f"{named} is a plan file, not a saved plan. Nothing was changed. "
            f"First `migrator plan {named}`, which shows and saves the plan; then `migrator run`."
        )
    return memory.plan(named)


@click.command()
@run_argument
@shared
def resume(run: str | None, output: str, store: str | None) -> None:
    """Go on with RUN (an id or a name): paused, halted, or left behind by a process that died.

    When another process carries the run out and it is paused, that process goes on; this one then ends.
    """
    from migrator.app.control import ask, pick
    from migrator.app.execution import require_startable, wake
    from migrator.app.wiring import open_store, who
    from migrator.cli.views import show
    from migrator.domain.runs import RequestKind, State

    with open_store(store) as memory:
        found = pick(memory, run)
        if memory.holder(found.id) and found.state in (State.PAUSED, State.HALTED):
            show.asked(ask(memory, str(found.id), RequestKind.RESUME), output)
            return
        require_startable(found, memory)
        wake(memory, found, who())
        sys.exit(_carry_out(memory, found, memory.plan(found.plan_id), output))


def _carry_out(memory: Store, run: Run, plan: Plan, output: str) -> int:
    """Drive the run with live progress; Ctrl-C or SIGTERM leaves it where it is, and says so."""
    from migrator.app.execution import execute
    from migrator.app.wiring import wire
    from migrator.cli.views import show
    from migrator.cli.views.live import live
    from migrator.domain.runs import EXIT_BY_STATE

    asked: list[int] = []

    def leave(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    with live(output, run, plan) as tell:
        ended = execute(memory, run, plan, wire(plan.spec), tell, lambda: bool(asked))
    show.left(memory, ended, output)
    return EXIT_BY_STATE[ended.state]
