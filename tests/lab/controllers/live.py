"""A real API server and real controllers as processes, and kubelets in this process that only pretend to run pods."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from typing import Any

import yaml

from migrator.lab.apiclient import Access, Api, ApiError
from migrator.lab.controllers.api.objects import is_deleting, is_ready, micro_stamp, name_of, namespace_of, stamp
from migrator.lab.controllers.api.resources import LEASES, NODES, PODS, Resource
from migrator.lab.controllers.api.writes import STRATEGIC
from migrator.lab.process import ready_line, spawn, stop

Json = dict[str, Any]
TOKEN = "tests-only"
_BEAT = 0.4
_TICK = 0.03


class Live:
    """Calls to the running cluster, with bounded waits."""

    def __init__(self, api: Api, kubeconfig: Path) -> None:
        self.api = api
        self.kubeconfig = kubeconfig
        self.dead_nodes: set[str] = set()

    async def add(self, resource: Resource, item: Json, namespace: str = "default") -> Json:
        body = {"apiVersion": resource.group_version, "kind": resource.kind} | item
        return await self.api.call("POST", resource.path(namespace), body)

    async def get(self, resource: Resource, name: str, namespace: str = "default") -> Json:
        return await self.api.call("GET", resource.path(namespace, name))

    async def all(self, resource: Resource, **labels: str) -> list[Json]:
        query = {"labelSelector": ",".join(f"{key}={value}" for key, value in labels.items())} if labels else {}
        items: list[Json] = (await self.api.call("GET", resource.path(), query=query))["items"]
        return items

    async def change(self, resource: Resource, name: str, patch: Json, namespace: str = "default") -> Json:
        content = "application/merge-patch+json"
        return await self.api.call("PATCH", resource.path(namespace, name), patch, content=content)

    async def delete(self, resource: Resource, name: str, policy: str = "Background", grace: int | None = None) -> Json:
        body: Json = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": policy}
        if grace is not None:
            body["gracePeriodSeconds"] = grace
        return await self.api.call("DELETE", resource.path("default", name), body)

    async def until(self, what: str, check: Callable[[], Any], seconds: float = 10.0) -> float:
        """Wait until the awaitable that `check` makes is truthy; give the seconds it took. Fails after `seconds`."""
        started, last = time.monotonic(), None
        while time.monotonic() - started < seconds:
            last = await check()
            if last:
                return time.monotonic() - started
            await asyncio.sleep(0.01)
        raise AssertionError(f"{what}: not within {seconds} s, last seen {last!r}")

    async def ready_pods(self, **labels: str) -> list[Json]:
        return [pod for pod in await self.all(PODS, **labels) if is_ready(pod) and not is_deleting(pod)]

    async def has_ready(self, number: int, **labels: str) -> bool:
        return len(await self.ready_pods(**labels)) == number

    async def nodes_fit(self) -> bool:
        """Say whether every node is Ready and free of taints."""
        nodes = await self.all(NODES)
        return all(is_ready(node) and not node["spec"].get("taints") for node in nodes)

    async def pretend(self) -> None:
        """Be the kubelets of all nodes that are not dead: beat, report bound pods Ready, finish deleted ones."""
        beat = 0.0
        while True:
            if time.monotonic() - beat > _BEAT:
                await self._beat()
                beat = time.monotonic()
            for pod in await self.all(PODS):
                if pod["spec"].get("nodeName") and pod["spec"]["nodeName"] not in self.dead_nodes:
                    await self._run(pod)
            await asyncio.sleep(_TICK)

    async def _beat(self) -> None:
        now = datetime.now(UTC)
        for node in await self.all(NODES):
            if name_of(node) in self.dead_nodes:
                continue
            condition = {"type": "Ready", "status": "True", "lastHeartbeatTime": stamp(now), "reason": "KubeletReady"}
            path = NODES.path("", name_of(node), "status")
            await self.api.call("PATCH", path, {"status": {"conditions": [condition]}}, content=STRATEGIC)
            await self.change(LEASES, name_of(node), {"spec": {"renewTime": micro_stamp(now)}}, "kube-node-lease")

    async def _run(self, pod: Json) -> None:
        path = PODS.path(namespace_of(pod), name_of(pod))
        try:
            if is_deleting(pod):
                await self.api.call("DELETE", path, {"gracePeriodSeconds": 0})
            elif not is_ready(pod):
                condition = {"type": "Ready", "status": "True", "lastTransitionTime": stamp(datetime.now(UTC))}
                address = f"127.90.{hash(name_of(pod)) % 250}.{hash(path) % 250 + 1}"
                body = {"status": {"phase": "Running", "podIP": address, "conditions": [condition]}}
                await self.api.call("PATCH", f"{path}/status", body, content=STRATEGIC)
        except ApiError as error:
            if error.status not in (404, 409):
                raise

    async def add_nodes(self, count: int) -> None:
        """Register nodes n1, n2, ... with their leases."""
        for number in range(1, count + 1):
            name = f"n{number}"
            labels = {"kubernetes.io/hostname": name}
            await self.add(NODES, {"metadata": {"name": name, "labels": labels}}, "")
            await self.add(LEASES, {"metadata": {"name": name}, "spec": {}}, "kube-node-lease")


def start_server(net: str, *options: str) -> tuple[Popen[bytes], Access]:
    """Start an API server on a net of its own."""
    argv = [sys.executable, "-m", "migrator.lab.kube", "--host", f"{net}.0.1", "--port", "6443", "--token", TOKEN]
    server = spawn([*argv, *options])
    ready_line(server, 20)
    return server, Access(f"http://{net}.0.1:6443", TOKEN)


def start_controllers(kubeconfig: Path, grace: float = 2.0) -> Popen[bytes]:
    """Start the controllers and wait until they control."""
    argv = [sys.executable, "-m", "migrator.lab.controllers", "--kubeconfig", str(kubeconfig)]
    found = spawn([*argv, "--node-grace", str(grace)])
    ready_line(found, 20)
    return found


def write_kubeconfig(path: Path, access: Access) -> Path:
    """Write a kubeconfig with one context."""
    content = {
        "current-context": "t",
        "contexts": [{"name": "t", "context": {"cluster": "t", "user": "t"}}],
        "clusters": [{"name": "t", "cluster": {"server": access.server}}],
        "users": [{"name": "t", "user": {"token": access.token}}],
    }
    path.write_text(yaml.safe_dump(content))
    return path


@asynccontextmanager
async def live(net: str, folder: Path, *options: str, nodes: int = 5) -> AsyncIterator[Live]:
    """Run a cluster with controllers and pretending kubelets for the duration of one test."""
    server, access = start_server(net, *options)
    controllers = None
    try:
        kubeconfig = write_kubeconfig(folder / "kubeconfig", access)
        controllers = start_controllers(kubeconfig)
        async with Api(access) as api:
            cluster = Live(api, kubeconfig)
            await cluster.add_nodes(nodes)
            kubelets = asyncio.create_task(cluster.pretend())
            await cluster.until("nodes", cluster.nodes_fit)
            try:
                yield cluster
            finally:
                if kubelets.done():
                    kubelets.result()
                kubelets.cancel()
                await asyncio.gather(kubelets, return_exceptions=True)
    finally:
        for process in (controllers, server):
            if process is not None:
                stop(process)
