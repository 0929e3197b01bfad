"""The status of a pod, computed from what its containers do. Pure: it writes nothing and remembers nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from migrator.lab.node.containers.states import Running, Seen, Terminated, Waiting, container_status
from migrator.lab.node.documents import Json, at, stamp
from migrator.lab.node.pods.admission import Refusal


@dataclass(frozen=True, slots=True)
class PodSeen:
    """All that a pod's status depends on, besides the pod itself."""

    ip: str
    host_ip: str
    started: datetime
    initialized: bool
    containers: tuple[Seen, ...]
    init_containers: tuple[Seen, ...] = ()
    refused: Refusal | None = None


def pod_status(pod: Json, seen: PodSeen, now: datetime) -> Json:
    """Return the status to write; transition times of `pod`'s own conditions are kept where nothing changed."""
    status: Json = {
        "phase": phase(pod, seen),
        "hostIP": seen.host_ip,
        "hostIPs": [{"ip": seen.host_ip}],
        "startTime": stamp(seen.started),
        "conditions": _conditions(pod, seen, now),
    }
    if seen.refused:
        return {**status, "reason": seen.refused.reason, "message": f"Pod was rejected: {seen.refused.message}"}
    if seen.ip:
        status |= {"podIP": seen.ip, "podIPs": [{"ip": seen.ip}]}
    if seen.init_containers:
        status["initContainerStatuses"] = [container_status(container) for container in seen.init_containers]
    return {**status, "containerStatuses": [container_status(container) for container in seen.containers]}


def phase(pod: Json, seen: PodSeen) -> str:
    """Return Pending until every container was started once; then Running until all ended for good."""
    if seen.refused:
        return "Failed"
    policy = at(pod, "spec", "restartPolicy") or "Always"
    if policy == "Never" and any(_code(container) for container in seen.init_containers):
        return "Failed"
    if not seen.initialized or any(_never_ran(container) for container in seen.containers):
        return "Pending"
    if not all(_ended(container, policy) for container in seen.containers):
        return "Running"
    return "Failed" if any(_code(container) for container in seen.containers) else "Succeeded"


def _code(seen: Seen) -> int:
    return seen.state.code if isinstance(seen.state, Terminated) else 0


def _never_ran(seen: Seen) -> bool:
    return isinstance(seen.state, Waiting) and seen.last is None


def _ended(seen: Seen, policy: str) -> bool:
    if not isinstance(seen.state, Terminated):
        return False
    return policy == "Never" or (policy == "OnFailure" and seen.state.code == 0)


def _conditions(pod: Json, seen: PodSeen, now: datetime) -> list[Json]:
    unready = [item.name for item in seen.containers if not (item.ready and isinstance(item.state, Running))]
    lacking = (
        {} if not unready else _why("ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]")
    )
    pending = {} if seen.initialized else _why("ContainersNotInitialized", "containers with incomplete status")
    gate = {} if lacking else _gate(pod)
    if seen.refused:
        lacking = pending = gate = {}
    wanted = [
        ("PodScheduled", True, {}),
        ("Initialized", seen.initialized and not seen.refused, pending),
        ("ContainersReady", not unready and not seen.refused, lacking),
        ("Ready", not unready and not gate and not seen.refused, lacking or gate),
    ]
    before = {item["type"]: item for item in at(pod, "status", "conditions") or ()}
    return [_condition(before.get(kind), kind, value, why, now) for kind, value, why in wanted]


def _why(reason: str, message: str) -> Json:
    return {"reason": reason, "message": message}


def _gate(pod: Json) -> Json:
    """Return why a readiness gate keeps the pod from being Ready; {} if none does."""
    true = {item["type"] for item in at(pod, "status", "conditions") or () if item.get("status") == "True"}
    gates: Sequence[Mapping[str, str]] = at(pod, "spec", "readinessGates") or ()
    for item in gates:
        if item["conditionType"] not in true:
            name = item["conditionType"]
            return _why("ReadinessGatesNotReady", f'corresponding condition of pod readiness gate "{name}" is not True')
    return {}


def _condition(before: Json | None, kind: str, value: bool, why: Json, now: datetime) -> Json:
    text = str(value)
    kept = before.get("lastTransitionTime") if before and before.get("status") == text else None
    return {
        "type": kind,
        "status": text,
        "lastProbeTime": None,
        "lastTransitionTime": kept or stamp(now),
        "reason": None,
        "message": None,
        **why,
    }
