"""The command `nginx-ingress-controller` in a pod: runs nginx, answers /healthz and /metrics, and ends both in its order.

SIGTERM: /healthz fails and clients are served for --shutdown-grace-period; then nginx quits, which ends what is idle at once
and the rest when it is answered. Source: kubernetes/ingress-nginx internal/ingress/controller/nginx.go (`Stop`).
"""

import argparse
import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

from migrator.lab.ending import ended
from migrator.lab.http1.messages import Answer, Request, Response
from migrator.lab.http1.server import serve
from migrator.lab.nginx import config, program
from migrator.lab.nginx.counting import Answers
from migrator.lab.process import die_with_parent, spawn

log = logging.getLogger(__name__)
_QUITS_WITHIN = 40.0


class Log(asyncio.DatagramProtocol):
    """Takes the lines of nginx's log."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._answers.take(data)


class Controller:
    """One controller and its nginx."""

    def __init__(self, options: argparse.Namespace, env: dict[str, str], folder: Path) -> None:
        self._options, self._folder = options, folder
        self._ip, self._upstream = env["POD_IP"], env["LAB_UPSTREAM"]
        self._answers = Answers(env["POD_NAMESPACE"], env["POD_NAME"], time.time())
        self._stopping = asyncio.Event()

    async def run(self) -> int:
        """Run nginx until it ends or until told to stop; return the exit code."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stopping.set)
        receiving = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiving.bind(str(self._folder / config.LOG))
        transport, _ = await loop.create_datagram_endpoint(lambda: Log(self._answers), sock=receiving)
        server = await serve(self._answer, self._ip, self._options.healthz_port)
        nginx = self._start()
        over, told = asyncio.create_task(ended(nginx)), asyncio.create_task(self._stopping.wait())
        await asyncio.wait((over, told), return_when=asyncio.FIRST_COMPLETED)
        if not over.done():
            await asyncio.wait((over,), timeout=self._options.shutdown_grace_period)
            nginx.send_signal(signal.SIGQUIT)
            await asyncio.wait((over,), timeout=_QUITS_WITHIN)
            if not over.done():
                os.killpg(nginx.pid, signal.SIGKILL)  # its workers, too
        code = await over
        server.close()
        transport.close()
        return 0 if told.done() else code or 1

    def _start(self) -> "subprocess.Popen[bytes]":
        argv = program.path()
        if argv is None:
            raise SystemExit(program.missing())
        path = self._folder / "nginx.conf"
        path.write_text(config.text(self._folder, self._ip, self._options.http_port, self._upstream))
        return spawn([argv, "-c", str(path), "-p", str(self._folder)], orphaned=signal.SIGTERM)  # it ends its workers

    def _answer(self, request: Request) -> Answer | Awaitable[Answer]:
        if request.path == "/metrics":
            return self._metrics()
        if request.path != "/healthz":
            return Response(404)
        return Response(500, b"ingress controller is shutting down\n") if self._stopping.is_set() else self._healthy()

    async def _healthy(self) -> Answer:
        return Response(200 if await self._status() else 500)

    async def _metrics(self) -> Answer:
        return Response(200, self._answers.metrics(await self._status()))

    async def _status(self) -> str:
        """Return what nginx says of its connections; "" where it does not answer."""
        try:
            reader, writer = await asyncio.open_unix_connection(str(self._folder / config.STATUS))
        except OSError:
            return ""
        try:
            writer.write(b"GET /nginx_status HTTP/1.0\r\n\r\n")
            return (await asyncio.wait_for(reader.read(), 2.0)).decode(errors="replace")
        except (OSError, TimeoutError):
            return ""
        finally:
            writer.close()


def arguments(argv: list[str]) -> argparse.Namespace:
    """Read the controller's own flags; those that mean nothing to the lab are passed by."""
    parser = argparse.ArgumentParser(prog="nginx-ingress-controller", description=__doc__)
    parser.add_argument("--http-port", type=int, default=80)
    parser.add_argument("--healthz-port", type=int, default=10254)
    parser.add_argument("--shutdown-grace-period", type=float, default=0.0)
    known, _ = parser.parse_known_args(argv)
    return known


def main() -> None:
    """Read the command line and the environment, and run."""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s controller %(levelname)s %(message)s")
    with tempfile.TemporaryDirectory(prefix="lab-nginx-") as folder:
        code = asyncio.run(Controller(arguments(sys.argv[1:]), dict(os.environ), Path(folder)).run())
    sys.exit(code)


if __name__ == "__main__":
    main()
