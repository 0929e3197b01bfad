"""One node: follows the pods bound to it and gives each its `PodRun`. Where the API server is unreachable, pods run on."""

import asyncio
import logging

from migrator.lab.apiclient import Api, ApiError, Unanswered
from migrator.lab.node.documents import Json
from migrator.lab.node.host import Host
from migrator.lab.node.kubelet import Kubelet
from migrator.lab.node.pods.pod import PodRun
from migrator.lab.node.registration import heartbeat

log = logging.getLogger(__name__)

_PODS = "/api/v1/pods"
_AGAIN_SECONDS = 0.3
_WATCH_SECONDS = "240"


class Node:
    """Runs one node until cancelled."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._api: Api = host.api
        self._runs: dict[str, PodRun] = {}  # by uid
        self._tasks: set[asyncio.Task[None]] = set()
        self._kubelet = Kubelet(self)

    def find(self, namespace: str, name: str) -> PodRun | None:
        """Return the pod of that name, the newest if an older one still ends."""
        named = [
            run
            for run in self._runs.values()
            if (run.pod["metadata"]["namespace"], run.pod["metadata"]["name"]) == (namespace, name)
        ]
        return named[-1] if named else None

    def kill(self) -> None:
        """SIGKILL every container, at the end of the agent."""
        for run in self._runs.values():
            run.kill()

    async def run(self, serving: asyncio.Event) -> None:
        """Serve, register and run pods until cancelled; `serving` is set when the kubelet's port is open."""
        await self._kubelet.serve(self._host.ip)
        serving.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(heartbeat(self._host))
                tasks.create_task(self._host.events.run())
                tasks.create_task(self._follow())
        finally:
            for task in self._tasks:
                task.cancel()
            await self._kubelet.close()

    async def _follow(self) -> None:
        """List, then watch; whenever a watch ends for any reason, list again."""
        version = ""
        while True:
            try:
                version = await self._watch(version) if version else await self._list()
            except (ApiError, Unanswered) as problem:
                log.warning("node %s: cannot follow its pods: %s", self._host.name, problem)
                version = ""
                await asyncio.sleep(_AGAIN_SECONDS)

    @property
    def _mine(self) -> dict[str, str]:
        return {"fieldSelector": f"spec.nodeName={self._host.name}"}

    async def _list(self) -> str:
        listed = await self._api.call("GET", _PODS, query=self._mine)
        there = {pod["metadata"]["uid"] for pod in listed["items"] or ()}
        for uid in self._runs.keys() - there:
            self._gone(uid)
        for pod in listed["items"] or ():
            self._take(pod)
        return str(listed["metadata"]["resourceVersion"])

    async def _watch(self, version: str) -> str:
        """Apply events until the watch ends; return the version to go on from, empty to list again."""
        query = {
            **self._mine,
            "resourceVersion": version,
            "timeoutSeconds": _WATCH_SECONDS,
            "allowWatchBookmarks": "true",
        }
        async for event in self._api.watch(_PODS, query):
            if event["type"] == "ERROR":
                return ""
            pod: Json = event["object"]
            version = str(pod["metadata"]["resourceVersion"])
            if event["type"] in ("ADDED", "MODIFIED"):
                self._take(pod)
            elif event["type"] == "DELETED":
                self._gone(pod["metadata"]["uid"])
        return version

    def _take(self, pod: Json) -> None:
        uid = pod["metadata"]["uid"]
        if uid in self._runs:
            self._runs[uid].update(pod)
            return
        run = self._runs[uid] = PodRun(pod, self._host)
        run.update(pod)
        task = asyncio.create_task(self._run(run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, run: PodRun) -> None:
        try:
            await run.run()
        except Exception:  # one pod's failure must not end the node
            log.exception("pod %s failed", run.pod["metadata"]["name"])

    def _gone(self, uid: str) -> None:
        run = self._runs.pop(uid, None)
        if run is not None:
            run.vanish()
