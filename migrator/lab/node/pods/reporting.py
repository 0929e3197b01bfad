"""Tell the API server what became of a pod: its status whenever it changed, and the final delete.

An unreachable server delays the telling, never the pod.
"""

import asyncio
import logging
from collections.abc import Callable

from migrator.lab.apiclient import STRATEGIC, Api, ApiError, Unanswered
from migrator.lab.node.documents import Json, now
from migrator.lab.node.pods.status import PodSeen, pod_status

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 0.3


class Reporter:
    """Writes the status of one pod. Only the newest one matters: what happened in between is not told."""

    def __init__(self, api: Api, pod: Json, seen: Callable[[], PodSeen]) -> None:
        self._pod = pod
        self._api = api
        self._seen = seen
        self._dirty = asyncio.Event()
        self._sent: Json | None = None
        self._sent_is_true = True

    def take(self, pod: Json) -> None:
        """Take the newest version of the object. If others changed a condition of ours, ours is written again."""
        self._pod = pod
        live = _by_type(pod.get("status"))
        ours = _by_type(self._sent)
        if any(live.get(kind, {}).get("status") != condition["status"] for kind, condition in ours.items()):
            self._sent_is_true = False
        self._dirty.set()

    def changed(self) -> None:
        """Say that the status may have changed."""
        self._dirty.set()

    async def run(self) -> None:
        """Report every change until cancelled."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            if not await self._report():
                self._dirty.set()
                await asyncio.sleep(_AGAIN_SECONDS)

    async def last_words(self, has_status: bool) -> None:
        """Report the last status, then delete with grace 0; repeat while the server does not answer."""
        while has_status and not await self._report():
            await asyncio.sleep(_AGAIN_SECONDS)
        while not await self._delete():
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _report(self) -> bool:
        """Write the status if it differs from the last one; False if it must be tried again."""
        conditions = [*{**_by_type(self._pod.get("status")), **_by_type(self._sent)}.values()]
        known = {**self._pod, "status": {**(self._pod.get("status") or {}), "conditions": conditions}}
        status = pod_status(known, self._seen(), now())
        if status == self._sent and self._sent_is_true:
            return True
        body = {"metadata": {"uid": self._pod["metadata"]["uid"]}, "status": status}
        self._sent_is_true = True
        try:
            await self._api.call("PATCH", f"{self._path}/status", body, content=STRATEGIC)
        except Unanswered as problem:
            log.warning("status of %s not written: %s", self._path, problem)
            self._sent_is_true = False  # the server still has what others wrote
            return False
        except ApiError as problem:
            self._sent_is_true = self._refused("status", problem)
            return self._sent_is_true
        self._sent = status
        return True

    async def _delete(self) -> bool:
        options = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "gracePeriodSeconds": 0,
            "preconditions": {"uid": self._pod["metadata"]["uid"]},
        }
        try:
            await self._api.call("DELETE", self._path, options)
        except Unanswered as problem:
            log.warning("%s not deleted: %s", self._path, problem)
            return False
        except ApiError as problem:
            return self._refused("delete", problem)
        return True

    def _refused(self, what: str, problem: ApiError) -> bool:
        """Return whether a refused write is over: the object is gone or another; a failing server is asked again."""
        if problem.status in (404, 409, 422):
            return True
        log.warning("%s of %s refused: %s", what, self._path, problem)
        return problem.status < 500 and problem.status not in (401, 403, 429)

    @property
    def _path(self) -> str:
        meta = self._pod["metadata"]
        return f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"


def _by_type(status: Json | None) -> dict[str, Json]:
    return {condition["type"]: condition for condition in (status or {}).get("conditions") or ()}
