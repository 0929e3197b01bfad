"""The life of a part that configures gateways, whoever's control plane it is: its command line, its server, its end.

It speaks a small JSON protocol of the lab's to the Envoys, not xDS.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from migrator.lab.apiclient import Access, Api, read_kubeconfig
from migrator.lab.controllers.engine.cache import follow
from migrator.lab.istiod.server import ConfigServer
from migrator.lab.process import die_with_parent

Address = tuple[str, int]
Beside = Callable[[Api, Address, Callable[[], None]], Awaitable[None]]
"""What goes on beside the server until it is cancelled: it is given the API, where the server is, and what says "ready"."""


async def nothing(_api: Api, _address: Address, ready: Callable[[], None]) -> None:
    """Do nothing beside the server."""
    ready()
    await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the lab's name of it, what it does in a sentence or two, and the module that it is."""

    name: str
    module: str
    does: str
    server: Callable[[], ConfigServer] = ConfigServer
    beside: Beside = nothing

    def main(self) -> int:
        """Parse the command line and serve until SIGTERM or SIGINT."""
        die_with_parent()
        parser = argparse.ArgumentParser(prog=f"python -m {self.module}", description=self.does)
        parser.add_argument("--kubeconfig", type=Path, required=True)
        parser.add_argument("--host", required=True)
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--net", help="accepted for uniformity")
        parser.add_argument("--log-level", default="WARNING")
        options = parser.parse_args()
        form = f"{self.name} %(levelname)s %(message)s"
        logging.basicConfig(level=options.log_level, stream=sys.stderr, format=form)
        asyncio.run(self.serve(read_kubeconfig(options.kubeconfig), (options.host, options.port)))
        return 0

    async def serve(self, access: Access, address: Address) -> None:
        """Serve until SIGTERM or SIGINT."""
        running = asyncio.create_task(self._run(access, address))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, running.cancel)
        try:
            await running
        except asyncio.CancelledError:
            logging.getLogger(__name__).info("stopped")

    async def _run(self, access: Access, address: Address) -> None:
        server = self.server()
        runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=0.5)
        async with Api(access, self.name) as api, asyncio.TaskGroup() as tasks:
            for cache in server.caches.values():
                tasks.create_task(follow(api, cache))
            await asyncio.gather(*(cache.filled.wait() for cache in server.caches.values()))
            await runner.setup()
            try:
                await web.TCPSite(runner, *address).start()
                await self.beside(api, address, lambda: self._say_ready(address))
            finally:
                await runner.cleanup()

    def _say_ready(self, address: Address) -> None:
        host, port = address
        line = {"ready": True, "part": self.name, "host": host, "port": port, "url": f"http://{host}:{port}"}
        print(json.dumps(line), flush=True)  # noqa: T201
