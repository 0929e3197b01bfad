"""Readers of API objects: names, owners, times, conditions, readiness. They change nothing."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta

from migrator.lab.controllers.api.resources import Json

_SAFE = "bcdfghjklmnpqrstvwxz2456789"
_FINAL_PHASES = frozenset({"Succeeded", "Failed"})


def name_of(item: Json) -> str:
    """Return the object's name."""
    return str(item["metadata"]["name"])


def namespace_of(item: Json) -> str:
    """Return the object's namespace, empty for objects of the whole cluster."""
    return str(item["metadata"].get("namespace") or "")


def uid_of(item: Json) -> str:
    """Return the object's uid."""
    return str(item["metadata"].get("uid") or "")


def labels_of(item: Json) -> dict[str, str]:
    """Return the object's labels."""
    labels: dict[str, str] = item["metadata"].get("labels") or {}
    return labels


def annotations_of(item: Json) -> dict[str, str]:
    """Return the object's annotations."""
    annotations: dict[str, str] = item["metadata"].get("annotations") or {}
    return annotations


def owners_of(item: Json) -> list[Json]:
    """Return the object's owner references."""
    owners: list[Json] = item["metadata"].get("ownerReferences") or []
    return owners


def controller_of(item: Json) -> Json | None:
    """Return the one owner reference that is the managing controller."""
    return next((ref for ref in owners_of(item) if ref.get("controller")), None)


def owner_reference(owner: Json) -> Json:
    """Make the reference by which `owner` controls another object."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": name_of(owner),
        "uid": uid_of(owner),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def is_deleting(item: Json) -> bool:
    """Return whether deletion has been asked for."""
    return bool(item["metadata"].get("deletionTimestamp"))


def parse_time(text: str) -> datetime:
    """Read an API time (seconds or microseconds, always UTC)."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def stamp(now: datetime) -> str:
    """Write a time as the API's `Time`: UTC, whole seconds."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_stamp(now: datetime) -> str:
    """Write a time as the API's `MicroTime`."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def created_at(item: Json) -> str:
    """Return the creation time as text; API times sort as text."""
    return str(item["metadata"].get("creationTimestamp") or "")


def age_key(item: Json) -> tuple[str, str]:
    """Order objects from the oldest to the newest; the name breaks ties within one second."""
    return created_at(item), name_of(item)


def condition_of(item: Json, kind: str) -> Json | None:
    """Return one condition of the object's status."""
    conditions: list[Json] = (item.get("status") or {}).get("conditions") or []
    return next((one for one in conditions if one["type"] == kind), None)


def is_true(item: Json, kind: str) -> bool:
    """Return whether a condition is there and True."""
    return (condition_of(item, kind) or {}).get("status") == "True"


def is_finished(pod: Json) -> bool:
    """Return whether the pod has ended for good (Succeeded or Failed)."""
    return (pod.get("status") or {}).get("phase") in _FINAL_PHASES


def is_active(pod: Json) -> bool:
    """Return whether a controller counts this pod: neither ended nor being deleted."""
    return not is_finished(pod) and not is_deleting(pod)


def is_ready(pod: Json) -> bool:
    """Return whether the pod's Ready condition is True."""
    return is_true(pod, "Ready")


def seconds_until_available(pod: Json, min_ready: float, now: datetime) -> float | None:
    """Return how long a pod must still stay Ready to count as available: 0 when it is, None while it is not Ready."""
    ready = condition_of(pod, "Ready")
    if ready is None or ready["status"] != "True":
        return None
    since = ready.get("lastTransitionTime")
    if not min_ready:
        return 0.0
    if not since:
        return min_ready
    return max(0.0, (parse_time(since) + timedelta(seconds=min_ready) - now).total_seconds())


def is_available(pod: Json, min_ready: float, now: datetime) -> bool:
    """Return whether the pod has been Ready for `min_ready` seconds."""
    return seconds_until_available(pod, min_ready, now) == 0.0


def canonical(value: object) -> str:
    """Write JSON so that equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def safe_hash(value: object) -> str:
    """Hash JSON into ten letters or fewer that cannot spell a word, as the API's name suffixes do."""
    number = zlib.crc32(canonical(value).encode())
    return "".join(_SAFE[ord(digit) % len(_SAFE)] for digit in str(number))


def without_empty(value: object) -> object:
    """Drop nulls and empty containers, so that an omitted field and an empty one compare equal."""
    if isinstance(value, dict):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, {}, [])}
    if isinstance(value, list):
        return [without_empty(item) for item in value]
    return value
