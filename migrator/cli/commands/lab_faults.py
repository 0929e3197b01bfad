"""`migrator lab fault`: what goes wrong at the doors of a running lab. Imported only when one of its commands runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrator.cli.commands.lab_showing import console_of, write
from migrator.cli.guided import Guided
from migrator.cli.options import output
from migrator.lab.faults.orders import Kind
from migrator.lab.ground.layout import BALANCERS

if TYPE_CHECKING:
    from migrator.cli.views.view import View
    from migrator.lab.ground.layout import Layout

TARGETS = ("api", "balancer", "prometheus", "gateways")
IN_SECOND = ("api-2", "gateways-2")
"""What can be failed besides in a lab with two clusters."""

_folder = click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("build/lab"), show_default=True)
_target = click.Choice((*TARGETS, *IN_SECOND))


@click.group(cls=Guided)
def fault() -> None:
    """Let the network and the servers behind it fail, for whoever goes through the lab's doors.

    `route` writes the plan file that leads through them; `set` orders a fault, `clear` takes it back. The gateways are
    reached through the API server's tunnels, so their faults strike those alone. `api-2` and `gateways-2` are those of a lab
    with two clusters.
    """


@fault.command("route")
@_folder
@click.argument("plan", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Where to write it; else it is printed.")
def route(folder: Path, plan: Path, out: Path | None) -> None:
    """Write a copy of PLAN whose cluster, balancer and Prometheus are reached through the doors."""
    from migrator.lab.world import doors

    text = doors.fitted(plan.read_text(encoding="utf-8"), _layout(folder), folder)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")


@fault.command("set")
@_folder
@output
@click.argument("target", type=_target)
@click.argument("kind", type=click.Choice([str(kind) for kind in Kind]))
@click.option("--status", type=click.IntRange(400, 599), help="What `status` answers with [default: 503].")
@click.option(
    "--seconds", type=float, help="How late (latency 1, late 40), or how far apart the bytes are (dribble 1)."
)
@click.option("--share", type=click.FloatRange(0, 100), help="Percent of the requests that are struck [default: 100].")
@click.option("--count", type=click.IntRange(1), help="How many requests are struck [default: all, until `clear`].")
@click.option("--method", help="Only requests of this method.")
@click.option("--path", help="Only paths, or actions of a cloud's API, that begin so.")
@click.option("--writes", is_flag=True, help="Only what may change something.")
def order(folder: Path, view: View, target: str, kind: str, share: float | None, **more: Any) -> None:
    """Order a fault of KIND at TARGET; the first one that fits a request strikes.

    latency: later. reset: before anything is done. lost: done, and then reset. half-open: taken, no answer. late: no answer,
    done `--seconds` later. status: an error. dribble: byte by byte. cut: reset in the middle of an answer. page: a web page.
    redirect: to another host. flood: an answer without end.
    """
    wanted = {"target": target, "kind": kind} | {name: value for name, value in more.items() if value}
    _asked(folder, view, "POST", wanted | ({"share": share / 100} if share is not None else {}))


@fault.command("list")
@_folder
@output
def shown(folder: Path, view: View) -> None:
    """Say which faults are in force."""
    _asked(folder, view, "GET")


@fault.command("clear")
@_folder
@output
@click.argument("target", type=_target, required=False)
def clear(folder: Path, view: View, target: str | None) -> None:
    """Take back the faults of TARGET, or all."""
    _asked(folder, view, "DELETE", target=target or "")


@fault.command("table")
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("build/trials"), show_default=True)
@click.option("--net", default="auto", show_default=True, help="Loopback prefix 127.N, or auto for a free one.")
@click.option("--balancer", type=click.Choice(BALANCERS), default="tencent", show_default=True)
@click.option("--only", multiple=True, help="Only targets or trials whose names begin so, such as api or api:status.")
@click.option("--runs", is_flag=True, help="Also run a migration for each: two minutes each, in a lab of its own.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/trials.json"), show_default=True)
def table(folder: Path, net: str, balancer: str, only: tuple[str, ...], runs: bool, out: Path) -> None:
    """Try every fault at every target, in a lab of its own, and print what came of it: target x fault -> outcome, time, lost.

    Exit code 1 if a promise was not kept: a plan ends, in our words, and a run loses nothing.
    """
    from migrator.lab.demo.command_line import Unexpected
    from migrator.lab.ground.layout import Scenario
    from migrator.lab.process import NotReady
    from migrator.lab.trials import carry_out, trial, view
    from migrator.lab.world import doors
    from migrator.lab.world.lifecycle import AlreadyUp

    every = [each for target in TARGETS for each in trial.trials(target, balancer)]
    wanted = [each for each in every if not only or each.name.startswith(only)]
    if not wanted:
        raise click.UsageError(f"--only: there are {', '.join(each.name for each in every)}")
    console = console_of(piped=120)
    scenario = Scenario(net=net, balancer=balancer, parts=carry_out.PARTS)
    try:
        rows = carry_out.table(scenario, folder, wanted, runs, lambda text: console.print(text, highlight=False))
    except (NotReady, AlreadyUp, Unexpected, doors.Refused) as error:
        raise click.ClickException(str(error)) from error
    write(out, [row.as_json() for row in rows])
    view.show(rows, console)
    raise SystemExit(1 if any(row.problems() for row in rows) else 0)


def _asked(folder: Path, view: View, method: str, body: dict[str, Any] | None = None, target: str = "") -> None:
    from migrator.lab.world import doors

    try:
        view.lab_faults(doors.ask(_layout(folder), method, body, target))
    except doors.Refused as error:
        raise click.ClickException(str(error)) from error


def _layout(folder: Path) -> Layout:
    """Where the running lab of a folder is."""
    from migrator.lab.ground.layout import Layout
    from migrator.lab.world import lifecycle

    record = lifecycle.status(folder)
    if record is None:
        raise click.ClickException(f"there is no lab in {folder}; `migrator lab up` starts one")
    return Layout(record.net)
