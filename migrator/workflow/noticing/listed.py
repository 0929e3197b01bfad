"""A look at both workloads: by lists that stand while a watch tells of no change, or afresh. It changes nothing."""

from __future__ import annotations

from collections.abc import Collection

from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import Workloads
from migrator.domain.ports.outside import ClusterReader
from migrator.domain.ports.watching import WatchesPods
from migrator.domain.sides.revisions import parted


def workloads(cluster: ClusterReader, spec: Spec, former: Collection[str] = (), *, afresh: bool = False) -> Workloads:
    """Give both: two workloads, or, with `former`, the pods of these revisions of one and its others. `afresh`: what is
    listed now, whatever the watch has told.
    """
    look = cluster.workload
    if isinstance(cluster, WatchesPods) and not afresh:
        look = cluster.workload_as_watched
    if former:
        return parted(look(target_ref(spec)), former)
    return Workloads(look(source_ref(spec)), look(target_ref(spec)))
