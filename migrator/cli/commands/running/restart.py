"""`restart`: a rolling restart or a change of image of the DaemonSet, node by node, carried out in this process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from migrator.cli import completing
from migrator.cli.options import observed, shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("what", metavar="RUN|FILE", shell_complete=completing.runs)
@click.option(
    "--image", "images", multiple=True, metavar="NAME=IMAGE", help="A container's new image; can be repeated."
)
@click.option("--patch", metavar="FILE", help="A change of the pods' template, as for `kubectl patch`.")
@click.option(
    "--at-a-time", "at_once", type=click.IntRange(1), default=1, show_default=True, help="Nodes that are out at a time."
)
@click.option("--soak", metavar="DURATION", help="How long each is watched afterwards [default: the judge's window].")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@click.option("--detach", is_flag=True, help="Carry it out in a separate process; its log is beside the store.")
@observed
@shared
def restart(
    what: str,
    images: tuple[str, ...],
    patch: str | None,
    at_once: int,
    soak: str | None,
    yes: bool,
    detach: bool,
    view: View,
    store: str | None,
) -> None:
    """Restart the DaemonSet of RUN, a completed run, or of a plan FILE: as it is, or with another image or
    another template.

    Node by node: weight 0, told to drain, drained, its pod ended, the new one proved, the weight back, watched. When the new
    revision is worse, the former one comes back in the same way. `status`, `pause`, `resume`, `rollback` and `report` work
    as for any run.

    Exit codes: 0 completed, 1 error or you answered no, 2 refused, 3 left while running, paused or waiting, 4 turned back,
    5 left while halted.
    """
    from pathlib import Path

    from migrator.app.run.restarting import Asked, patch_of, proposed, spec_of
    from migrator.app.wiring import open_store, wire
    from migrator.cli import carrying
    from migrator.cli.asking import agree
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.messages.message import say
    from migrator.wording import render

    be_quiet()
    asked = Asked(_images(images), at_once, _seconds(soak), patch_of(patch) if patch else None)
    with open_store(store) as memory:
        spec = spec_of(memory, what, what == "-" or Path(what).is_file())
        wired = wire(spec, memory)
        plan = proposed(memory, spec, wired.readers, asked)
        if not yes:
            view.restart(plan)
            agree(render(say("shown.restart-now")))
        created = memory.create_run(plan)
        if detach:
            sys.exit(carrying.detach(memory, created, view))
        sys.exit(carrying.carry_out(memory, created, plan, wired, view))


def _images(given: tuple[str, ...]) -> dict[str, str]:
    """Give the images by container. UsageError for one that names none."""
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    found = {}
    for each in given:
        name, _, image = each.partition("=")
        if not name or not image:
            raise UsageError(say("restart.image", given=each))
        found[name] = image
    return found


def _seconds(given: str | None) -> float | None:
    """Give a duration in seconds. UsageError for what is none."""
    from migrator.domain.messages.durations import seconds_of
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    if given is None:
        return None
    try:
        return seconds_of(given)
    except ValueError as error:
        raise UsageError(say("restart.soak", given=given)) from error
