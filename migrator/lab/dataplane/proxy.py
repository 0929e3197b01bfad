"""The layer-7 half of the data plane: one Envoy that all HTTP listeners of a process share, and what it has counted.

Weights, health and rules are decided elsewhere and told to it when they take effect. It never asks a second target.
"""

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from migrator.lab.balancer.settings import RuleSpec
from migrator.lab.dataplane import resources
from migrator.lab.dataplane.discovery import Discovery, Kind
from migrator.lab.dataplane.pool import Pool
from migrator.lab.dataplane.requests import Counted
from migrator.lab.dataplane.rotation import Rotation
from migrator.lab.envoy.program import Envoy
from migrator.lab.http1.server import serve

_HERE = "127.0.0.1"
_READY_WITHIN = 15.0
_LOOK_EVERY = 0.01
_FLAGS = ("--concurrency", "1", "--drain-time-s", "1", "--file-flush-interval-msec", "10")  # one worker: exact rounds


@dataclass(frozen=True, slots=True)
class HttpListener:
    """One HTTP listener: its name, where it listens, and the pools of its forwarding rules by their clusters' names."""

    name: str
    vip: str
    port: int
    pools: Mapping[str, Pool]
    reserved: socket.socket


class RuleRotation(Rotation):
    """The targets of one forwarding rule; `told` is called after every change."""

    def __init__(self, fail_open: bool) -> None:
        super().__init__(fail_open)
        self.told: Callable[[], None] = lambda: None

    def refresh(self) -> None:
        super().refresh()
        self.told()


class Proxy:
    """The Envoy and its listeners. It is started with the first listener, and ends with this process at the latest."""

    def __init__(self) -> None:
        """Begin without a process."""
        self._discovery = Discovery()
        self._delays: dict[str, float] = {}
        self._listeners: dict[str, HttpListener] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._envoy: Envoy | None = None
        self._server: asyncio.Server | None = None
        self._starting: asyncio.Task[None] | None = None
        self._counted: Counted | None = None

    def listen(
        self, name: str, vip: str, port: int, rules: Sequence[tuple[RuleSpec, str, Pool]], keepalive: bool = False
    ) -> HttpListener:
        """Serve `rules` (what each takes, its name, its targets) at `vip`:`port` (0: any free one); see `ready`.

        Raise `OSError` when the port is taken.
        """
        failures = self._begun() / "failures.jsonl"
        reserved = _reserved(vip, port)
        number: int = reserved.getsockname()[1]
        listener = HttpListener(name, vip, number, {cluster: pool for _, cluster, pool in rules}, reserved)
        self._listeners[name] = listener
        publish = self._discovery.publish
        for _, cluster, pool in rules:
            self._follow(cluster, pool)
            publish(Kind.CLUSTERS, cluster, partial(resources.cluster, cluster, vip, keepalive))
        taken = [(spec, cluster) for spec, cluster, _ in rules]
        publish(Kind.LISTENERS, name, lambda: resources.listener(name, vip, number, taken, failures))
        return listener

    def delay(self, listener: HttpListener, seconds: float) -> None:
        """Let each request to `listener` wait for so long, which stands for the network's way there and back."""
        self._delays[resources.delay_key(listener.name)] = round(1000 * seconds)
        self._publish_delays()

    async def ready(self, listener: HttpListener) -> None:
        """Wait until `listener` serves, with everything told so far; raise `OSError` when that takes too long."""
        async with asyncio.timeout(_READY_WITHIN):
            await asyncio.shield(self._starting) if self._starting is not None else None
            while not (self._discovery.is_taken and await _accepts(listener)):
                await asyncio.sleep(_LOOK_EVERY)

    async def count(self) -> None:
        """Bring the counts of all pools up to date; an Envoy that does not answer leaves them as they are."""
        if self._counted is not None:
            pools = {name: pool for listener in self._listeners.values() for name, pool in listener.pools.items()}
            with contextlib.suppress(OSError):
                await self._counted.count(pools)

    def end(self, listener: HttpListener) -> None:
        """Stop listening; connections that are open are ended a second later."""
        del self._listeners[listener.name]
        self._delays.pop(resources.delay_key(listener.name), None)
        self._discovery.withdraw(Kind.LISTENERS, listener.name)
        for cluster in listener.pools:
            self._discovery.withdraw(Kind.CLUSTERS, cluster)
            self._discovery.withdraw(Kind.ENDPOINTS, cluster)
        listener.reserved.close()

    def close(self) -> None:
        """End the Envoy, and with it every connection."""
        for listener in list(self._listeners.values()):
            self.end(listener)
        if self._starting is not None:
            self._starting.cancel()
        if self._envoy is not None:
            self._envoy.kill()
        if self._server is not None:
            self._server.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _begun(self) -> Path:
        """Begin to start the Envoy, once; return the directory of its files."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="lab-balancer-")
            self._publish_delays()
            self._starting = asyncio.get_running_loop().create_task(self._start(Path(self._folder.name)))
        return Path(self._folder.name)

    async def _start(self, folder: Path) -> None:
        self._server = await serve(self._discovery.answer, _HERE, 0)
        bootstrap = resources.bootstrap((_HERE, 0), self._server.sockets[0].getsockname())
        self._envoy = Envoy(folder)
        self._envoy.start(bootstrap, *_FLAGS, "--admin-address-path", str(folder / "admin"))
        self._envoy.admin_address = await _written(folder / "admin")
        self._counted = Counted(self._envoy, folder / "failures.jsonl")

    def _follow(self, cluster: str, pool: Pool) -> None:
        """Tell Envoy the targets of a rule whenever they change."""

        def publish() -> None:
            self._discovery.publish(Kind.ENDPOINTS, cluster, lambda: resources.assignment(cluster, pool))

        assert isinstance(pool.rotation, RuleRotation)
        pool.rotation.told = publish
        publish()

    def _publish_delays(self) -> None:
        delays = self._delays
        self._discovery.publish(
            Kind.RUNTIME, resources.DELAYS, lambda: {"name": resources.DELAYS, "layer": dict(delays)}
        )


async def _accepts(listener: HttpListener) -> bool:
    try:
        _, writer = await asyncio.open_connection(listener.vip, listener.port)
    except OSError:
        return False
    writer.close()
    return True


async def _written(path: Path) -> tuple[str, int]:
    """Wait for the address that Envoy writes down once it has one."""
    async with asyncio.timeout(_READY_WITHIN):
        while not (path.exists() and (text := path.read_text())):
            await asyncio.sleep(_LOOK_EVERY)
    host, _, port = text.strip().rpartition(":")
    return host, int(port)


def _reserved(vip: str, port: int) -> socket.socket:
    """Hold a port that Envoy will listen on, so that its number is known and nobody else takes it.

    Envoy binds it a second time with SO_REUSEPORT; the first bind is without, because that would not notice a listener.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((vip, port))
        port = probe.getsockname()[1]
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        held.bind((vip, port))
    except OSError:
        held.close()
        raise
    return held
