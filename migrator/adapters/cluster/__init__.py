"""Kubernetes, through the official client: reading, writing, the Lease and the way into pods. It decides nothing.

Importing this package is cheap; the client is loaded by `connect`.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.adapters.cluster.connection import ANSWER_SECONDS, Connection
from migrator.adapters.cluster.lease import KubeLease
from migrator.adapters.cluster.reader import KubeReader
from migrator.adapters.cluster.resources import Resources
from migrator.adapters.cluster.tunnel import PodPorts
from migrator.adapters.cluster.writer import KubeWriter
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.ports.outside import ClusterLease, ClusterWriter

__all__ = ["Cluster", "PodPorts", "connect"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster's ports, all over the same connection; a dry run takes only the reader and the way into pods."""

    reader: KubeReader
    writer: ClusterWriter
    lease: ClusterLease
    ports: PodPorts
    connection: Connection

    def close(self) -> None:
        """Close the kept connections to the API server; what is still forwarded ends with its stream."""
        self.connection.close()


def connect(spec: ClusterSpec, lease: str = "migrator", seconds: float = ANSWER_SECONDS) -> Cluster:
    """Give the ports of the cluster that `spec` names. Nothing is asked yet; `reader.version()` proves that it is there.

    `lease` names the Lease in the spec's namespace; runs for different gateways take different names; a call may take
    `seconds`. UsageError when there is no such kubeconfig or context.
    """
    connection = Connection(spec, seconds)
    resources = Resources(connection)
    return Cluster(
        reader=KubeReader(connection, resources),
        writer=KubeWriter(connection, resources),
        lease=KubeLease(connection, spec.namespace, lease, context=spec.context or ""),
        ports=PodPorts(connection),
        connection=connection,
    )
