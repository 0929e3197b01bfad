"""Options of the lab's commands that join a control plane which is not the lab's: they show whose it is, and ask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from migrator.lab.world.strangers import Met


def joining(command: Any) -> Any:
    """Give a command the options with which it joins somebody else's control plane."""
    for option in reversed(
        (
            click.option(
                "--kubeconfig",
                type=click.Path(path_type=Path, exists=True, dir_okay=False),
                help="Use this control plane (Kubernetes 1.28 or newer) instead of the lab's own API server: its current "
                "context is shown and asked for. The lab's nodes are processes of this machine, and tainted; `lab down` "
                "takes away all that the lab made.",
            ),
            click.option(
                "--join-foreign",
                metavar="CONTEXT",
                help="Join although that control plane has nodes of its own; CONTEXT must be its kubeconfig's current context.",
            ),
            click.option("--yes", is_flag=True, help="Do not ask before --kubeconfig's control plane is changed."),
        )
    ):
        command = option(command)
    return command


def joined(path: Path | None, join_foreign: str | None, yes: bool) -> Path | None:
    """Return the kubeconfig to join with, once somebody agreed; ends the command where it is refused."""
    if path is None:
        return None
    from migrator.cli.asking import agrees
    from migrator.lab.process import NotReady
    from migrator.lab.world import strangers

    path = path.resolve()
    try:
        met = strangers.meet(path)
    except NotReady as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"context {met.context!r}: {met.server}, Kubernetes {met.version}, {_nodes(met)}", err=True)
    if met.foreign and join_foreign != met.context:
        text = (
            f"it has nodes that are not a lab's ({_named(met)}); a lab does not join it without --join-foreign CONTEXT"
        )
        raise click.ClickException(text)
    question = "Make a lab there: namespaces istio-gateways and app, Istio's definitions where there are none, nodes?"
    if not yes and not agrees(question):
        raise click.ClickException("nothing was changed")
    return path


def _nodes(met: Met) -> str:
    return f"{len(met.foreign)} nodes of its own" if met.foreign else "no nodes of its own"


def _named(met: Met) -> str:
    return ", ".join(met.foreign[:3]) + (f" and {len(met.foreign) - 3} more" if len(met.foreign) > 3 else "")
