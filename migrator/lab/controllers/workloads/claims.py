"""Adoption and release: which objects an owner controls, by controllerRef, uid and selector.

Creates and deletes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.lab.controllers.api.matching import selects
from migrator.lab.controllers.api.objects import (
    controller_of,
    is_deleting,
    labels_of,
    namespace_of,
    owner_reference,
    owners_of,
    uid_of,
)
from migrator.lab.controllers.api.resources import Json, Resource
from migrator.lab.controllers.api.writes import Patch, Write


@dataclass(frozen=True, slots=True)
class Claim:
    """The objects an owner controls (just adopted ones included) and the patches that make it so."""

    owned: tuple[Json, ...]
    writes: tuple[Write, ...]


def claim(owner: Json, resource: Resource, candidates: Iterable[Json]) -> Claim:
    """Adopt matching objects without a controller; release own objects that no longer match."""
    owned: list[Json] = []
    writes: list[Write] = []
    for item in candidates:
        if namespace_of(item) != namespace_of(owner):
            continue
        ref = controller_of(item)
        matches = selects(owner["spec"].get("selector"), labels_of(item))
        if ref is not None and ref["uid"] == uid_of(owner):
            if matches:
                owned.append(item)
            elif not is_deleting(owner):
                writes.append(_release(resource, item, owner))
        elif ref is None and matches and not is_deleting(owner) and not is_deleting(item):
            patch = _adopt(resource, item, owner)
            writes.append(patch)
            owned.append(_with_owners(item, patch.body["metadata"]["ownerReferences"]))
    return Claim(tuple(owned), tuple(writes))


def _release(resource: Resource, item: Json, owner: Json) -> Patch:
    return _owners_patch(resource, item, [ref for ref in owners_of(item) if ref["uid"] != uid_of(owner)])


def _adopt(resource: Resource, item: Json, owner: Json) -> Patch:
    return _owners_patch(resource, item, [*owners_of(item), owner_reference(owner)])


def _owners_patch(resource: Resource, item: Json, owners: list[Json]) -> Patch:
    # The version makes the whole-list patch safe against another controller that adopts at the same time.
    held = {"uid": uid_of(item), "resourceVersion": item["metadata"].get("resourceVersion")}
    return Patch(resource, item, {"metadata": held | {"ownerReferences": owners or None}})


def _with_owners(item: Json, owners: list[Json]) -> Json:
    return item | {"metadata": item["metadata"] | {"ownerReferences": owners}}


def pod_from(template: Json, owner: Json, name_prefix: str) -> Json:
    """Make the pod that `owner` wants from its template; the server chooses the rest of the name."""
    wanted = template.get("metadata") or {}
    metadata: Json = {
        "generateName": f"{name_prefix}-",
        "namespace": namespace_of(owner),
        "labels": dict(wanted.get("labels") or {}),
        "ownerReferences": [owner_reference(owner)],
    }
    for field in ("annotations", "finalizers"):
        if wanted.get(field):
            metadata[field] = wanted[field]
    return {"metadata": metadata, "spec": template["spec"]}
