"""`migrator lab`: the built-in world on one machine. It is imported only when one of its commands runs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrator.cli.options import output
from migrator.lab.ground.layout import BALANCERS

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.cli.views.view import View
    from migrator.lab.ground.layout import Scenario

FAULTS = ("errors", "latency", "crash", "stale-config")
_PARTS = "api,app,balancer,controllers,istiod,node,prometheus,load"

_folder = click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("build/lab"), show_default=True)


@click.group()
def lab() -> None:
    """A whole world on this machine: cluster, nodes, gateways, balancer, app, load. Nothing leaves loopback."""


@lab.command()
@_folder
@output
@click.option("--net", default="127.77", show_default=True, help="Loopback prefix 127.N, or auto for a free one.")
@click.option("--nodes", default=5, show_default=True)
@click.option("--replicas", default=3, show_default=True, help="Pods of the old gateway.")
@click.option(
    "--parts", default=_PARTS, show_default=True, help="What to start; Prometheus only where it is installed."
)
@click.option("--kubeconfig", type=click.Path(path_type=Path, exists=True), help="Join somebody else's API server.")
@click.option(
    "--delay",
    default="5ms",
    show_default=True,
    help="Network delay between clients and the VIP, one way (HAProxy: none).",
)
@click.option(
    "--propagation",
    default="500ms",
    show_default=True,
    help="How long the balancer takes to apply a new weight (HAProxy: at once).",
)
@click.option("--balancer", type=click.Choice(BALANCERS), default="tencent", show_default=True)
@click.option("--foreground", is_flag=True, help="Stay until Ctrl-C.")
def up(folder: Path, view: View, foreground: bool, parts: str, **options: Any) -> None:
    """Start a lab and say where everything is."""
    from migrator.lab.process import NotReady
    from migrator.lab.world import lifecycle

    scenario = _scenario(parts, **options)
    try:
        if foreground:
            with lifecycle.running(scenario, folder) as record:
                view.lab(record)
                lifecycle.stay(folder)
        else:
            view.lab(lifecycle.up(scenario, folder))
    except (lifecycle.AlreadyUp, NotReady) as error:
        raise click.ClickException(str(error)) from error


@lab.command()
@_folder
@output
def down(folder: Path, view: View) -> None:
    """Stop the lab and everything it started, also when its supervisor was killed."""
    from migrator.lab.world import lifecycle

    view.lab_ended(folder, lifecycle.down(folder))


@lab.command()
@_folder
@output
def status(folder: Path, view: View) -> None:
    """Say how the lab and its parts are; exit code 1 where no lab is up or a part has ended."""
    from migrator.lab.world import lifecycle
    from migrator.lab.world.view import phase

    record = lifecycle.status(folder)
    if record is None:
        raise click.ClickException(f"there is no lab in {folder}; `migrator lab up` starts one")
    view.lab(record)
    is_serving = phase(record) == "up" and all(part.state == "serving" for part in record.parts)
    raise SystemExit(0 if is_serving else 1)


@lab.command()
@_folder
@click.option("--net", default="127.77", show_default=True, help="Loopback prefix 127.N, or auto for a free one.")
@click.option("--balancer", type=click.Choice(BALANCERS), default="tencent", show_default=True)
@click.option("--fault", type=click.Choice(FAULTS), help="Make two of the new gateways bad at 50 %.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/demo.json"), show_default=True)
def demo(folder: Path, net: str, balancer: str, fault: str | None, out: Path) -> None:
    """Migrate a lab's gateway under load and account for every request. Exit code 1 if a promise was not kept."""
    from migrator.lab.demo import demonstration, view
    from migrator.lab.demo.command_line import Unexpected
    from migrator.lab.ground.layout import Scenario
    from migrator.lab.process import NotReady
    from migrator.lab.world.lifecycle import AlreadyUp

    console = _console(piped=110)
    try:
        scenario = Scenario(net=net, balancer=balancer, parts=demonstration.PARTS)
        account = demonstration.demonstrate(scenario, folder, fault, lambda text: console.print(text, highlight=False))
    except (NotReady, AlreadyUp, Unexpected) as error:
        raise click.ClickException(str(error)) from error
    _write(out, account.as_json())
    view.show(account, console)
    raise SystemExit(1 if account.problems() else 0)


@lab.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("build/compare"), show_default=True)
@click.option("--net", default="auto", show_default=True, help="Loopback prefix 127.N, or auto for a free one.")
@click.option("--only", help="Run one way alone, by the name of its folder below --dir.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/compare.json"), show_default=True)
def compare(folder: Path, net: str, only: str | None, out: Path) -> None:
    """Count what other ways lose under the same load. Exit code 1 if one is not as expected."""
    from migrator.lab.rivals import compare, view

    if only not in (None, *compare.NAMES):
        raise click.UsageError(f"--only {only}: the ways are {', '.join(compare.NAMES)}")
    console = _console(piped=120)
    results = compare.compare(net, folder, only, lambda text: console.print(text, highlight=False))
    _write(out, compare.as_json(results))
    view.show(results, console)
    raise SystemExit(0 if all(result.as_expected for result in results) else 1)


def _console(piped: int) -> Console:
    """Return the console of stdout: as wide as the terminal, or `piped` columns."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = piped
    return console


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


def _scenario(parts: str, **options: Any) -> Scenario:
    from migrator.lab.ground.layout import Scenario, seconds

    try:
        return Scenario(
            net=options["net"],
            nodes=options["nodes"],
            replicas=options["replicas"],
            delay=seconds(options["delay"]),
            propagation=seconds(options["propagation"]),
            balancer=options["balancer"],
            parts=tuple(part.strip() for part in parts.split(",") if part.strip()),
            strangers=options["kubeconfig"],
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
