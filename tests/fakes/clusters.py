"""Two clusters in memory behind the product's own router: the gateway's home and another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from migrator.adapters.clusters.reading import RoutedReader
from migrator.adapters.clusters.writing import RoutedWriter
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.spec import ClusterSpec, Spec
from migrator.domain.model.workload import Workload
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster
from tests.fakes.world import SPEC

THERE = "b"
APART: Spec = replace(
    SPEC, cluster=replace(SPEC.cluster, context="a"), second=ClusterSpec(SPEC.cluster.namespace, THERE)
)
"""A plan whose new side is in the cluster of context `b`."""


class WatchedCluster(FakeCluster):
    """A cluster of which pods may be watched: nothing is ever told of them."""

    watched: str = ""
    ended: bool = False

    def workload_as_watched(self, ref: ObjectRef) -> Workload:
        """Give what `workload` gives."""
        return self.workload(ref)

    def follow_pods(self, namespace: str, moved: Callable[[], None]) -> None:
        """Note which namespace it is, and tell of one change."""
        self.watched = namespace
        moved()

    def unfollow(self) -> None:
        """Note it."""
        self.ended = True


class TwoClusters:
    """Both clusters, with a reader and a writer of both."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.home, self.other = WatchedCluster(self.clock), WatchedCluster(self.clock)
        self.reader = RoutedReader(self.home, {THERE: self.other})
        self.writer = RoutedWriter(self.home, {THERE: self.other})
