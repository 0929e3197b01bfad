"""A config server, an application and gateway containers for these tests, all on one loopback prefix."""

import asyncio
import contextlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from migrator.lab.http1.messages import Answer, Request, Response, json_response
from migrator.lab.http1.server import serve
from migrator.lab.process import ready_line, spawn, stop

Json = dict[str, object]


def config(prefix: str, *, version: str = "1", app_port: int = 8000, port: int = 8080) -> Json:
    """Return a gateway's config: everything to the application."""
    route = {"match": {"prefix": "/"}, "cluster": "app", "timeout_s": 0}
    hosts = [{"name": "all", "domains": ["*"], "routes": [route]}]
    return {
        "version": version,
        "listeners": [{"port": port, "name": f"0.0.0.0_{port}", "vhosts": hosts}],
        "clusters": [{"name": "app", "endpoints": [{"address": f"{prefix}.0.3", "port": app_port}]}],
    }


class Istiod:
    """A tiny config server: one config for all gateways; `give` changes it and wakes the long polls."""

    def __init__(self, prefix: str) -> None:
        self.address = (f"{prefix}.0.2", 15010)
        self._config: Json | None = None
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._listening.wait(5)

    def give(self, found: Json | None) -> None:
        """Serve `found` from now on; None answers 503."""

        def change() -> None:
            self._config = found
            self._changed.set()
            self._changed = asyncio.Event()

        self._loop.call_soon_threadsafe(change)

    def close(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._changed, self._over = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        async with await serve(self._answer, *self.address):
            self._listening.set()
            await self._over.wait()
        polling = asyncio.all_tasks() - {asyncio.current_task()}
        for task in polling:
            task.cancel()
        await asyncio.gather(*polling, return_exceptions=True)
        await asyncio.sleep(0.05)  # connections that have ended on either side are closed in the loop's next rounds

    async def _answer(self, request: Request) -> Answer:
        if self._config and self._config["version"] == request.query.get("version"):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), float(request.query["wait"]))
        return json_response(self._config) if self._config else Response(503)


def start_app(prefix: str) -> subprocess.Popen[bytes]:
    """Start the application and wait until it serves."""
    popen = spawn([sys.executable, "-m", "migrator.lab.app", "--host", f"{prefix}.0.3", "--port", "8000"])
    ready_line(popen, 10)
    return popen


class Gateway:
    """One gateway container, started as the node agent would."""

    def __init__(self, prefix: str, istiod: Istiod, **env: str) -> None:
        self.ip = f"{prefix}.11.2"
        own = {
            "POD_IP": self.ip,
            "POD_NAME": "gw-5d9c7b4f6d-abcde",
            "POD_NAMESPACE": "edge",
            "LAB_ISTIOD": "http://{}:{}".format(*istiod.address),
        }
        argv = [sys.executable, "-m", "migrator.lab.gateway"]
        self.popen = spawn(argv, env={**os.environ, **own, **env}, stdout=subprocess.DEVNULL)

    def ask(self, port: int, target: str, method: str = "GET") -> tuple[int, bytes, str]:
        """Ask over a new connection; return status, body and the Connection header. Refused is status 0."""
        connection = http.client.HTTPConnection(self.ip, port, timeout=10)
        try:
            connection.request(method, target)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers.get("connection", "")
        except OSError:
            return 0, b"", ""
        finally:
            connection.close()

    def status(self, port: int, target: str = "/") -> int:
        """Return only the status of GET `target`."""
        return self.ask(port, target)[0]

    def admin(self, target: str, method: str = "POST") -> bytes:
        """Ask Envoy's admin interface."""
        status, body, _ = self.ask(15000, target, method)
        assert status == 200, f"{target} answered {status}"
        return body

    def server_info(self) -> Json:
        """Return Envoy's /server_info."""
        found: Json = json.loads(self.admin("/server_info", "GET"))
        return found

    def until_ready(self) -> None:
        """Wait until the readiness port answers 200."""
        until(lambda: self.status(15021, "/healthz/ready") == 200, "the gateway is ready")

    def close(self) -> None:
        """End it, without waiting for a drain."""
        self.popen.kill()
        stop(self.popen)


def until(true: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
    """Wait until `true()` or fail after `seconds`, saying `what` never came."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)
