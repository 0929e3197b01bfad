"""`migrator lab`: the built-in world on one machine. It is imported only when one of its commands runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrator.cli.commands.joining import joined, joining
from migrator.cli.commands.lab_endings import endings
from migrator.cli.commands.lab_faults import fault
from migrator.cli.commands.lab_showing import console_of, write
from migrator.cli.commands.lab_ways import clusters as clusters_option
from migrator.cli.commands.lab_ways import require_strikes, way, way_with
from migrator.cli.guided import Guided
from migrator.cli.options import output
from migrator.lab.ground.layout import BALANCERS, DEMONSTRATED, DOORS, WAYS

if TYPE_CHECKING:
    from migrator.cli.views.view import View
    from migrator.lab.ground.layout import Scenario

FAULTS = ("errors", "latency", "crash", "stale-config", "not-found", "stranger", "old-restart", "drift")
_PARTS = "api,app,balancer,controllers,istiod,node,prometheus,faults,load"

_gateway_port = click.option(
    "--gateway-port",
    type=click.IntRange(1, 65535),
    default=80,
    show_default=True,
    help="The Istio Gateway's port; 8080 is also the old pods' own.",
)
_folder = click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("build/lab"), show_default=True)


def _eventful(command: Any) -> Any:
    """Give a command the options of those that let events happen."""
    for option in reversed(
        (
            click.option(
                "--net", default="auto", show_default=True, help="Loopback prefix 127.N, or auto for a free one."
            ),
            click.option("--balancer", type=click.Choice(BALANCERS), default="tencent", show_default=True),
            click.option("--seed", default=1, show_default=True, help="Decides which events happen, and when."),
            click.option("--only", multiple=True, help="Take these events alone, by name; repeat it for several."),
        )
    ):
        command = option(command)
    return command


@click.group(cls=Guided)
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
@joining
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
@_gateway_port
@way(*WAYS)
@clusters_option
@click.option("--foreground", is_flag=True, help="Stay until Ctrl-C.")
def up(
    folder: Path,
    view: View,
    foreground: bool,
    clusters: int,
    parts: str,
    kubeconfig: Path | None,
    join_foreign: str | None,
    yes: bool,
    **options: Any,
) -> None:
    """Start a lab and say where everything is."""
    from migrator.lab.process import NotReady
    from migrator.lab.world import lifecycle

    options["way"] = way_with(options["way"], clusters)
    scenario = _scenario(parts, **options, kubeconfig=joined(kubeconfig, join_foreign, yes))
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
    from migrator.lab.process import NotReady
    from migrator.lab.world import lifecycle

    try:
        view.lab_ended(folder, lifecycle.down(folder))
    except NotReady as error:
        raise click.ClickException(str(error)) from error


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
@click.option(
    "--fault",
    type=click.Choice(FAULTS),
    help="Make two of the new gateways bad at 50 % (not-found: all of them), restart the old ones (old-restart), "
    "reconfigure the new ones alone (drift), or let somebody else answer on their ports (stranger; tencent-l7).",
)
@_gateway_port
@way(*DEMONSTRATED)
@joining
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/demo.json"), show_default=True)
def demo(
    folder: Path,
    fault: str | None,
    kubeconfig: Path | None,
    join_foreign: str | None,
    yes: bool,
    out: Path,
    **options: Any,
) -> None:
    """Migrate a lab's gateway under load and account for every request.

    Exit code 1 if a promise was not kept, 3 if the run waits for a person: it is left after a minute.
    """
    from migrator.lab.demo import demonstration, view
    from migrator.lab.demo.command_line import Unexpected
    from migrator.lab.ground.layout import Scenario
    from migrator.lab.process import NotReady
    from migrator.lab.world.lifecycle import AlreadyUp

    require_strikes(fault, options["way"])
    console = console_of(piped=110)
    strangers = joined(kubeconfig, join_foreign, yes)
    try:
        scenario = Scenario(**options, parts=demonstration.PARTS, strangers=strangers)
        account = demonstration.demonstrate(scenario, folder, fault, lambda text: console.print(text, highlight=False))
    except (NotReady, AlreadyUp, Unexpected) as error:
        raise click.ClickException(str(error)) from error
    write(out, account.as_json())
    view.show(account, console)
    raise SystemExit(1 if account.problems() else 3 if account.held else 0)


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
    console = console_of(piped=120)
    results = compare.compare(net, folder, only, lambda text: console.print(text, highlight=False))
    write(out, compare.as_json(results))
    view.show(results, console)
    raise SystemExit(0 if all(result.as_expected for result in results) else 1)


@lab.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("build/soak"), show_default=True)
@click.option(
    "--rounds", type=click.IntRange(1, 100), default=10, show_default=True, help="Whole runs, there and back."
)
@click.option("--least", type=click.IntRange(1), default=100_000, show_default=True, help="Requests in each round.")
@_eventful
def soak(folder: Path, only: tuple[str, ...], **order: Any) -> None:
    """Migrate there and back under load while pods end and the outside fails. Goes on where it was cut off.

    Exit code 1 if a promise was not kept. The table is in soak.json below --dir; remove that folder to begin anew.
    """
    from migrator.lab.soak.soak import soak

    _told(soak, folder, only, order)


@lab.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("build/stories"), show_default=True)
@click.option("--most", "rounds", type=click.IntRange(1, 100), default=60, show_default=True, help="The most stories.")
@click.option("--least", type=click.IntRange(1), default=5_000, show_default=True, help="Requests in each story.")
@click.option("--baseline", is_flag=True, help="Without migrator: what each event costs behind a cloud controller.")
@_eventful
def stories(folder: Path, only: tuple[str, ...], baseline: bool, **order: Any) -> None:
    """Let each event happen once going on, once paused, once on the way back. Goes on where it was cut off.

    Exit code 1 if a promise was not kept. The table is in stories.json below --dir; remove that folder to begin anew.
    """
    from migrator.lab.soak.baseline import baseline as alone
    from migrator.lab.soak.stories import stories

    _told(alone if baseline else stories, folder, only, order)


lab.add_command(fault)
lab.add_command(endings)


def _told(command: Any, folder: Path, only: tuple[str, ...], order: dict[str, Any]) -> None:
    """Do the rounds, show them, and end with whether every promise was kept."""
    from migrator.lab.soak import view
    from migrator.lab.soak.events import EVENTS
    from migrator.lab.soak.ground import Order

    if unknown := sorted(set(only) - set(EVENTS)):
        raise click.UsageError(f"no event is named {', '.join(unknown)}; there are: {'; '.join(EVENTS)}")
    console = console_of(piped=140)
    wanted = Order(**order, events=only or tuple(EVENTS))
    done = command(wanted, folder, lambda text: console.print(text, highlight=False, markup=False))
    view.show(done, console)
    raise SystemExit(1 if any(row.problems() for row in done) else 0)


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
            gateway_port=options["gateway_port"],
            way=options["way"],
            parts=_named(parts, options["kubeconfig"]),
            strangers=options["kubeconfig"],
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _named(parts: str, strangers: Path | None) -> tuple[str, ...]:
    """Return the parts by name; there are no doors before a control plane of strangers, whose calls are not ours to fail."""
    named = (part.strip() for part in parts.split(","))
    return tuple(part for part in named if part and not (strangers and part == DOORS))
