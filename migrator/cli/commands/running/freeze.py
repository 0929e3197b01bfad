"""`freeze` and `unfreeze`: let nothing go forward for now, in a namespace or in all runs of a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrator.cli.options import clustered, shared

if TYPE_CHECKING:
    from migrator.adapters.cluster import Cluster
    from migrator.cli.views.view import View

_namespace = click.option(
    "--namespace", metavar="NAME", help="This namespace of the cluster [default: all runs of this store]."
)


@click.command()
@_namespace
@click.option("--reason", default="", help="Why; status shows it.")
@clustered
@shared
def freeze(
    namespace: str | None, reason: str, context: str | None, kubeconfig: str | None, view: View, store: str | None
) -> None:
    """Let nothing go forward until `unfreeze`. Runs stay where they are and are guarded; a rollback goes on at once.

    With --namespace a ConfigMap freezes every run of that namespace, whoever carries it out. Without it a file beside the
    store freezes the runs of this store, and no cluster is needed.
    """
    from migrator.app.run.freezing import freeze_file, freeze_namespace

    if namespace is None:
        return view.frozen(freeze_file(_file(store), reason))
    cluster = _cluster(namespace, context, kubeconfig)
    view.frozen(freeze_namespace(cluster.reader, cluster.writer, namespace, reason))


@click.command()
@_namespace
@clustered
@shared
def unfreeze(namespace: str | None, context: str | None, kubeconfig: str | None, view: View, store: str | None) -> None:
    """Take a freeze back: runs go on by themselves."""
    from migrator.app.run.freezing import unfreeze_file, unfreeze_namespace

    if namespace is None:
        return view.frozen(unfreeze_file(_file(store)))
    cluster = _cluster(namespace, context, kubeconfig)
    view.frozen(unfreeze_namespace(cluster.reader, cluster.writer, namespace))


def _file(store: str | None) -> Path:
    from migrator.app.wiring import store_path
    from migrator.domain.model.freeze import FILE
    from migrator.store.file.location import file_of

    return file_of(store_path(store)).parent / FILE


def _cluster(namespace: str, context: str | None, kubeconfig: str | None) -> Cluster:
    from migrator.adapters.cluster import connect
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.model.spec import ClusterSpec

    be_quiet()
    return connect(ClusterSpec(namespace, context, kubeconfig))
