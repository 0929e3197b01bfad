"""The image `lab/httpd`: answers `ok` to everything, and `/healthz` with what `/set?status=N` last said."""

import argparse
import asyncio
import os
import signal

from migrator.lab.http1.messages import Request, Response
from migrator.lab.http1.server import serve


async def run(host: str, port: int) -> None:
    """Serve until SIGTERM."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    health = 200

    def answer(request: Request) -> Response:
        nonlocal health
        if request.path == "/set":
            health = int(request.query["status"])
        return Response(health if request.path == "/healthz" else 200, b"ok\n")

    server = await serve(answer, host, port)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="lab/httpd", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("POD_IP", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    asyncio.run(run(options.host, options.port))
