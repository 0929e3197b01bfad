"""The garbage collector that the lab keeps inside its API server, as a sync, so that the cluster in memory has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrator.lab.controllers.api.objects import is_deleting, owners_of, uid_of
from migrator.lab.controllers.api.resources import (
    CONFIG_MAPS,
    DAEMON_SETS,
    DEPLOYMENTS,
    DISRUPTION_BUDGETS,
    ENDPOINT_SLICES,
    PODS,
    REPLICA_SETS,
    SERVICES,
    Json,
    Resource,
)
from migrator.lab.controllers.api.writes import Delete, Patch, Sync, World, Write

WATCHES = (DEPLOYMENTS, DAEMON_SETS, REPLICA_SETS, PODS, SERVICES, ENDPOINT_SLICES, CONFIG_MAPS, DISRUPTION_BUDGETS)
FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"
_KNOWN = {(kind.group_version, kind.kind) for kind in WATCHES}

Owned = tuple[Resource, Json]


def sync(world: World) -> Sync:
    """Decide for every object of the kinds that own or are owned."""
    everything: list[Owned] = [(kind, item) for kind in WATCHES for item in world.all(kind)]
    alive = {uid_of(item) for _, item in everything}
    dependents: dict[str, list[Owned]] = {}
    for kind, item in everything:
        for ref in owners_of(item):
            dependents.setdefault(ref["uid"], []).append((kind, item))
    writes: list[Write] = []
    for kind, item in everything:
        writes += _left_behind(kind, item, alive)
        writes += _ending(kind, item, dependents)
    return Sync(tuple(writes))


def _left_behind(kind: Resource, item: Json, alive: set[str]) -> list[Write]:
    """Collect an object when every one of its owners is of a kind we see and is not seen."""
    refs = owners_of(item)
    if not refs or is_deleting(item):
        return []
    if any(ref["uid"] in alive or (ref["apiVersion"], ref["kind"]) not in _KNOWN for ref in refs):
        return []
    return [Delete(kind, item)]


def _ending(kind: Resource, item: Json, dependents: Mapping[str, Sequence[Owned]]) -> list[Write]:
    """Do what an owner under deletion waits for: its dependents gone (Foreground) or let go (Orphan)."""
    finalizers = item["metadata"].get("finalizers") or []
    below = dependents.get(uid_of(item), [])
    if not is_deleting(item):
        return []
    if ORPHAN in finalizers:
        return [_disown(*owned, uid_of(item)) for owned in below] or [_without_finalizer(kind, item, ORPHAN)]
    if FOREGROUND not in finalizers:
        return []
    if not any(_blocks(one, uid_of(item)) for _, one in below):
        return [_without_finalizer(kind, item, FOREGROUND)]
    return [Delete(resource, one) for resource, one in below if not is_deleting(one)]


def _blocks(item: Json, owner: str) -> bool:
    return any(ref["uid"] == owner and ref.get("blockOwnerDeletion") for ref in owners_of(item))


def _disown(kind: Resource, item: Json, owner: str) -> Patch:
    refs = [ref for ref in owners_of(item) if ref["uid"] != owner]
    return Patch(kind, item, {"metadata": _held(item) | {"ownerReferences": refs or None}})


def _without_finalizer(kind: Resource, item: Json, name: str) -> Patch:
    rest = [one for one in item["metadata"]["finalizers"] if one != name]
    return Patch(kind, item, {"metadata": _held(item) | {"finalizers": rest or None}})


def _held(item: Json) -> Json:
    # Lists are written whole, so the patch must fail if anybody changed the object meanwhile.
    return {"uid": uid_of(item), "resourceVersion": item["metadata"].get("resourceVersion")}
