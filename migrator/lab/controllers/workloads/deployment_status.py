"""A Deployment's status and conditions, field by field as the real controller writes them. Decides no rollout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from migrator.lab.controllers.api.objects import condition_of, created_at, name_of, parse_time, stamp
from migrator.lab.controllers.api.resources import Json
from migrator.lab.controllers.workloads.replicaset import wanted_replicas
from migrator.lab.controllers.workloads.rollout import available, bounds

_DONE = "NewReplicaSetAvailable"
_LATE = "ProgressDeadlineExceeded"
_DEFAULT_DEADLINE = 600


def status_of(deployment: Json, new: Json | None, old: Sequence[Json], now: datetime) -> Json:
    """Return the whole status; zero counts are absent, as the API omits them."""
    sets = [*old, *([new] if new else [])]
    up = sum(map(available, sets))
    counts = {
        "observedGeneration": deployment["metadata"].get("generation", 0),
        "replicas": sum(_count(item, "replicas") for item in sets),
        "updatedReplicas": _count(new, "replicas") if new else 0,
        "readyReplicas": sum(_count(item, "readyReplicas") for item in sets),
        "availableReplicas": up,
        "unavailableReplicas": max(0, sum(map(wanted_replicas, sets)) - up),
    }
    status: Json = {key: value for key, value in counts.items() if value}
    present = [_available(deployment, up), _progress(deployment, status, new, now), _failure(sets)]
    conditions = [_timed(deployment, one, now) for one in present if one is not None]
    return status | ({"conditions": conditions} if conditions else {})


def deadline_in(deployment: Json, now: datetime) -> float | None:
    """Return the seconds until the rollout's progress deadline; None while none is running."""
    progress = condition_of(deployment, "Progressing")
    if progress is None or progress.get("reason") in (_DONE, _LATE) or "lastUpdateTime" not in progress:
        return None
    left = (parse_time(progress["lastUpdateTime"]) + _deadline(deployment) - now).total_seconds()
    return max(0.01, left)


def _deadline(deployment: Json) -> timedelta:
    return timedelta(seconds=float(deployment["spec"].get("progressDeadlineSeconds") or _DEFAULT_DEADLINE))


def _count(item: Json, field: str) -> int:
    return int((item.get("status") or {}).get(field) or 0)


def _condition(kind: str, status: str, reason: str, message: str) -> Json:
    return {"type": kind, "status": status, "reason": reason, "message": message}


def _available(deployment: Json, up: int) -> Json:
    if up >= wanted_replicas(deployment) - bounds(deployment).unavailable:
        text = "Deployment has minimum availability."
        return _condition("Available", "True", "MinimumReplicasAvailable", text)
    text = "Deployment does not have minimum availability."
    return _condition("Available", "False", "MinimumReplicasUnavailable", text)


def _progress(deployment: Json, status: Json, new: Json | None, now: datetime) -> Json | None:
    known = condition_of(deployment, "Progressing")
    if deployment["spec"].get("paused"):
        return _condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
    if new is None:
        return known
    return _progress_of(deployment, status, new, known, now)


def _progress_of(deployment: Json, status: Json, new: Json, known: Json | None, now: datetime) -> Json:
    subject = f'ReplicaSet "{name_of(new)}"'
    if known is None or f'"{name_of(new)}"' not in known.get("message", ""):
        return _begun(new, known)
    settled = known["reason"] == _DONE and status.get("replicas", 0) == status.get("updatedReplicas", 0)
    if settled:
        return known
    if _complete(deployment, status):
        return _condition("Progressing", "True", _DONE, f"{subject} has successfully progressed.")
    if _moved(deployment.get("status") or {}, status):
        return _condition("Progressing", "True", "ReplicaSetUpdated", f"{subject} is progressing.") | {"fresh": True}
    if _late(deployment, known, now):
        return _condition("Progressing", "False", _LATE, f"{subject} has timed out progressing.")
    return known


def _begun(new: Json, known: Json | None) -> Json:
    """A rollout to another ReplicaSet starts: its deadline counts from now."""
    name = name_of(new)
    if known is not None and created_at(new) < known.get("lastUpdateTime", ""):
        reason, text = "FoundNewReplicaSet", f'Found new replica set "{name}"'
    else:
        reason, text = "NewReplicaSetCreated", f'Created new replica set "{name}"'
    return _condition("Progressing", "True", reason, text) | {"fresh": True}


def _complete(deployment: Json, status: Json) -> bool:
    want = wanted_replicas(deployment)
    return all(status.get(field, 0) == want for field in ("replicas", "updatedReplicas", "availableReplicas"))


def _moved(before: Json, after: Json) -> bool:
    def old(status: Json) -> int:
        return int(status.get("replicas", 0)) - int(status.get("updatedReplicas", 0))

    grown = any(
        after.get(field, 0) > before.get(field, 0)
        for field in ("updatedReplicas", "readyReplicas", "availableReplicas")
    )
    return grown or old(after) < old(before)


def _late(deployment: Json, known: Json, now: datetime) -> bool:
    if known["reason"] == _LATE:
        return True
    if known["reason"] == _DONE:
        return False
    return parse_time(known["lastUpdateTime"]) + _deadline(deployment) < now


def _failure(sets: Sequence[Json]) -> Json | None:
    failures = [one for one in (condition_of(item, "ReplicaFailure") for item in sets) if one is not None]
    if not failures:
        return None
    return _condition("ReplicaFailure", failures[-1]["status"], failures[-1]["reason"], failures[-1]["message"])


def _timed(deployment: Json, wanted: Json, now: datetime) -> Json:
    """Give the condition its times: an unchanged one keeps both, an unchanged status keeps its transition."""
    fresh = wanted.get("fresh", False)
    bare = {key: value for key, value in wanted.items() if key in ("type", "status", "reason", "message")}
    known = condition_of(deployment, wanted["type"])
    if known is not None and not fresh and all(known.get(key) == value for key, value in bare.items()):
        return known
    same = known is not None and known["status"] == bare["status"]
    since = known["lastTransitionTime"] if known is not None and same else stamp(now)
    return bare | {"lastUpdateTime": stamp(now), "lastTransitionTime": since}
