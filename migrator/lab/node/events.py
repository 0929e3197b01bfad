"""Record events about pods, as a kubelet does: repeated ones are counted. Events may get lost; nothing waits for them."""

import asyncio
import contextlib
import uuid

from migrator.lab.apiclient import MERGE, Api, ApiError, Unanswered
from migrator.lab.node.documents import Json, stamp

_MOST_WAITING = 1000
_MOST_REMEMBERED = 4096


class Events:
    """A queue of events of one node and the task that writes them."""

    def __init__(self, api: Api, node: str) -> None:
        self._api = api
        self._node = node
        self._queue: asyncio.Queue[tuple[Json, str, str, str]] = asyncio.Queue(_MOST_WAITING)
        self._known: dict[tuple[str, ...], tuple[str, int]] = {}

    def record(self, pod: Json, kind: str, reason: str, message: str) -> None:
        """Queue one event about `pod`; `kind` is Normal or Warning. A full queue drops it."""
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait((pod, kind, reason, message))

    async def run(self) -> None:
        """Write queued events until cancelled."""
        while True:
            event = await self._queue.get()
            with contextlib.suppress(ApiError, Unanswered):
                await self._write(*event)

    async def _write(self, pod: Json, kind: str, reason: str, message: str) -> None:
        meta = pod["metadata"]
        path = f"/api/v1/namespaces/{meta['namespace']}/events"
        key = (meta["uid"], reason, message)
        if known := self._known.get(key):
            name, count = known
            self._known[key] = (name, count + 1)
            await self._api.call(
                "PATCH", f"{path}/{name}", {"count": count + 1, "lastTimestamp": stamp()}, content=MERGE
            )
            return
        name = f"{meta['name']}.{uuid.uuid4().hex[:16]}"
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = (name, 1)
        await self._api.call("POST", path, self._document(pod, name, kind, reason, message))

    def _document(self, pod: Json, name: str, kind: str, reason: str, message: str) -> Json:
        meta = pod["metadata"]
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": meta["namespace"]},
            "involvedObject": {
                "apiVersion": "v1",
                "kind": "Pod",
                "name": meta["name"],
                "namespace": meta["namespace"],
                "uid": meta["uid"],
            },
            "reason": reason,
            "message": message[:1024],
            "type": kind,
            "source": {"component": "kubelet", "host": self._node},
            "reportingComponent": "kubelet",
            "reportingInstance": self._node,
            "firstTimestamp": stamp(),
            "lastTimestamp": stamp(),
            "count": 1,
        }
