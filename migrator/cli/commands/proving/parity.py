"""`parity`: two gateways' configurations beside each other, live or saved. Changes nothing, and needs no run."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrator.cli.options import output

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from migrator.adapters.gateways.comparison.comparing import Dump
    from migrator.cli.views.view import View
    from migrator.domain.model.spec import ClusterSpec, Spec


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--plan", metavar="FILE", help="A plan file: its cluster, admin port, port map, and what it allows.")
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="OLD:NEW",
    help="A listening port of OLD, and what it is on NEW; repeatable.",
)
@click.option("--context", help="The kubeconfig's context [default: the current one].")
@click.option("--kubeconfig", type=click.Path(), help="The kubeconfig [default: the usual places].")
@click.option("--admin-port", type=click.IntRange(1, 65535), help="Envoy's admin port [default: the plan's, or 15000].")
@output
def parity(
    old: str,
    new: str,
    plan: str | None,
    ports: tuple[str, ...],
    context: str | None,
    kubeconfig: str | None,
    admin_port: int | None,
    view: View,
) -> None:
    """Compare the configurations of two gateways as a run does. Exit code 2 when they differ.

    OLD and NEW are each a pod (NAMESPACE/NAME) or a file with what Envoy answers to `/config_dump?include_eds`. Without
    --plan or --port the listeners themselves say which port of OLD is which of NEW.
    """
    from migrator.adapters.planfile.read import read_file
    from migrator.app.inspect.parity import beside
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.model.spec import ClusterSpec

    be_quiet()
    spec = read_file(plan) if plan else None
    cluster = ClusterSpec("default", context, kubeconfig)
    if spec is not None and not (context or kubeconfig):
        cluster = spec.cluster
    port = admin_port or (spec.gateway.admin_port if spec else 15000)
    read = _reader(cluster, port)
    found = beside((old, new), read(old), read(new), _ports(ports, spec), spec.parity.allow if spec else ())
    view.beside(found)
    sys.exit(0 if found.alike else 2)


def _reader(cluster: ClusterSpec, admin_port: int) -> Callable[[str], Dump]:
    """Give what reads a gateway's configuration; the cluster is asked only for a pod."""
    from migrator.app.inspect.parity import Pods, saved

    pods = Pods(cluster, admin_port)

    def read(name: str) -> Dump:
        is_pod = re.fullmatch(r"[a-z0-9-]+/[a-z0-9.-]+", name) and not Path(name).is_file()
        return pods.dump(name) if is_pod else saved(name)

    return read


def _ports(given: tuple[str, ...], spec: Spec | None) -> Mapping[int, int] | None:
    """Give the port map that was said; None where nobody said one."""
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    found = {}
    for words in given:
        match = re.fullmatch(r"(\d{1,5}):(\d{1,5})", words)
        if match is None:
            raise UsageError(say("parity.no-port", given=words))
        found[int(match[1])] = int(match[2])
    if not given and spec is not None:
        return {mapped.old: mapped.new for mapped in spec.target.ports}
    return found or None
