"""Two clusters behind the ports of one: each object is read and written in its own. It decides nothing.

Importing this package is cheap; the client is loaded by `connect`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.adapters.cluster import Cluster, connect
from migrator.adapters.cluster.connection import Connection
from migrator.adapters.clusters.leasing import Leases
from migrator.adapters.clusters.reading import RoutedReader
from migrator.adapters.clusters.writing import RoutedPorts, RoutedWriter
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import home_side, place
from migrator.domain.model.spec import Spec

__all__ = ["Clusters", "connected", "connections_of"]


@dataclass(frozen=True, slots=True)
class Clusters:
    """The ports of two clusters, as one cluster's."""

    reader: RoutedReader
    writer: RoutedWriter
    lease: Leases
    ports: RoutedPorts
    connections: Mapping[str, Connection]


def connections_of(cluster: Cluster | Clusters) -> Mapping[str, Connection]:
    """Give the connection to each cluster by the name that references have for it, "" for the gateway's home."""
    return cluster.connections if isinstance(cluster, Clusters) else {"": cluster.connection}


def connected(spec: Spec, lease: str) -> Cluster | Clusters:
    """Give the ports of a plan's cluster, or of both. Nothing is asked yet. UsageError: no such kubeconfig or context.

    `lease` names the Lease in each side's namespace.
    """
    home = connect(place(spec, home_side(spec)).cluster, lease)
    if spec.second is None:
        return home
    away = next(place(spec, side) for side in Side if side is not home_side(spec))
    return _both(home, away.at, connect(away.cluster, lease))


def _both(home: Cluster, name: str, other: Cluster) -> Clusters:
    return Clusters(
        RoutedReader(home.reader, {name: other.reader}),
        RoutedWriter(home.writer, {name: other.writer}),
        Leases([each.lease for each in in_order(home, other)], home.lease),
        RoutedPorts(home.ports, {name: other.ports}),
        {"": home.connection, name: other.connection},
    )


def in_order(*clusters: Cluster) -> list[Cluster]:
    """Give the clusters in the order in which their Leases are taken: the same for whoever moves between them, either way."""
    return sorted(clusters, key=lambda each: each.connection.configuration.host)
