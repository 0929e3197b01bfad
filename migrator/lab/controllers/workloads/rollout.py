"""The arithmetic of a Deployment's rollout: bounds, and how many replicas each ReplicaSet should have next.

Pure numbers: it sees no pod and writes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from migrator.lab.controllers.api.objects import age_key
from migrator.lab.controllers.api.resources import Json
from migrator.lab.controllers.workloads.replicaset import wanted_replicas


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a rolling update may leave the wanted number of replicas, upwards and downwards."""

    surge: int
    unavailable: int


def scaled(value: int | str | None, total: int, *, up: bool) -> int:
    """Resolve an int-or-percent against a total; percents round up or down as the field demands."""
    if value is None:
        return 0
    if isinstance(value, int):
        return value
    if not value.endswith("%"):
        return int(value)
    share = int(value[:-1]) * total / 100
    return math.ceil(share) if up else math.floor(share)


def bounds(deployment: Json) -> Bounds:
    """Return the rolling update's bounds (default 25 %); both zero would never move, so one may then be unavailable."""
    strategy = deployment["spec"].get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return Bounds(0, 0)
    rolling = strategy.get("rollingUpdate") or {}
    total = wanted_replicas(deployment)
    surge = scaled(rolling.get("maxSurge", "25%"), total, up=True)
    unavailable = scaled(rolling.get("maxUnavailable", "25%"), total, up=False)
    return Bounds(surge, unavailable if surge or unavailable else 1)


def available(owner: Json) -> int:
    """Return how many available replicas a ReplicaSet last reported."""
    return int((owner.get("status") or {}).get("availableReplicas") or 0)


def new_size(deployment: Json, new: Json | None, old: Sequence[Json]) -> int:
    """Return the size the new ReplicaSet may have now: as large as wanted, the surge allowed for all together."""
    total = wanted_replicas(deployment)
    have = wanted_replicas(new) if new is not None else 0
    if have >= total or (deployment["spec"].get("strategy") or {}).get("type") == "Recreate":
        return total
    room = total + bounds(deployment).surge - have - sum(map(wanted_replicas, old))
    return have + max(0, min(room, total - have))


def old_sizes(deployment: Json, new: Json, old: Sequence[Json]) -> dict[str, int]:
    """Return the new sizes (by uid) of old ReplicaSets that must shrink: unhealthy pods first, then the oldest."""
    least = wanted_replicas(deployment) - bounds(deployment).unavailable
    sizes = {item["metadata"]["uid"]: wanted_replicas(item) for item in old}
    everyone = sum(sizes.values()) + wanted_replicas(new)
    new_missing = wanted_replicas(new) - available(new)
    room = everyone - least - new_missing
    if not sum(sizes.values()) or room <= 0:
        return {}
    before = dict(sizes)
    oldest_first = sorted(old, key=age_key)
    _drop_unhealthy(sizes, oldest_first, room)
    spare = sum(map(available, old)) + available(new) - least
    _drop(sizes, oldest_first, spare)
    return {uid: size for uid, size in sizes.items() if size != before[uid]}


def _drop_unhealthy(sizes: dict[str, int], old: Sequence[Json], room: int) -> None:
    for item in old:
        uid = item["metadata"]["uid"]
        sick = max(0, sizes[uid] - available(item))
        gone = min(sick, room)
        sizes[uid] -= gone
        room -= gone


def _drop(sizes: dict[str, int], old: Sequence[Json], spare: int) -> None:
    for item in old:
        uid = item["metadata"]["uid"]
        gone = max(0, min(sizes[uid], spare))
        sizes[uid] -= gone
        spare -= gone


def shared_out(deployment: Json, sets: Sequence[Json]) -> dict[str, int]:
    """Return sizes (by uid) when the Deployment is scaled during a rollout: each active set keeps its proportion.

    The largest set takes what rounding leaves over, as in the real controller.
    """
    active = [item for item in sets if wanted_replicas(item)]
    have = sum(map(wanted_replicas, active))
    total = wanted_replicas(deployment)
    allowed = total + bounds(deployment).surge if total else 0
    if not have:
        return {}
    sizes = {item["metadata"]["uid"]: wanted_replicas(item) * allowed // have for item in active}
    largest = max(active, key=wanted_replicas)["metadata"]["uid"]
    sizes[largest] += allowed - sum(sizes.values())
    return sizes
