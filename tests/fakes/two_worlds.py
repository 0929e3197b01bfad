"""A whole world with two clusters: the old gateways in the first, the new ones in the other, behind the product's router."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from migrator.adapters.clusters.leasing import Leases
from migrator.adapters.clusters.reading import RoutedReader
from migrator.adapters.clusters.writing import RoutedWriter
from migrator.app.wiring import Wired
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.manifests import Json, Manifest, ObjectRef
from migrator.domain.model.refs import home_side, place, source_ref, target_ref
from migrator.domain.model.spec import ClusterSpec, Spec
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import Beyond
from migrator.domain.observation.world import World as Look
from migrator.domain.ports.clusters import reader_of
from migrator.domain.ports.outside import Readers, Writers
from tests.fakes.clusters import APART, THERE, WatchedCluster
from tests.fakes.world import SERVICE, FakeWorld, QuickCluster, quick

KINDS = {"Pod": "v1", "Node": "v1", "Namespace": "v1", "Service": "v1", "DaemonSet": "apps/v1"}


def two(spec: Spec | None = None) -> Spec:
    """Give a quick spec whose new side is in the cluster of context `b`, with a kubeconfig for both."""
    made = spec or quick()
    here = replace(made.cluster, context="a", kubeconfig="/plan/config")
    return replace(made, cluster=here, second=ClusterSpec(here.namespace, THERE, here.kubeconfig))


class Silence:
    """A cluster that answers nobody, whatever it is asked."""

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        def unanswered(*_args: object, **_named: object) -> NoReturn:
            raise Unreachable(verbatim(f"cluster {THERE} did not answer {name}"))

        return unanswered


class Quick(WatchedCluster, QuickCluster):
    """The quick cluster, as one that may be watched."""

    def workload_as_watched(self, ref: ObjectRef) -> Workload:
        """Give what `workload` gives."""
        return self.workload(ref)


class TwoWorlds(FakeWorld):
    """Nobody comes to the old gateways through a Service; nodes of the other cluster have addresses of their own."""

    made_of = Quick
    silent = False

    def __init__(self) -> None:
        super().__init__()
        self.cluster.lose(SERVICE)
        self.other = Quick(self.clock)
        self.other._made = 5000  # no uid is given twice, as in clusters that never heard of each other
        for index in range(3):
            self.other.add_node(f"far-{index}", f"10.2.0.{index + 1}", role="gateway")

    @property
    def _there(self) -> Any:
        return Silence() if self.silent else self.other

    @property
    def readers(self) -> Readers:
        """Give the read ports of both clusters."""
        routed = RoutedReader(self.cluster, {THERE: self._there})  # type: ignore[arg-type] # the fake names itself
        return replace(super().readers, cluster=routed)

    @property
    def writers(self) -> Writers:
        """Give the write ports of both."""
        return replace(super().writers, cluster=RoutedWriter(self.cluster, {THERE: self._there}))

    @property
    def wired(self) -> Wired:
        """Give all ports, with both Leases as one."""
        return Wired(self.readers, self.writers, Leases([self.cluster, self._there]))

    def look(self, spec: Spec = APART, recorded: tuple[Weighted, ...] = ()) -> Look:
        """Look at both: what is listed is the old side's cluster, and the new side's beyond it."""
        found, reader = super().look(spec, recorded), self.readers.cluster
        old, new = (reader_of(reader, place(spec, side).at) for side in Side)
        here, there = (
            tuple((kind, tuple[Json, ...](each.list_objects(api, kind))) for kind, api in KINDS.items())
            for each in (old, new)
        )
        return replace(
            found,
            source=reader.get(source_ref(spec)),
            old=reader.workload(source_ref(spec)),
            new=reader.workload(target_ref(spec)),
            nodes=new.nodes(spec.target.node_selector),
            objects=found.objects if home_side(spec) is Side.OLD else here,
            beyond=Beyond(there),
        )

    def _every_pod(self) -> list[tuple[ObjectRef, Manifest]]:
        both = (*self.cluster.objects.items(), *self.other.objects.items())
        return [(ref, thing) for ref, thing in both if ref.kind == "Pod"]
