"""In which of a plan's two clusters a pod is: it is set apart, and put back, in its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.isolating.looking import isolated
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.refs import contexts, place
from migrator.domain.planning.clusters.alone import alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.domain.model.spec import Spec
    from migrator.domain.ports.outside import ClusterReader


def placed(spec: Spec, pod: str, opened: Callable[[Spec], ClusterReader]) -> Spec:
    """Give the spec of the cluster that has the pod, asked from the new side's on; itself where the plan has one cluster.

    `opened` connects to the cluster of a spec. UsageError where neither has it; Unreachable or Refused by the one asked.
    """
    if (both := contexts(spec)) is None:
        return spec
    apart: list[str] = []
    for own in (alone(spec, side) for side in (Side.NEW, Side.OLD)):
        cluster = opened(own)
        if cluster.get(ObjectRef("v1", "Pod", own.cluster.namespace, pod)) is not None:
            return own
        apart += isolated(own, cluster)
    namespace = place(spec, Side.NEW).namespace
    raise UsageError(say("isolate.in-neither", pod=pod, namespace=namespace, contexts=both, isolated=tuple(apart)))
