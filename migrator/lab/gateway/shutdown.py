"""The shutdown manager beside an Envoy: Envoy's preStop asks it, and is answered once a file is there. It ends nothing."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable
from pathlib import Path

from migrator.lab.http1.messages import Answer, Request, Response
from migrator.lab.http1.server import serve

LOOK_EVERY = 0.2
_LONGEST = 3600.0


async def manage(ip: str, port: int, asked: str, file: Path) -> int:
    """Serve until SIGTERM; `asked` is the path that is answered once `file` is there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)

    async def ready() -> Answer:
        deadline = time.monotonic() + _LONGEST
        while not file.exists() and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_EVERY)
        return Response(200, b"OK")

    def answer(request: Request) -> Answer | Awaitable[Answer]:
        return ready() if request.path == asked else Response(200 if request.path == "/healthz" else 404)

    server = await serve(answer, ip, port)
    await stopped.wait()
    await asyncio.sleep(2 * LOOK_EVERY)  # who waits for the file gets the answer
    server.close()
    return 0
