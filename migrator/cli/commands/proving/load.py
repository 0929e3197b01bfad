"""`load`: requests of our own through the balancer, each counted. It changes nothing, and asks before it begins."""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrator.cli.options import output

if TYPE_CHECKING:
    from migrator.cli.views.view import View
    from migrator.domain.model.spec import Spec

SHOWS = 5.0


@click.command()
@click.argument("file", type=click.Path())
@click.option("--rate", type=click.FloatRange(0.1, 500), default=20.0, show_default=True, help="Requests a second.")
@click.option(
    "--for",
    "seconds",
    type=click.FloatRange(1, 6 * 3600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long; it ends by itself.",
)
@click.option("--listener", metavar="ID|PORT", help="Which of the plan's listeners [default: the first].")
@click.option("--path", metavar="PATH", help="What is asked for [default: the plan's gateway.probePath].")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Keep the ledger: a line for each request.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@output
def load(
    file: str, view: View, yes: bool, out: Path | None, listener: str | None, path: str | None, **b: float
) -> None:
    """Send requests to the balancer of the plan FILE as its clients do, and count every one of them.

    FILE is a plan file, or a plan that `migrator plan -o` saved. Half of the requests come over new connections, half over
    kept ones; none is sent a second time. It stops by itself. Beside a run it says whether *your* switch has lost a request:
    by side where a gateway names itself (`gateway.nameHeader`).

    Exit code 1 when a request was lost, or answered by a 5xx, and when none was sent.
    """
    from migrator.app.load.account import account, names
    from migrator.app.load.aim import Bounds, aimed
    from migrator.app.wiring import who, wire
    from migrator.cli.asking import agree
    from migrator.cli.diagnostics import be_quiet
    from migrator.cli.loading import agent, loading
    from migrator.domain.messages.message import say
    from migrator.wording import render

    be_quiet()
    bounds, spec = Bounds(b["rate"], b["seconds"]), _spec(file)
    readers = wire(spec).readers
    aim = aimed(spec, readers.balancer, listener, path)
    view.aimed(aim, bounds)
    if not yes:
        agree(render(say("load.ask")))
    known = names(spec, readers.cluster)
    with tempfile.TemporaryDirectory() as folder, loading(aim, bounds, agent(who()), out or Path(folder)) as running:
        with suppress(KeyboardInterrupt):  # what was counted by then is told all the same
            running.until_over(lambda: None)
        summary = running.end()
    found = account(summary, known | names(spec, readers.cluster))
    view.load(found)
    sys.exit(0 if found.clean else 1)


def _spec(file: str) -> Spec:
    from migrator.app.plan.planfiles import read_either
    from migrator.domain.model.spec import Spec

    found = read_either(file)
    return found if isinstance(found, Spec) else found.spec
