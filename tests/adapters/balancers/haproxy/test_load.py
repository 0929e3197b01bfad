"""A real HAProxy under load while the driver shifts traffic: no connection is lost, and the weights do what they say."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from migrator.domain.model.actions import Register, SetWeights
from migrator.domain.model.balancer import Backend, Health, Side, Weighted, pools
from migrator.domain.weights.planner import next_chunk, pending, wanted
from tests.contracts.balancer import Driver, until
from tests.contracts.rigs import haproxy as rigs
from tests.loops import close

pytestmark = pytest.mark.skipif(bool(rigs.missing()), reason=rigs.missing() or "it is there")
CLIENTS = 4
ENOUGH = 150
SHIFTS = (10.0, 50.0, 90.0, 100.0, 50.0, 0.0)


class Site:
    """Named servers and clients of a front, in one event loop of its own thread. Every try is counted by its answer."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.lost: list[str] = []
        self.ports: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._stopping = False
        self._servers: list[asyncio.Server] = []
        self._clients: list[Future[None]] = []

    def serve(self, name: str) -> int:
        """Start a server that answers one line with its name; give its port."""

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if await reader.readline():  # a health check says nothing
                writer.write(name.encode())
            writer.close()

        async def start() -> int:
            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            self._servers.append(server)
            found: int = server.sockets[0].getsockname()[1]
            return found

        self.ports[name] = asyncio.run_coroutine_threadsafe(start(), self._loop).result(5)
        return self.ports[name]

    def load(self, port: int) -> None:
        """Begin to dial the front without a pause."""
        self._clients = [asyncio.run_coroutine_threadsafe(self._client(port), self._loop) for _ in range(CLIENTS)]

    async def _client(self, port: int) -> None:
        while not self._stopping:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"who\n")
                name = (await reader.read()).decode()
                writer.close()
            except OSError as error:
                name = ""
                self.lost.append(repr(error))
            if name:
                self.seen[name] += 1
            else:
                self.lost.append("no answer")

    def rest(self) -> None:
        """Let the clients end."""
        self._stopping = True
        while self._clients:
            self._clients.pop().result(10)

    def close(self) -> None:
        self.rest()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        close(self._loop)

    async def _end(self) -> None:
        for server in self._servers:
            server.close()

    def fresh(self, count: int) -> Counter[str]:
        """Give who answered the next `count` tries."""
        before = self.seen.copy()
        until(lambda: self.seen.total() - before.total() >= count, 20)
        return self.seen - before


@contextmanager
def front(folder: Path, site: Site) -> Iterator[tuple[Driver, int]]:
    """Run an HAProxy whose two old servers have weight 10; give a driver and the port that clients dial."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    old = [f"server old{at} 127.0.0.1:{site.serve(f'old{at}')} weight 10 check {rigs.QUICK}" for at in range(2)]
    text = rigs.section("web", *old) + f"frontend in\n  bind 127.0.0.1:{port}\n  default_backend web\n"
    with rigs.running(folder, text) as sock:
        yield rigs.driver(sock, "web", check=rigs.QUICK), port


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that ends with its test."""
    made = Site()
    yield made
    made.close()


def test_six_shifts_under_load_lose_no_connection(tmp_path: Path, site: Site) -> None:
    with front(tmp_path, site) as (driver, port):
        new = tuple(Backend("web", "127.0.0.1", site.serve(f"new{at}")) for at in range(2))
        originals = [Weighted(target.backend, target.weight) for target in driver.targets()]
        site.load(port)
        driver.register(Register(new))
        until(lambda: [t.health for t in driver.targets()] == [Health.HEALTHY] * 4)
        observed = [_shifted(driver, site, new, originals, share) for share in SHIFTS]
        site.rest()

    assert site.lost == []
    assert observed == pytest.approx(SHIFTS, abs=6.0)


def _shifted(driver: Driver, site: Site, new: tuple[Backend, ...], originals: list[Weighted], share: float) -> float:
    """Walk to a share as a run would, chunk by chunk; give the percent of connections that the new side answers."""
    for _ in range(10):
        seen = driver.targets()
        of = {t.backend: Side.NEW if t.backend in new else Side.OLD for t in seen}
        now = pools(seen, of, driver.capabilities())
        rows = wanted(now, originals, share).rows
        if not pending(now, rows):
            break
        driver.set_weights(SetWeights(next_chunk(now, rows)))
    site.fresh(CLIENTS * 2)  # what was under way
    found = site.fresh(ENOUGH)
    return 100.0 * sum(count for name, count in found.items() if name.startswith("new")) / found.total()
