"""ReplicaSets: keep as many active pods as asked for, and say how many there are. Knows nothing of rollouts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from migrator.lab.controllers.api.matching import has_labels
from migrator.lab.controllers.api.objects import (
    annotations_of,
    condition_of,
    created_at,
    is_active,
    is_available,
    is_deleting,
    is_finished,
    is_ready,
    labels_of,
    name_of,
    seconds_until_available,
    stamp,
    uid_of,
)
from migrator.lab.controllers.api.resources import PODS, REPLICA_SETS, Json
from migrator.lab.controllers.api.writes import Create, Delete, Sync, World, Write, merged, sooner, status_patch
from migrator.lab.controllers.workloads.claims import claim, pod_from

WATCHES = (REPLICA_SETS, PODS)
_BY = "replicaset-controller"
_COST = "controller.kubernetes.io/pod-deletion-cost"
_PHASE_RANK = {"Pending": 0, "Unknown": 1, "Running": 2}


def sync(world: World) -> Sync:
    """Decide for every ReplicaSet."""
    return merged(*(_sync_one(item, world) for item in world.all(REPLICA_SETS)))


def _sync_one(owner: Json, world: World) -> Sync:
    # Pods that ended are neither counted nor adopted: the garbage of a finished pod is not this controller's.
    claimed = claim(owner, PODS, (pod for pod in world.all(PODS) if not is_finished(pod)))
    active = [pod for pod in claimed.owned if is_active(pod)]
    writes: list[Write] = list(claimed.writes)
    if not is_deleting(owner):
        writes += _replacements(owner, active, world.all(PODS))
    min_ready = float(owner["spec"].get("minReadySeconds") or 0)
    status = _status(owner, active, min_ready, world)
    waits = [seconds_until_available(pod, min_ready, world.now) or None for pod in active]
    return Sync((*writes, *status_patch(REPLICA_SETS, owner, status)), sooner(*waits))


def wanted_replicas(owner: Json) -> int:
    """Return spec.replicas with the API's default of 1."""
    replicas = owner["spec"].get("replicas")
    return 1 if replicas is None else int(replicas)


def _replacements(owner: Json, active: Sequence[Json], pods: Sequence[Json]) -> list[Write]:
    surplus = len(active) - wanted_replicas(owner)
    if surplus < 0:
        body = pod_from(owner["spec"]["template"], owner, name_of(owner))
        return [Create(PODS, body, owner, _BY) for _ in range(-surplus)]
    return [Delete(PODS, pod, owner, _BY) for pod in _least_wanted(active, pods)[:surplus]]


def _least_wanted(active: Sequence[Json], pods: Sequence[Json]) -> list[Json]:
    """Order pods as the real controller does before it deletes some: the first goes first.

    Unscheduled, not running, not ready, cheap by its deletion cost, many of the same kind on one node, ready for the
    shortest time, newest.
    """
    kin = _kin_per_node(active, pods)

    def rank(pod: Json) -> tuple[bool, int, bool, int, int]:
        node = pod["spec"].get("nodeName") or ""
        phase = _PHASE_RANK.get((pod.get("status") or {}).get("phase", "Pending"), 0)
        return bool(node), phase, is_ready(pod), _cost(pod), -kin[node]

    youngest_first = sorted(active, key=lambda pod: (_ready_since(pod), created_at(pod)), reverse=True)
    return sorted(youngest_first, key=rank)


def _cost(pod: Json) -> int:
    """Return the deletion cost of a pod; one that is no number of 32 bits counts as none, as the real controller has it."""
    try:
        cost = int(annotations_of(pod).get(_COST, "0"))
    except ValueError:
        return 0
    return cost if -(1 << 31) <= cost < 1 << 31 else 0


def _kin_per_node(active: Sequence[Json], pods: Sequence[Json]) -> Counter[str]:
    mine = {uid_of(pod) for pod in active}
    return Counter(pod["spec"].get("nodeName") or "" for pod in pods if uid_of(pod) in mine)


def _ready_since(pod: Json) -> str:
    return str((condition_of(pod, "Ready") or {}).get("lastTransitionTime") or "")


def _status(owner: Json, active: Sequence[Json], min_ready: float, world: World) -> Json:
    wanted_labels = (owner["spec"]["template"].get("metadata") or {}).get("labels") or {}
    counts = {
        "fullyLabeledReplicas": sum(has_labels(wanted_labels, labels_of(pod)) for pod in active),
        "readyReplicas": sum(map(is_ready, active)),
        "availableReplicas": sum(is_available(pod, min_ready, world.now) for pod in active),
        "observedGeneration": owner["metadata"].get("generation", 0),
    }
    status: Json = {"replicas": len(active)} | {key: value for key, value in counts.items() if value}
    refusal = world.refusals.get(uid_of(owner))
    if refusal and len(active) < wanted_replicas(owner):
        status["conditions"] = [_failure(owner, refusal, world.now)]
    return status


def _failure(owner: Json, refusal: str, now: datetime) -> Json:
    known = condition_of(owner, "ReplicaFailure")
    since = known["lastTransitionTime"] if known else stamp(now)
    return {
        "type": "ReplicaFailure",
        "status": "True",
        "reason": "FailedCreate",
        "message": refusal,
        "lastTransitionTime": since,
    }
