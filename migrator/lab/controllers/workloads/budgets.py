"""PodDisruptionBudgets: how many pods may be evicted now. It evicts nobody; the API server asks this status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrator.lab.controllers.api.matching import selects
from migrator.lab.controllers.api.objects import (
    condition_of,
    controller_of,
    is_deleting,
    is_finished,
    is_ready,
    labels_of,
    namespace_of,
    stamp,
    uid_of,
)
from migrator.lab.controllers.api.resources import DEPLOYMENTS, DISRUPTION_BUDGETS, PODS, REPLICA_SETS, Json
from migrator.lab.controllers.api.writes import Sync, World, merged, status_patch
from migrator.lab.controllers.workloads.replicaset import wanted_replicas
from migrator.lab.controllers.workloads.rollout import scaled

WATCHES = (DISRUPTION_BUDGETS, PODS, REPLICA_SETS, DEPLOYMENTS)


@dataclass(frozen=True, slots=True)
class Demand:
    """How many pods a budget expects, and how many of them must stay healthy."""

    expected: int
    healthy: int


def sync(world: World) -> Sync:
    """Decide for every budget."""
    return merged(*(_sync_one(item, world) for item in world.all(DISRUPTION_BUDGETS)))


def _sync_one(budget: Json, world: World) -> Sync:
    pods = [
        pod
        for pod in world.within(PODS, namespace_of(budget))
        if selects(budget["spec"].get("selector"), labels_of(pod)) and not is_finished(pod)
    ]
    healthy = sum(is_ready(pod) and not is_deleting(pod) for pod in pods)
    demand = demand_of(budget, pods, world)
    if isinstance(demand, str):
        return Sync(tuple(status_patch(DISRUPTION_BUDGETS, budget, _unknown(budget, demand, world))))
    allowed = max(0, healthy - demand.healthy) if demand.expected else 0
    reason = "SufficientPods" if allowed else "InsufficientPods"
    status = {
        "currentHealthy": healthy,
        "desiredHealthy": demand.healthy,
        "expectedPods": demand.expected,
        "disruptionsAllowed": allowed,
        "observedGeneration": budget["metadata"].get("generation", 0),
        "conditions": [_condition(budget, bool(allowed), reason, "", world)],
    }
    return Sync(tuple(status_patch(DISRUPTION_BUDGETS, budget, _carried(budget) | status)))


def demand_of(budget: Json, pods: Sequence[Json], world: World) -> Demand | str:
    """Return what the budget demands, or why that cannot be said.

    An integer `minAvailable` only needs the pods. Everything else needs the scale of their controllers, and a
    DaemonSet has no scale: its pods make such a budget unusable, and then no eviction is allowed at all.
    """
    spec = budget["spec"]
    least = spec.get("minAvailable")
    if isinstance(least, int):
        return Demand(len(pods), least)
    expected = _expected(pods, world)
    if isinstance(expected, str):
        return expected
    if "maxUnavailable" in spec:
        return Demand(expected, max(0, expected - scaled(spec["maxUnavailable"], expected, up=True)))
    return Demand(expected, scaled(least, expected, up=True))


def _expected(pods: Sequence[Json], world: World) -> int | str:
    owners = {}
    for pod in pods:
        ref = controller_of(pod)
        if ref is None:
            return "found no controller ref for pod"
        if ref["kind"] != "ReplicaSet":
            return f"{ref['kind'].lower()}s.apps does not implement the scale subresource"
        owners[ref["uid"]] = ref
    scales = [_scale(uid, world) for uid in owners]
    tops = {uid: size for uid, size in scales}
    return sum(tops.values())


def _scale(uid: str, world: World) -> tuple[str, int]:
    """Return the uid and the size of what scales a ReplicaSet's pods: its Deployment, or itself."""
    owner = next((item for item in world.all(REPLICA_SETS) if uid_of(item) == uid), None)
    if owner is None:
        return uid, 0
    above = (controller_of(owner) or {}).get("uid")
    top = next((item for item in world.all(DEPLOYMENTS) if uid_of(item) == above), owner)
    return uid_of(top), wanted_replicas(top)


def _carried(budget: Json) -> Json:
    """Keep what the eviction subresource wrote."""
    disrupted = (budget.get("status") or {}).get("disruptedPods")
    return {"disruptedPods": disrupted} if disrupted is not None else {}


def _unknown(budget: Json, why: str, world: World) -> Json:
    known: Json = budget.get("status") or {}
    counts = {field: known.get(field, 0) for field in ("currentHealthy", "desiredHealthy", "expectedPods")}
    condition = _condition(budget, False, "SyncFailed", why, world)
    generation = budget["metadata"].get("generation", 0)
    status = {"disruptionsAllowed": 0, "observedGeneration": generation, "conditions": [condition]}
    return _carried(budget) | counts | status


def _condition(budget: Json, allowed: bool, reason: str, message: str, world: World) -> Json:
    status = "True" if allowed else "False"
    known = condition_of(budget, "DisruptionAllowed")
    since = known["lastTransitionTime"] if known and known["status"] == status else stamp(world.now)
    return {
        "type": "DisruptionAllowed",
        "status": status,
        "reason": reason,
        "message": message,
        "observedGeneration": budget["metadata"].get("generation", 0),
        "lastTransitionTime": since,
    }
