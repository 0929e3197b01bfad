"""Two clusters behind the ports of one: each object is read and written in its own. It decides nothing.

Importing this package is cheap; the client is loaded by `connect`.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.adapters.cluster import Cluster, connect
from migrator.adapters.cluster.connection import ANSWER_SECONDS
from migrator.adapters.clusters.leasing import Leases
from migrator.adapters.clusters.reading import RoutedReader
from migrator.adapters.clusters.writing import RoutedPorts, RoutedWriter
from migrator.domain.model.spec import ClusterSpec

__all__ = ["Clusters", "connect_both"]


@dataclass(frozen=True, slots=True)
class Clusters:
    """The ports of two clusters, as one cluster's; `home` is the gateway's home alone."""

    reader: RoutedReader
    writer: RoutedWriter
    lease: Leases
    ports: RoutedPorts
    home: Cluster


def connect_both(
    home: ClusterSpec, name: str, other: ClusterSpec, lease: str, seconds: float = ANSWER_SECONDS
) -> Clusters:
    """Give the ports of the gateway's home and of the other cluster, which refs name so. Nothing is asked yet.

    UsageError when a kubeconfig or a context is not there.
    """
    first, second = connect(home, lease, seconds), connect(other, lease, seconds)
    return Clusters(
        RoutedReader(first.reader, {name: second.reader}),
        RoutedWriter(first.writer, {name: second.writer}),
        Leases(tuple(each.lease for each in in_order(first, second))),
        RoutedPorts(first.ports, {name: second.ports}),
        first,
    )


def in_order(*clusters: Cluster) -> list[Cluster]:
    """Give the clusters in the order in which their Leases are taken: the same for whoever moves between them, either way."""
    return sorted(clusters, key=lambda each: each.connection.configuration.host)
