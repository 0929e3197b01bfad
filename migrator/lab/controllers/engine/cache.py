"""A copy of one API type, kept by list and watch and by the answers to our own writes. It decides nothing."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable

from migrator.lab.apiclient import Api, ApiError, Unanswered
from migrator.lab.controllers.api.objects import name_of, namespace_of, uid_of
from migrator.lab.controllers.api.resources import Json, Resource

_log = logging.getLogger(__name__)
_REMEMBERED_DEATHS = 4096
_FIRST_RETRY = 0.1
_LAST_RETRY = 1.0
_WATCH_SECONDS = 300
GONE = 410

Key = tuple[str, str]


def version_of(item: Json) -> int:
    """Return the resourceVersion as a number (a lab server counts; a fresh copy is told from an old one by it)."""
    return int(item["metadata"].get("resourceVersion") or 0)


class Cache:
    """The objects of one type by (namespace, name).

    A write's answer is put in at once, so that the next look sees it: this replaces the real controllers' expectations.
    For that, older versions never overwrite newer ones, and an object seen dead is never revived by a late event.
    """

    def __init__(self, resource: Resource, changed: Callable[[Resource], None]) -> None:
        self.resource = resource
        self.filled = asyncio.Event()
        self._items: dict[Key, Json] = {}
        self._dead: OrderedDict[str, None] = OrderedDict()
        self._changed = changed

    def items(self) -> list[Json]:
        """Return all objects, in the order in which they were first seen."""
        return list(self._items.values())

    def put(self, item: Json) -> None:
        """Take in an object as the server has just shown it."""
        if self._admit(item):
            self._changed(self.resource)

    def drop(self, item: Json) -> None:
        """Take out an object that the server says is gone."""
        key = (namespace_of(item), name_of(item))
        self._dead[uid_of(item)] = None
        while len(self._dead) > _REMEMBERED_DEATHS:
            self._dead.popitem(last=False)
        held = self._items.get(key)
        if held is not None and uid_of(held) == uid_of(item):
            del self._items[key]
            self._changed(self.resource)

    def mark(self, item: Json) -> None:
        """Change the copy we hold ahead of the server's news, if it still is this very version or an older one."""
        key = (namespace_of(item), name_of(item))
        held = self._items.get(key)
        if held is not None and uid_of(held) == uid_of(item) and version_of(held) <= version_of(item):
            self._items[key] = item
            self._changed(self.resource)

    def replace(self, items: Iterable[Json], version: int) -> None:
        """Take a fresh list made at `version`; what we know to be newer than the list stays."""
        listed = {(namespace_of(item), name_of(item)): item for item in items}
        for key, held in list(self._items.items()):
            if key not in listed and version_of(held) <= version:
                self.drop(held)
        for item in listed.values():
            self._admit(item)
        self.filled.set()
        self._changed(self.resource)

    def _admit(self, item: Json) -> bool:
        item.setdefault("kind", self.resource.kind)  # objects inside a list carry neither
        item.setdefault("apiVersion", self.resource.group_version)
        key = (namespace_of(item), name_of(item))
        held = self._items.get(key)
        if uid_of(item) in self._dead:
            return False
        if held is not None and version_of(held) >= version_of(item):
            return False
        self._items[key] = item
        return True


async def follow(api: Api, cache: Cache) -> None:
    """Keep a cache true for ever: list, watch from there, list again when the server says 410 or breaks off."""
    pause = _FIRST_RETRY
    while True:
        try:
            version = await _list(api, cache)
            pause = _FIRST_RETRY
            await _watch(api, cache, version)
        except (ApiError, Unanswered) as error:
            _log.debug("relist %s: %s", cache.resource.plural, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LAST_RETRY)


async def _list(api: Api, cache: Cache) -> str:
    try:
        listed = await api.call("GET", cache.resource.path())
    except ApiError as error:
        if error.status == 404:  # a custom resource that nobody has defined yet: there are none of it
            cache.replace([], 0)
        raise
    version = str(listed["metadata"]["resourceVersion"])
    cache.replace(listed.get("items") or [], int(version))
    return version


async def _watch(api: Api, cache: Cache, version: str) -> None:
    """Follow changes; a watch that ends in peace is taken up at the last version seen."""
    while True:
        query = {
            "resourceVersion": version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(_WATCH_SECONDS),
        }
        seen = version
        async for event in api.watch(cache.resource.path(), query):
            item = event["object"]
            if event["type"] == "ERROR":
                raise ApiError(int(item.get("code") or 0), str(item.get("reason")), str(item.get("message")))
            version = str(item["metadata"]["resourceVersion"])
            _take(cache, event["type"], item)
        if version == seen:  # nothing came: do not spin on a server that closes watches at once
            await asyncio.sleep(_FIRST_RETRY)


def _take(cache: Cache, kind: str, item: Json) -> None:
    if kind == "DELETED":
        cache.drop(item)
    elif kind != "BOOKMARK":
        cache.put(item)
