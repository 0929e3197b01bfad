"""The kubelet's HTTP server of one node: port-forward, exec and logs of its pods. TLS; the API server asks it."""

import asyncio
from collections import deque
from pathlib import Path
from typing import Protocol

from aiohttp import web

from migrator.lab.certificates import self_signed, serving
from migrator.lab.node import port_forward
from migrator.lab.node.channels import accept, execute, forward
from migrator.lab.node.containers.container import ContainerRun
from migrator.lab.node.pods.pod import PodRun

PORT = 10250
_FOLLOW_SECONDS = 0.2


class Pods(Protocol):
    """Who knows the pods of this node."""

    def find(self, namespace: str, name: str) -> PodRun | None: ...


class Kubelet:
    """Serves one node's address until closed."""

    def __init__(self, pods: Pods) -> None:
        self._pods = pods
        app = web.Application()
        for method in ("GET", "POST"):
            app.router.add_route(method, "/portForward/{namespace}/{pod}", self._port_forward)
            app.router.add_route(method, "/exec/{namespace}/{pod}/{container}", self._exec)
        app.router.add_get("/containerLogs/{namespace}/{pod}/{container}", self._logs)
        app.router.add_get("/healthz", self._healthz)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)

    async def serve(self, host: str) -> None:
        """Listen on the node's address, port 10250."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, PORT, ssl_context=serving(*self_signed(host, host))).start()

    async def close(self) -> None:
        """Stop serving."""
        await self._runner.cleanup()

    async def _healthz(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text="ok")

    async def _port_forward(self, request: web.Request) -> web.StreamResponse:
        pod = self._pod(request)
        if request.headers.get("Upgrade", "") == port_forward.UPGRADE:
            return await port_forward.upgraded(request, pod.ip)
        if port_forward.TUNNELLED in request.headers.get("Sec-WebSocket-Protocol", ""):
            socket = await accept(request, port_forward.TUNNELLED)
            await port_forward.tunnelled(socket, pod.ip)
            return socket
        ports = [int(port) for text in request.query.getall("port", []) for port in text.split(",")]
        if not ports or not all(0 < port < 1 << 16 for port in ports):
            raise web.HTTPBadRequest(text='query parameter "port" is required, each 1 to 65535')
        socket = await accept(request)
        await forward(socket, pod.ip, ports)
        return socket

    async def _exec(self, request: web.Request) -> web.StreamResponse:
        container = self._container(request)
        command = request.query.getall("command", [])
        if not command:
            raise web.HTTPBadRequest(text="you must specify at least 1 command")
        if not container.alive:
            raise web.HTTPInternalServerError(text=f"container not running ({container.spec.name})")
        socket = await accept(request)
        stdin = request.query.get("input", "").lower() in ("1", "true")
        await execute(socket, command, container.spec.env, with_stdin=stdin)
        return socket

    async def _logs(self, request: web.Request) -> web.StreamResponse:
        container = self._container(request)
        previous = request.query.get("previous") == "true"
        path = container.previous_log if previous else container.log
        if not path.exists():
            raise web.HTTPBadRequest(text=f"no log of container {container.spec.name}")
        answer = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await answer.prepare(request)
        await answer.write(_tail(path, request.query.get("tailLines")))
        if request.query.get("follow") == "true":
            await _follow(answer, path, container)
        return answer

    def _pod(self, request: web.Request) -> PodRun:
        namespace, name = request.match_info["namespace"], request.match_info["pod"]
        pod = self._pods.find(namespace, name)
        if pod is None or not pod.ip:
            raise web.HTTPNotFound(text=f"pod {namespace}/{name} does not run on this node")
        return pod

    def _container(self, request: web.Request) -> ContainerRun:
        container = self._pod(request).containers.get(request.match_info["container"])
        if container is None:
            raise web.HTTPNotFound(text=f"container {request.match_info['container']} not found in the pod")
        return container


def _tail(path: Path, lines: str | None) -> bytes:
    with path.open("rb") as log:
        return b"".join(deque(log, int(lines))) if lines else log.read()


async def _follow(answer: web.StreamResponse, path: Path, container: ContainerRun) -> None:
    with path.open("rb") as log:
        log.seek(0, 2)
        while True:
            more = log.read()
            if more:
                await answer.write(more)
            elif not container.alive:
                return
            await asyncio.sleep(_FOLLOW_SECONDS)
