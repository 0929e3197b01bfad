"""What a reader of the cluster may say besides: that it reads two of them. It raises as `outside.py` says.

A reader of one cluster lacks it, and is asked as it is: nobody else needs to know how many there are.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from migrator.domain.ports.outside import ClusterReader


@runtime_checkable
class TwoClusters(Protocol):
    """A ClusterReader that asks an object's own cluster for it, and the gateway's home for all that names no object."""

    def of(self, cluster: str) -> ClusterReader:
        """Give the reader of one cluster; "" is the gateway's home. What it reads says of which cluster it is."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Give the clusters' names, the home's first."""
        ...


def reader_of(cluster: ClusterReader, name: str) -> ClusterReader:
    """Give who reads the cluster of this name; a reader of one cluster reads it."""
    return cluster.of(name) if isinstance(cluster, TwoClusters) else cluster


def each_of(cluster: ClusterReader) -> tuple[ClusterReader, ...]:
    """Give a reader for each cluster, the home's first."""
    return tuple(map(cluster.of, cluster.names)) if isinstance(cluster, TwoClusters) else (cluster,)
