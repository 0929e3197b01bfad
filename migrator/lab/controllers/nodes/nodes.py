"""Node lifecycle: a node whose heartbeat stops becomes Unknown and tainted, its pods not Ready.

It never drains a node.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from migrator.lab.controllers.api.matching import NO_EXECUTE, NO_SCHEDULE, taints_of, tolerates, untolerated
from migrator.lab.controllers.api.objects import (
    condition_of,
    is_deleting,
    is_ready,
    name_of,
    namespace_of,
    parse_time,
    stamp,
    uid_of,
)
from migrator.lab.controllers.api.resources import LEASES, NODES, PODS, Json
from migrator.lab.controllers.api.writes import STRATEGIC, Delete, Mood, Patch, RecordEvent, Sync, World, Write, sooner

WATCHES = (NODES, LEASES, PODS)
_BY = "node-controller"
_LEASE_SPACE = "kube-node-lease"
_KEY = "node.kubernetes.io/"
_SILENT = ("NodeStatusUnknown", "Kubelet stopped posting node status.")
_HEARTBEAT_CONDITIONS = ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
_CONDITION_TAINTS = {
    "MemoryPressure": "memory-pressure",
    "DiskPressure": "disk-pressure",
    "PIDPressure": "pid-pressure",
    "NetworkUnavailable": "network-unavailable",
}
_OWN_TAINTS = frozenset(
    f"{_KEY}{name}" for name in (*_CONDITION_TAINTS.values(), "not-ready", "unreachable", "unschedulable")
)


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life seen of a node, and when, by our own clock, it was seen."""

    sign: str
    at: datetime


class NodeLifecycle:
    """Remembers the last heartbeat of each node between two looks; everything else is `watch_nodes`."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._beats: Mapping[str, Beat] = {}

    def sync(self, world: World) -> Sync:
        """Decide for every node and for the pods on it."""
        self._beats = heard(world, self._beats)
        return watch_nodes(world, self._beats, self._grace)


def heard(world: World, before: Mapping[str, Beat]) -> Mapping[str, Beat]:
    """Take down new signs of life. Node clocks are not trusted: only a *change* counts, at our own time."""
    leases = {name_of(item): item for item in world.within(LEASES, _LEASE_SPACE)}
    beats = {}
    for node in world.all(NODES):
        name = name_of(node)
        sign = _sign(node, leases.get(name))
        known = before.get(uid_of(node))
        beats[uid_of(node)] = known if known is not None and known.sign == sign else Beat(sign, world.now)
    return beats


def _sign(node: Json, lease: Json | None) -> str:
    renewed = ((lease or {}).get("spec") or {}).get("renewTime") or ""
    ready = condition_of(node, "Ready") or {}
    # Our own verdict is no sign of life, so the condition counts by its heartbeat time alone.
    return f"{renewed}/{ready.get('lastHeartbeatTime') or ''}"


def watch_nodes(world: World, beats: Mapping[str, Beat], grace: float) -> Sync:
    """Judge every node by its last sign of life and put the taints right."""
    writes: list[Write] = []
    waits: list[float] = []
    for node in world.all(NODES):
        left = (beats[uid_of(node)].at + timedelta(seconds=grace) - world.now).total_seconds()
        if left > 0:
            waits.append(left)
        else:
            writes += _silent(node, world)
        writes += _taints(node, lost=left <= 0)
        evictions = _evictions(node, world)
        writes += evictions.writes
        waits += [evictions.recheck] if evictions.recheck is not None else []
    return Sync(tuple(writes), sooner(*waits))


def _silent(node: Json, world: World) -> list[Write]:
    writes: list[Write] = []
    if (condition_of(node, "Ready") or {}).get("status") != "Unknown":
        body = {"metadata": {"uid": uid_of(node)}, "status": {"conditions": _unknown_conditions(node, world.now)}}
        text = f"Node {name_of(node)} status is now: NodeNotReady"
        writes.append(Patch(NODES, node, body, subresource="status", style=STRATEGIC))
        writes.append(RecordEvent(node, Mood.NORMAL, "NodeNotReady", text, _BY))
    return writes + [_not_ready(pod, world.now) for pod in _pods_on(node, world) if is_ready(pod)]


def _unknown_conditions(node: Json, now: datetime) -> list[Json]:
    reason, message = _SILENT
    conditions = []
    for kind in _HEARTBEAT_CONDITIONS:
        known = condition_of(node, kind)
        if known is None and kind != "Ready":
            continue
        times = {"lastHeartbeatTime": (known or {}).get("lastHeartbeatTime"), "lastTransitionTime": stamp(now)}
        conditions.append({"type": kind, "status": "Unknown", "reason": reason, "message": message} | times)
    return conditions


def _not_ready(pod: Json, now: datetime) -> Write:
    condition = {"type": "Ready", "status": "False", "lastTransitionTime": stamp(now)}
    body = {"metadata": {"uid": uid_of(pod)}, "status": {"conditions": [condition]}}
    return Patch(PODS, pod, body, subresource="status", style=STRATEGIC)


def _pods_on(node: Json, world: World) -> list[Json]:
    return [pod for pod in world.all(PODS) if pod["spec"].get("nodeName") == name_of(node)]


def wanted_taints(node: Json, *, lost: bool) -> list[str]:
    """Return the keys (all NoSchedule) that the node's conditions and its cordon ask for."""
    # A node that has not reported yet is registered as not ready, not as lost.
    ready = (condition_of(node, "Ready") or {}).get("status", "False")
    names = []
    if lost or ready == "Unknown":
        names.append("unreachable")
    elif ready == "False":
        names.append("not-ready")
    if (node.get("spec") or {}).get("unschedulable"):
        names.append("unschedulable")
    for kind, name in _CONDITION_TAINTS.items():
        if (condition_of(node, kind) or {}).get("status") == "True":
            names.append(name)
    return [f"{_KEY}{name}" for name in names]


def _taints(node: Json, *, lost: bool) -> list[Write]:
    wanted = wanted_taints(node, lost=lost)
    taints = taints_of(node)
    kept = [
        one for one in taints if one["key"] not in _OWN_TAINTS or one["effect"] != NO_SCHEDULE or one["key"] in wanted
    ]
    have = {one["key"] for one in kept if one["effect"] == NO_SCHEDULE}
    result = [*kept, *({"key": key, "effect": NO_SCHEDULE} for key in wanted if key not in have)]
    if result == taints:
        return []
    held = {"uid": uid_of(node), "resourceVersion": node["metadata"].get("resourceVersion")}
    return [Patch(NODES, node, {"metadata": held, "spec": {"taints": result or None}})]


def _evictions(node: Json, world: World) -> Sync:
    """Delete pods that a NoExecute taint of the node no longer lets stay, each when its own toleration has run out."""
    if not any(taint["effect"] == NO_EXECUTE for taint in taints_of(node)):
        return Sync()
    writes: list[Write] = []
    waits: list[float] = []
    for pod in _pods_on(node, world):
        if is_deleting(pod):
            continue
        left = _may_stay_for(pod, node, world.now)
        if left is None:
            continue
        if left > 0:
            waits.append(left)
        else:
            text = f"Marking for deletion Pod {namespace_of(pod)}/{name_of(pod)}"
            writes += [
                RecordEvent(pod, Mood.NORMAL, "TaintManagerEviction", text, "taint-eviction-controller"),
                Delete(PODS, pod),
            ]
    return Sync(tuple(writes), sooner(*waits))


def _may_stay_for(pod: Json, node: Json, now: datetime) -> float | None:
    """Return the seconds the pod may stay under the node's NoExecute taints; None for as long as it likes."""
    tolerations: list[Json] = pod["spec"].get("tolerations") or []
    if untolerated(node, tolerations, [NO_EXECUTE]):
        return 0.0
    ends = []
    for taint in taints_of(node):
        times = [
            one["tolerationSeconds"] for one in tolerations if tolerates(one, taint) and "tolerationSeconds" in one
        ]
        if taint["effect"] == NO_EXECUTE and times:
            since = parse_time(taint["timeAdded"]) if taint.get("timeAdded") else now
            ends.append((since + timedelta(seconds=min(times)) - now).total_seconds())
    return max(0.0, min(ends)) if ends else None
