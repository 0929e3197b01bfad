"""A look at both workloads: by lists that stand while a watch tells of no change, or afresh. It changes nothing."""

from __future__ import annotations

from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import Workloads
from migrator.domain.ports.outside import ClusterReader
from migrator.domain.ports.watching import WatchesPods


def workloads(cluster: ClusterReader, spec: Spec, *, afresh: bool = False) -> Workloads:
    """Give both. `afresh`: what is listed now, whatever the watch has told."""
    look = cluster.workload
    if isinstance(cluster, WatchesPods) and not afresh:
        look = cluster.workload_as_watched
    return Workloads(look(source_ref(spec)), look(target_ref(spec)))
