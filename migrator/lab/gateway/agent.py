"""The agent beside Envoy: fetches config, answers on port 15020, and drains on SIGTERM the way pilot-agent does."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from migrator.lab.gateway.envoy import GatewayEnvoy
from migrator.lab.gateway.following import Following
from migrator.lab.gateway.settings import Settings
from migrator.lab.http1.messages import Answer, Request, Response

log = logging.getLogger(__name__)

_LONGEST_DRAIN_SECONDS = 3600.0


class Agent:
    """One gateway's agent. It ends when it was told to (exit code 0) or when its Envoy ended (1)."""

    def __init__(self, settings: Settings, directory: Path) -> None:
        self._settings = settings
        self._envoy = GatewayEnvoy(settings, directory)
        s = settings
        self._following = Following(s.istiod, f"{s.namespace}/{s.pod}", s.pod_ip, directory, s.direction)
        self._started = time.monotonic()
        self._told_to_stop = asyncio.Event()
        self._was_ready = False
        self._drained_by_request = False
        self._close_port: Callable[[], None] = lambda: None

    def tell_to_stop(self) -> None:
        """Begin the end, what SIGTERM and POST /quitquitquit do: the agent's own port closes first of all."""
        self._told_to_stop.set()
        self._close_port()

    def on_stop(self, close_port: Callable[[], None]) -> None:
        """Say what closes port 15020 when the end begins."""
        self._close_port = close_port

    async def run(self) -> int:
        """Run Envoy until it ends or until told to stop; return the exit code."""
        following = asyncio.create_task(self._following.run())
        stopped = asyncio.create_task(self._told_to_stop.wait())
        configured = asyncio.create_task(self._following.configured.wait())
        await asyncio.wait((stopped, configured), return_when=asyncio.FIRST_COMPLETED)
        if stopped.done():
            return 0
        self._envoy.begin()
        ended = asyncio.create_task(self._envoy.exited())
        await asyncio.wait((stopped, ended), return_when=asyncio.FIRST_COMPLETED)
        following.cancel()
        if not ended.done():
            await asyncio.wait((asyncio.create_task(self._drain()), ended), return_when=asyncio.FIRST_COMPLETED)
            self._envoy.kill()
            await ended
            return 0
        log.error("envoy ended with code %d", ended.result())
        return 1

    def answer(self, request: Request) -> Answer | Awaitable[Answer]:
        """Answer on port 15020."""
        if self._told_to_stop.is_set():
            return Response(503, b"terminating\n", (("connection", "close"),))
        if request.path == "/healthz/ready":
            return self._ready()
        if request.path in ("/stats/prometheus", "/metrics"):
            return self._metrics()
        if request.path in ("/drain", "/quitquitquit") and request.method != "POST":
            return Response(405, b"POST only\n")
        if request.path == "/drain":
            return self._drain_on_request()
        if request.path == "/quitquitquit":
            self.tell_to_stop()
            return Response(200, b"OK")
        return Response(404, b"not found\n")

    async def _ready(self) -> Answer:
        """Answer 200 once Envoy was fit; never again 503 while this agent serves (Istio's readiness is sticky)."""
        if not self._was_ready:
            try:
                self._was_ready = await self._envoy.fit()
            except OSError:
                return Response(503, b"envoy does not answer\n")
        return Response(200) if self._was_ready else Response(503, b"config not received or workers not started\n")

    async def _metrics(self) -> Answer:
        uptime = time.monotonic() - self._started
        own = f"# TYPE istio_agent_uptime_seconds gauge\nistio_agent_uptime_seconds {uptime:.3f}\n"
        try:
            envoy = await self._envoy.admin("GET", "/stats/prometheus")
        except OSError:
            envoy = b""
        return Response(200, own.encode() + envoy, (("content-type", "text/plain; version=0.0.4"),))

    async def _drain_on_request(self) -> Answer:
        """Drain without an end; afterwards SIGTERM ends this agent at once (pilot-agent's rule)."""
        try:
            await self._envoy.admin("POST", "/drain_listeners?graceful&skip_exit")
        except OSError as error:
            return Response(503, f"{error}\n".encode())
        self._drained_by_request = True
        return Response(200, b"OK")

    async def _drain(self) -> None:
        if self._drained_by_request:
            return
        try:
            await self._envoy.admin("POST", "/drain_listeners?graceful")
        except OSError as error:
            log.error("draining failed: %s", error)
        if not self._settings.exit_on_zero_connections:
            await asyncio.sleep(self._settings.drain_seconds)
            return
        await asyncio.sleep(self._settings.minimum_drain_seconds)
        # pilot-agent has no bound of its own here: terminationGracePeriodSeconds ends it
        deadline = time.monotonic() + _LONGEST_DRAIN_SECONDS
        while time.monotonic() < deadline and await self._still_connected():
            await asyncio.sleep(1.0)

    async def _still_connected(self) -> bool:
        try:
            return await self._envoy.active_connections() > 0
        except OSError as error:
            log.error("cannot count connections: %s", error)
            return True
