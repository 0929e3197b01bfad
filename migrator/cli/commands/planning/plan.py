"""`plan`, `verify` and `schema`: everything that reads a plan file. None of them changes the cluster or the balancer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from migrator.cli import completing
from migrator.cli.options import shared, waivers

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.cli.views.view import View
    from migrator.domain.model.spec import Spec
    from migrator.store import Store


@click.command()
@click.argument("file", type=click.Path(), required=False)
@click.option(
    "--reverse",
    metavar="RUN",
    help="Plan the way back from the end of a completed run (an id or a name).",
    shell_complete=completing.runs,
)
@click.option("-o", "--out", type=click.Path(), help="Also save the plan to this file, for `migrator run FILE`.")
@click.option("--ways-out", is_flag=True, help="Also show the ways out of a port conflict on the nodes.")
@waivers
@shared
def plan(
    file: str | None,
    reverse: str | None,
    out: str | None,
    ways_out: bool,
    waive: tuple[str, ...],
    reason: tuple[str, ...],
    view: View,
    store: str | None,
) -> None:
    """Look at the world, save a plan and print it. Changes nothing. Exit code 2 when a finding blocks.

    FILE is a plan file. With --reverse RUN there is none: the plan leads back from the end of that run, which has
    completed and removed its old workload, to that workload as the run kept it, by the same route and with the same
    shares, soaks and deadlines. Until Retire a run goes back by `migrator rollback` instead.
    """
    from migrator.app.one_run.in_progress import require_none_in_progress
    from migrator.app.plan.advice import plan_and_ways
    from migrator.app.plan.forwarding_rules import wire_by_rule
    from migrator.app.plan.planfiles import write
    from migrator.app.plan.precheck import outset, require_login
    from migrator.app.plan.waivers import accepting
    from migrator.app.wiring import CLOCK, open_store, who
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.messages.findings import blocking

    be_quiet()
    wanted = _wanted(file, reverse)
    with open_store(store) as memory:
        spec = accepting(wanted(memory), waive, reason)
        require_login(spec)
        require_none_in_progress(spec, memory)
        spec, wired = wire_by_rule(spec, memory)
        require_none_in_progress(spec, memory)  # rules are known only now
        readers = wired.readers
        asked = outset(spec, memory, readers.balancer)
        wanted_ways = ways_out or bool(spec.target.port_conflict)
        planned, ways = plan_and_ways(spec, readers, CLOCK.now(), who(), asked, wanted_ways)
        memory.save_plan(planned)
    view.plan(planned, ways)
    if out is not None:
        write(planned, out)
    sys.exit(2 if blocking(planned.findings, spec.waivers) else 0)


def _wanted(file: str | None, reverse: str | None) -> Callable[[Store], Spec]:
    """Give what gives the spec: of a plan file, which is read at once, or of the way back from a run of the store."""
    from migrator.adapters.planfile.read import read_file
    from migrator.app.plan.reverse import way_back
    from migrator.domain.messages.message import say
    from migrator.wording import render

    if (file is None) is (reverse is None):
        raise click.UsageError(render(say("usage.file-or-reverse")))
    if reverse is not None:
        return lambda memory: way_back(memory, reverse)
    spec = read_file(file or "")
    return lambda _memory: spec


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "--matrix",
    is_flag=True,
    help="Also show who gets each resource that chooses pods (old, new, both), with the patch that lets both sides have it.",
)
@waivers
@shared
def verify(
    file: str, matrix: bool, waive: tuple[str, ...], reason: tuple[str, ...], view: View, store: str | None
) -> None:
    """Run every preflight check of a plan file. Saves nothing. Exit code 2 when a finding blocks."""
    from migrator.adapters.planfile.read import read_file
    from migrator.app.one_run.in_progress import require_none_in_progress
    from migrator.app.plan.forwarding_rules import wire_by_rule
    from migrator.app.plan.planning import audited
    from migrator.app.plan.precheck import outset, require_login
    from migrator.app.plan.waivers import accepting
    from migrator.app.wiring import CLOCK, remembering
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.messages.findings import blocking
    from migrator.domain.messages.message import say

    be_quiet()
    spec = accepting(read_file(file), waive, reason)
    require_login(spec)
    with remembering(store) as memory:
        require_none_in_progress(spec, memory)
        spec, wired = wire_by_rule(spec, memory)
        require_none_in_progress(spec, memory)  # rules are known only now
        readers = wired.readers
        findings, audit = audited(spec, readers, CLOCK.now(), outset(spec, memory, readers.balancer))
    view.findings(findings, spec.waivers, audit if matrix else None)
    blocks = blocking(findings, spec.waivers)
    view.remark(say("verify.next", file=file, blocks=len(blocks) or None))
    sys.exit(2 if blocks else 0)


@click.command()
def schema() -> None:
    """Print the plan file's JSON Schema, for editors."""
    import json

    from migrator.app.plan.keys import published

    click.echo(json.dumps(published(), indent=2))
