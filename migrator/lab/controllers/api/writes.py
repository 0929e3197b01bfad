"""What a controller may decide to do to the API, as values. Nothing here talks to a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from migrator.lab.controllers.api.objects import namespace_of, uid_of
from migrator.lab.controllers.api.resources import Json, Resource

MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"


class Mood(StrEnum):
    """The two types of an event."""

    NORMAL = "Normal"
    WARNING = "Warning"


@dataclass(frozen=True, slots=True)
class Create:
    """Create an object; with an owner, its events say so and a refusal is remembered under the owner's uid."""

    resource: Resource
    body: Json
    owner: Json | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """Patch an object or a subresource. The body carries what must still hold (uid, resourceVersion)."""

    resource: Resource
    target: Json
    body: Json
    subresource: str = ""
    style: str = MERGE


@dataclass(frozen=True, slots=True)
class Apply:
    """Apply a whole object server-side as `manager`, by force: it is made where there is none."""

    resource: Resource
    body: Json
    manager: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete exactly this object (by uid); with an owner, its events say so. A grace of 0 seconds is by force."""

    resource: Resource
    target: Json
    owner: Json | None = None
    by: str = ""
    grace: int | None = None


@dataclass(frozen=True, slots=True)
class Bind:
    """Give a pod to a node."""

    pod: Json
    node: str


@dataclass(frozen=True, slots=True)
class RecordEvent:
    """Record an event. `series` is the newer form: empty source, eventTime and reportingComponent set."""

    about: Json
    mood: Mood
    reason: str
    message: str
    by: str
    series: bool = False
    action: str = ""


Write = Create | Patch | Apply | Delete | Bind | RecordEvent


@dataclass(frozen=True, slots=True)
class Sync:
    """What one look decided: the writes, in order, and when (seconds) to look again though nothing changed."""

    writes: tuple[Write, ...] = ()
    recheck: float | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What the caches hold at one moment. Objects are shared: read, never changed."""

    now: datetime
    objects: Mapping[Resource, Sequence[Json]]
    refusals: Mapping[str, str]
    """Owner uid to the message with which the server last refused a child."""

    def all(self, resource: Resource) -> Sequence[Json]:
        """Return every object of a type."""
        return self.objects.get(resource, ())

    def within(self, resource: Resource, namespace: str) -> list[Json]:
        """Return the objects of a type in one namespace."""
        return [item for item in self.all(resource) if namespace_of(item) == namespace]


def sooner(*times: float | None) -> float | None:
    """Return the earliest of some waits; None means never."""
    known = [one for one in times if one is not None]
    return min(known) if known else None


def merged(*parts: Sync) -> Sync:
    """Join several decisions into one."""
    return Sync(tuple(write for part in parts for write in part.writes), sooner(*(part.recheck for part in parts)))


def status_patch(resource: Resource, target: Json, status: Json) -> list[Write]:
    """Patch a status that one controller owns whole: fields no longer wanted are removed. Nothing if all is so."""
    old: Json = target.get("status") or {}
    if old == status:
        return []
    gone = {key: None for key in old if key not in status}
    changed = {key: value for key, value in status.items() if old.get(key) != value}
    body = {"metadata": {"uid": uid_of(target)}, "status": gone | changed}
    return [Patch(resource, target, body, subresource="status")]
