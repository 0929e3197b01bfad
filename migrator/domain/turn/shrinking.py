"""Rule 2 for a patch after which a controller ends pods: fewer replicas, or nodes that a DaemonSet is kept off. Pure."""

from __future__ import annotations

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.manifests import dig
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sighting import Sighting, Workloads
from migrator.domain.sides.shrinking import ended_with
from migrator.domain.sides.turns.barring import bars
from migrator.domain.sides.turns.keeping_off import kept_off


def ends_nobody_with_weight(action: PatchObject, seen: Sighting) -> list[Message]:
    """Give the rows with weight whose pods would end with this patch."""
    pods = [pod.ref for pod in _ended_by(action, seen)]
    where = seen[Hosts].addresses(pods) if Hosts in seen else frozenset(pod.ip for pod in pods)
    return [
        say("rule.deletes-weight", object=str(action.ref), side=row.side)
        for row in (seen[Pools].rows if pods else ())
        if row.weight and row.side is not None and row.backend.address in where
    ]


def _ended_by(action: PatchObject, seen: Sighting) -> tuple[Pod, ...]:
    replicas, off = dig(action.patch, "spec", "replicas"), kept_off(action.patch)
    if Workloads in seen and action.ref.kind == "Node":
        barred = [seen[Workloads].of(side) for side in Side if bars(action.patch, seen[Workloads].of(side).ref)]
        return tuple(pod for workload in barred for pod in workload.live if pod.ref.node == action.ref.name)
    if Workloads not in seen or (not isinstance(replicas, int) and not off):
        return ()
    found = (workload for side in Side if (workload := seen[Workloads].of(side)).ref == action.ref)
    return tuple(pod for workload in found for pod in _of(workload, replicas, off))


def _of(workload: Workload, replicas: object, off: frozenset[str]) -> tuple[Pod, ...]:
    fewer = ended_with(workload, replicas) if isinstance(replicas, int) else ()
    return (*fewer, *(pod for pod in workload.live if pod.ref.node in off))
