"""`follow`: stay in the foreground and look after nodes, of a completed run or of plan files, until told to leave."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from migrator.cli import completing
from migrator.cli.options import IMAGE, observed, shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View
    from migrator.domain.model.runs import Run
    from migrator.store import Store


@click.command()
@click.argument("what", metavar="[RUN | FILE...]", nargs=-1, shell_complete=completing.runs)
@click.option(
    "--end", is_flag=True, help="Stop looking after the nodes for good: end the run that an earlier `follow` began."
)
@click.option(
    "--print-manifests",
    is_flag=True,
    help="Print what `kubectl apply -f -` needs to have it in the cluster; needs FILEs.",
)
@click.option("--image", default=IMAGE, show_default=True, help="The image of --print-manifests.")
@click.option(
    "--role", default="", metavar="ROLE", help="The cloud's role of --print-manifests, for its workload identity."
)
@click.option("--namespace", metavar="NAME", help="The namespace of --print-manifests [default: of the first gateway].")
@observed
@shared
def follow(
    what: tuple[str, ...],
    end: bool,
    print_manifests: bool,
    image: str,
    role: str,
    namespace: str | None,
    view: View,
    store: str | None,
) -> None:
    """Look after the nodes of RUN, a completed run whose plan says `after: migrator`. Without RUN: of the newest such run.

    With plan FILEs: look after the gateways that stand as they name them, each in a run of its own, all in this process.
    What stands is taken over as it is. A gateway that another process looks after is waited for. With --metrics the
    process answers /healthz and /readyz, too.

    A new node is registered with weight 0; once it is proved ready, it gets the weight of the other nodes. A node that
    leaves gets weight 0, is drained and is removed. The command ends when it is told to (Ctrl-C, SIGTERM); started
    again, it goes on where it was.

    Exit codes: 0 told to leave, 1 error, 2 refused, 5 left while halted.
    """
    from migrator.app.run.execution import require_startable
    from migrator.app.run.following import begin, chosen, follower_of, require_only_one, stands
    from migrator.app.wiring import open_store, wire
    from migrator.cli import carrying
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    _require_printing(print_manifests)
    if print_manifests:
        return _print(_files(what), (namespace, image, role), view)
    if files := _files(what):
        from migrator.cli.commands.running import several

        specs = several.specs_of(files)
        return several.end_files(specs, view, store) if end else several.follow_files(specs, view, store)
    with open_store(store) as memory:
        followed = chosen(memory, what[0] if what else None)
        follower = follower_of(memory, followed)
        if end:
            return _end(memory, followed, follower, view)
        wired = wire(stands(memory, followed), memory)
        if follower is None:
            follower, plan = begin(memory, followed, wired.readers)
        else:
            plan = memory.plan(follower.plan_id)
            require_startable(follower, memory)
            require_only_one(memory, follower, plan)
        sys.exit(carrying.carry_out(memory, follower, plan, wired, view))


def _require_printing(printing: bool) -> None:
    """Raise UsageError for an option of the manifests where none are printed: it would mean nothing."""
    from click.core import ParameterSource

    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    ctx = click.get_current_context()
    given = [
        name for name in ("image", "role", "namespace") if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
    ]
    if given and not printing:
        raise UsageError(say("follow.only-printed", options=tuple(f"--{name}" for name in given)))


def _files(what: tuple[str, ...]) -> tuple[str, ...]:
    """Give the plan files that were named; none where a run was. UsageError for both, and for several runs."""
    from pathlib import Path

    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    files = tuple(name for name in what if name == "-" or Path(name).is_file())
    if len(what) > 1 and len(files) < len(what):
        raise UsageError(say("follow.one-run", given=next(name for name in what if name not in files)))
    return files


def _print(files: tuple[str, ...], wanted: tuple[str | None, str, str], view: View) -> None:
    """Show the manifests of a follower of these plan files. UsageError without one."""
    from migrator.app.run.installing import followed
    from migrator.cli.commands.running.several import require_distinct
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say
    from migrator.domain.model.refs import target_ref
    from migrator.domain.planning.following.installation import Wanted, installation, namespace_labels

    if not files:
        raise UsageError(say("follow.no-file"))
    gateways, (namespace, image, role) = followed(files), wanted
    require_distinct([each.spec for each in gateways])
    objects = installation(gateways, Wanted(namespace or target_ref(gateways[0].spec).namespace, image, role))
    view.installation(objects, namespace_labels(gateways))


def _end(memory: Store, followed: Run, follower: Run | None, view: View) -> None:
    """End the run that looks after nodes, and say so. UsageError when there is none."""
    from migrator.app.run.following import end
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    if follower is None:
        raise UsageError(say("follow.not-begun", run=followed.id))
    view.ended(end(memory, follower))
