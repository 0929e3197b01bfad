"""Kubernetes objects as plain JSON values with typed readers; no client model ever gets this far in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from migrator.domain.messages.foreign import in_a_line

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Manifest: TypeAlias = "dict[str, Json]"

_GREATEST = 1 << 64

CLUSTER = "migrator.dev/cluster"
"""The annotation by which a manifest says that it is of a run's other cluster, and its name. No server ever gets it."""


@dataclass(frozen=True, slots=True, order=True)
class ObjectRef:
    """Where an object lives. `namespace` is empty for cluster-scoped kinds, `cluster` at the gateway's home."""

    api_version: str
    kind: str
    namespace: str
    name: str
    cluster: str = ""

    def __str__(self) -> str:
        """The object in a sentence: a name that is none of Kubernetes' cannot begin a line of its own there."""
        where = f"{self.namespace}/" if self.namespace else ""
        there = f"{self.cluster}:" if self.cluster else ""
        return in_a_line(f"{self.kind} {there}{where}{self.name}")


def dig(value: Json, *path: str | int) -> Json:
    """Follow `path` through dicts and lists; None where it leads nowhere."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def mapping(value: Json, *path: str | int) -> dict[str, Json]:
    """Give the dict at `path`, or an empty one."""
    found = dig(value, *path)
    return found if isinstance(found, dict) else {}


def items(value: Json, *path: str | int) -> list[dict[str, Json]]:
    """Give the dicts of the list at `path`, or none."""
    found = dig(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def text(value: Json, *path: str | int) -> str:
    """Give the text at `path`, or the empty text."""
    found = dig(value, *path)
    return found if isinstance(found, str) else ""


def number(value: Json, *path: str | int) -> int:
    """Give the whole number of at most 64 bits at `path`, or 0."""
    found = dig(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) < _GREATEST else 0


def labels(value: Json, *path: str | int) -> dict[str, str]:
    """Give the text-to-text map at `path` (labels, selectors, annotations)."""
    return {k: v for k, v in mapping(value, *path).items() if isinstance(v, str)}


def ref_of(manifest: Manifest) -> ObjectRef:
    """Give the reference of an object from its own apiVersion, kind and metadata."""
    meta = mapping(manifest, "metadata")
    return ObjectRef(
        text(manifest, "apiVersion"),
        text(manifest, "kind"),
        text(meta, "namespace"),
        text(meta, "name"),
        text(meta, "annotations", CLUSTER),
    )


def of_cluster(thing: Manifest, cluster: str) -> Manifest:
    """Give an object that says of which cluster it is; at the gateway's home it says nothing."""
    meta = mapping(thing, "metadata")
    if text(meta, "annotations", CLUSTER) == cluster:
        return thing
    notes: Manifest = {key: value for key, value in mapping(meta, "annotations").items() if key != CLUSTER}
    notes |= {CLUSTER: cluster} if cluster else {}
    kept: Manifest = {key: value for key, value in meta.items() if key != "annotations"}
    return {**thing, "metadata": {**kept, **({"annotations": notes} if notes else {})}}


def uid_of(manifest: Manifest) -> str:
    """Give the object's uid, or the empty text for one that the server never saw."""
    return text(manifest, "metadata", "uid")


_SERVERS = (
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "selfLink",
    "deletionTimestamp",
)
_TOOLS = ("deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration")


def to_apply(manifest: Manifest) -> Manifest:
    """Give an object as a person would apply it again: without its status and what the server and kubectl keep in it."""
    taken: Json = {
        "status": None,
        "metadata": {**dict.fromkeys(_SERVERS), "annotations": dict.fromkeys(_TOOLS)},
    }
    made = merged(manifest, taken)
    assert isinstance(made, dict)
    if not mapping(made, "metadata", "annotations"):
        mapping(made, "metadata").pop("annotations", None)
    return made


def selects(selector: Mapping[str, str], having: Mapping[str, str]) -> bool:
    """Say whether an equality selector matches labels; an empty selector selects nothing (a Service without one)."""
    return bool(selector) and all(having.get(key) == value for key, value in selector.items())


def merged(into: Json, patch: Json) -> Json:
    """Apply an RFC 7386 merge patch and give the result; neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    base = dict(into) if isinstance(into, dict) else {}
    for key, value in patch.items():
        if value is None:
            base.pop(key, None)
        else:
            base[key] = merged(base.get(key), value)
    return cast(Json, base)


def both(first: Json, second: Json) -> Json:
    """Give the merge patch that does what these two do, one after the other."""
    if not isinstance(first, dict) or not isinstance(second, dict):
        return second
    return {**first, **{key: both(first.get(key), value) for key, value in second.items()}}


def holds(whole: Json, part: Json) -> bool:
    """Say whether a merge patch is already true of `whole`: every value there, every null absent."""
    if not isinstance(part, dict):
        return whole == part
    if not isinstance(whole, dict):
        return all(value is None for value in part.values())
    return all(key not in whole if value is None else holds(whole.get(key), value) for key, value in part.items())
