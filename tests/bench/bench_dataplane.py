"""Measure the balancer's data plane: new connections per second, forwarded chunks per second, and what they cost.

Run it: `python tests/bench/bench_dataplane.py [--seconds 3] [--delay 0.005]`. The client is this process, the servers
are another one, so on two cores the rates are a floor; `cpu` is the share of one core that the balancer itself used.
"""

import argparse
import asyncio
import json
import os
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from migrator.lab.process import ready_line, spawn, stop

_TARGETS = 6


def main() -> None:
    """Print one JSON line per measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--delay", type=float, default=0.0, help="one-way network delay in seconds")
    parser.add_argument("--rate", type=int, default=600, help="connections per second of the paced run")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(_serve())
        return
    backends = spawn([sys.executable, __file__, "--serve"])
    try:
        ports = ready_line(backends, 10)["ports"]
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder) / "balancer.json", ports, options)
    finally:
        stop(backends)


def _measure(config: Path, ports: list[int], options: argparse.Namespace) -> None:
    targets = [{"address": "127.0.0.1", "port": port, "weight": 10} for port in ports]
    spec = {
        "id": "lb-bench",
        "vip": "127.0.0.1",
        "listeners": [{"id": "lbl-bench", "port": 0, "targets": targets}],
        "health": {"kind": "off"},
        "timings": {"delay_up_s": options.delay, "delay_down_s": options.delay},
    }
    config.write_text(json.dumps({"balancers": [spec]}))
    ports = ["--control", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
    balancer = spawn([sys.executable, "-m", "migrator.lab.clouds", *ports, "--config", str(config)])
    try:
        port = ready_line(balancer, 10)["balancers"][0]["listeners"][0]["port"]
        for name, run in (("connections", _connections), ("chunks", _chunks)):
            for rate in (None, options.rate if name == "connections" else 5000):
                _report(name, rate, balancer.pid, lambda rate=rate, run=run: run(port, options.seconds, rate))
    finally:
        stop(balancer)


def _report(name: str, rate: int | None, pid: int, run: Callable[[], tuple[int, int]]) -> None:
    before, began = _cpu(pid), time.monotonic()
    done, failed = run()
    wall = time.monotonic() - began
    used = _cpu(pid) - before
    found = {"what": name, "asked_per_s": rate or "all", "per_s": round(done / wall), "failed": failed}
    print(
        json.dumps(found | {"cpu": round(used / wall, 3), "us_each": round(1e6 * used / max(done, 1), 1)}), flush=True
    )


def _connections(port: int, seconds: float, rate: int | None) -> tuple[int, int]:
    """Open a connection, send, take the echo, close; 32 at a time (unpaced) or one after the other at `rate`."""
    return asyncio.run(_many(port, seconds, rate))


async def _many(port: int, seconds: float, rate: int | None) -> tuple[int, int]:
    end = time.monotonic() + seconds
    counts = [0, 0]

    async def one() -> None:
        loop = asyncio.get_running_loop()
        sock = socket.socket()
        sock.setblocking(False)
        try:
            await loop.sock_connect(sock, ("127.0.0.1", port))
            await loop.sock_sendall(sock, b"x" * 200)
            counts[1 if not await loop.sock_recv(sock, 1024) else 0] += 1
        except OSError:
            counts[1] += 1
        finally:
            sock.close()

    async def unpaced() -> None:
        while time.monotonic() < end:
            await one()

    if rate is None:
        await asyncio.gather(*(unpaced() for _ in range(32)))
    else:
        began, tasks = time.monotonic(), set()
        for at in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + at / rate - time.monotonic()))
            task = asyncio.create_task(one())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)
    return counts[0], counts[1]


def _chunks(port: int, seconds: float, rate: int | None) -> tuple[int, int]:
    """Ping-pong 1 KiB over 40 connections; every answer is two forwarded chunks. `rate` counts chunks per second."""
    selector, done, began = selectors.DefaultSelector(), 0, time.monotonic()
    for _ in range(40):
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(sock, selectors.EVENT_READ)
        sock.sendall(b"y" * 1024)
    while time.monotonic() < began + seconds:
        for key, _ in selector.select(0.1):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.recv(65536)
            done += 2
            if rate is not None and done > rate * (time.monotonic() - began):
                time.sleep(max(0.0, done / rate - (time.monotonic() - began)))
            key.fileobj.send(b"y" * 1024)
    for key in list(selector.get_map().values()):
        assert isinstance(key.fileobj, socket.socket)
        key.fileobj.close()
    return done, 0


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert isinstance(self._transport, asyncio.WriteTransport)
        self._transport.write(data)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(_Echo, "127.0.0.1", 0, backlog=4096) for _ in range(_TARGETS)]
    print(json.dumps({"ready": True, "ports": [each.sockets[0].getsockname()[1] for each in servers]}), flush=True)
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
