"""Carries decided writes out against the API and puts the answers into the caches. It decides nothing itself."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby

from migrator.lab.apiclient import Api, ApiError, Unanswered
from migrator.lab.controllers.api.objects import name_of, namespace_of, stamp, uid_of
from migrator.lab.controllers.api.resources import PODS, Json, Resource
from migrator.lab.controllers.api.writes import APPLY, Apply, Bind, Create, Delete, Mood, Patch, RecordEvent, Write
from migrator.lab.controllers.engine.cache import Cache
from migrator.lab.controllers.engine.events import Recorder

_log = logging.getLogger(__name__)
_AT_ONCE = 16


class Performer:
    """Does writes one after the other; a run of creates or binds goes out together."""

    def __init__(self, api: Api, caches: Mapping[Resource, Cache], refusals: dict[str, str]) -> None:
        self._api = api
        self._caches = caches
        self._refusals = refusals
        self._events = Recorder(api)

    async def perform(self, writes: Sequence[Write]) -> bool:
        """Do all the writes; return whether every one succeeded. A refusal is logged and the next write still done."""
        fine = True
        for kind, group in groupby(writes, type):
            batch = list(group)
            size = _AT_ONCE if kind in (Create, Bind, Delete) else 1
            for start in range(0, len(batch), size):
                done = await asyncio.gather(*(self._try(write) for write in batch[start : start + size]))
                fine = fine and all(done)
        return fine

    async def _try(self, write: Write) -> bool:
        try:
            await self._do(write)
        except ApiError as error:
            # 404 and 409 say that the look was out of date; the watch will bring the news.
            level = logging.DEBUG if error.status in (404, 409) else logging.WARNING
            _log.log(level, "refused %s: %s", type(write).__name__, error)
            return False
        except Unanswered as error:
            _log.warning("unanswered %s: %s", type(write).__name__, error)
            return False
        return True

    async def _do(self, write: Write) -> None:
        match write:
            case Create():
                await self._create(write)
            case Patch():
                await self._patch(write)
            case Apply():
                await self._apply(write)
            case Delete():
                await self._delete(write)
            case Bind():
                await self._bind(write)
            case RecordEvent():
                await self._events.tell(write)

    def _learn(self, resource: Resource, answer: Json) -> None:
        cache = self._caches.get(resource)
        if cache is not None and answer.get("metadata", {}).get("uid"):
            cache.put(answer)

    async def _create(self, write: Create) -> None:
        resource, owner = write.resource, write.owner
        body = {"apiVersion": resource.group_version, "kind": resource.kind} | write.body
        try:
            created = await self._api.call("POST", resource.path(namespace_of(body)), body)
        except ApiError as error:
            if owner is not None and error.status != 409:
                self._refusals[uid_of(owner)] = error.message
                await self._events.tell(_refused(write, owner, error.message))
            raise
        self._learn(resource, created)
        if owner is not None:
            self._refusals.pop(uid_of(owner), None)
            message = f"Created {_word(resource)}: {name_of(created)}"
            await self._events.tell(RecordEvent(owner, Mood.NORMAL, "SuccessfulCreate", message, write.by))

    async def _patch(self, write: Patch) -> None:
        path = _path(write.resource, write.target, write.subresource)
        self._learn(write.resource, await self._api.call("PATCH", path, write.body, content=write.style))

    async def _apply(self, write: Apply) -> None:
        path = _path(write.resource, write.body)
        query = {"fieldManager": write.manager, "force": "true"}
        self._learn(write.resource, await self._api.call("PATCH", path, write.body, query=query, content=APPLY))

    async def _delete(self, write: Delete) -> None:
        target = write.target
        body: Json = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid_of(target)}}
        if write.grace is not None:
            body["gracePeriodSeconds"] = write.grace
        answer = await self._api.call("DELETE", _path(write.resource, target), body)
        self._note_deleted(write.resource, target, answer)
        if write.owner is not None:
            message = f"Deleted {_word(write.resource)}: {name_of(target)}"
            await self._events.tell(RecordEvent(write.owner, Mood.NORMAL, "SuccessfulDelete", message, write.by))

    def _note_deleted(self, resource: Resource, target: Json, answer: Json) -> None:
        cache = self._caches.get(resource)
        if cache is None:
            return
        marked = copy.deepcopy(target)
        if answer.get("kind") == resource.kind:
            marked["metadata"] = answer["metadata"]
        else:
            marked["metadata"].setdefault("deletionTimestamp", stamp(datetime.now(UTC)))
        # Whether it is gone or still has to stop, the watch says; until then it must not look alive.
        cache.mark(marked)

    async def _bind(self, write: Bind) -> None:
        pod = write.pod
        body: Json = {
            "apiVersion": "v1",
            "kind": "Binding",
            "metadata": {"name": name_of(pod), "namespace": namespace_of(pod), "uid": uid_of(pod)},
            "target": {"apiVersion": "v1", "kind": "Node", "name": write.node},
        }
        await self._api.call("POST", _path(PODS, pod, "binding"), body)
        bound = copy.deepcopy(pod)
        bound["spec"]["nodeName"] = write.node
        self._caches[PODS].mark(bound)
        message = f"Successfully assigned {namespace_of(pod)}/{name_of(pod)} to {write.node}"
        await self._events.tell(
            RecordEvent(pod, Mood.NORMAL, "Scheduled", message, "default-scheduler", True, "Binding")
        )


def _word(resource: Resource) -> str:
    return resource.kind[0].lower() + resource.kind[1:]


def _path(resource: Resource, target: Json, subresource: str = "") -> str:
    return resource.path(namespace_of(target), name_of(target), subresource)


def _refused(write: Create, owner: Json, why: str) -> RecordEvent:
    return RecordEvent(owner, Mood.WARNING, "FailedCreate", f"Error creating: {why}", write.by)
