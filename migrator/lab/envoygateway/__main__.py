"""`python -m migrator.lab.envoygateway`: Envoy Gateway's controller, and the server of its Envoys' configuration.

Like the lab's istiod it speaks a small JSON protocol of the lab's to the Envoys, not xDS.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from pathlib import Path

from aiohttp import web

from migrator.lab.apiclient import Access, Api, read_kubeconfig
from migrator.lab.controllers.engine.cache import follow
from migrator.lab.controllers.engine.loop import Controller, Loop
from migrator.lab.envoygateway import conditions, translation
from migrator.lab.envoygateway.infrastructure import reconcile
from migrator.lab.istiod.server import ConfigServer
from migrator.lab.process import die_with_parent


async def serve(access: Access, host: str, port: int) -> None:
    """Serve and control until SIGTERM or SIGINT."""
    running = asyncio.create_task(_run(access, host, port))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        logging.getLogger(__name__).info("stopped")


async def _run(access: Access, host: str, port: int) -> None:
    server = ConfigServer(translation.WATCHES, translation.gateway_config)
    runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=0.5)
    line = {"ready": True, "part": "envoy-gateway", "host": host, "port": port, "url": f"http://{host}:{port}"}
    both = [
        Controller("infrastructure", reconcile.WATCHES, reconcile.Infrastructures((host, port)).sync),
        Controller("status", conditions.WATCHES, conditions.sync),
    ]
    async with Api(access, "envoy-gateway") as api, asyncio.TaskGroup() as tasks:
        for cache in server.caches.values():
            tasks.create_task(follow(api, cache))
        await asyncio.gather(*(cache.filled.wait() for cache in server.caches.values()))
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            await Loop(api, both).run(lambda: print(json.dumps(line), flush=True))  # noqa: T201
        finally:
            await runner.cleanup()


def main() -> int:
    """Parse the command line and serve."""
    die_with_parent()
    parser = argparse.ArgumentParser(prog="python -m migrator.lab.envoygateway", description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log-level", default="WARNING")
    options = parser.parse_args()
    logging.basicConfig(level=options.log_level, stream=sys.stderr, format="envoy-gateway %(levelname)s %(message)s")
    asyncio.run(serve(read_kubeconfig(options.kubeconfig), options.host, options.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
