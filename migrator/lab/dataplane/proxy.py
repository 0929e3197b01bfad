"""One layer-7 listener of the data plane: answer clients, choose a rule, then a target for each request, and ask it.

Each request goes to its target over a connection of its own, as Tencent's layer 7 does, or (keep-alive) over one that is
kept. It never asks a second target, and knows HTTP/1.1 without TLS only.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

from migrator.lab.balancer.model import Key
from migrator.lab.balancer.settings import RuleSpec
from migrator.lab.dataplane.delay import DelayLine
from migrator.lab.dataplane.exchange import Pair, Unanswered, asked, upgraded
from migrator.lab.dataplane.kept import Kept
from migrator.lab.dataplane.pool import Pool
from migrator.lab.dataplane.rotation import Slot
from migrator.lab.http1 import Answer, Connection, Request, Response, Upgrade

_ANSWERS_WITHIN = 60.0


class Proxy:
    """The half of an HTTP listener at `vip`:`port` that clients see; its rules' pools are told everything else."""

    def __init__(self, vip: str, port: int, wires: tuple[DelayLine, DelayLine], keepalive: bool = False) -> None:
        """Listen at once (port 0: any free one, see `port`); `wires` are (client to us, us to client)."""
        self._vip = vip
        self._kept = Kept() if keepalive else None
        self._up, self._down = wires
        self._rules: list[tuple[RuleSpec, Pool]] = []
        self._open: set[asyncio.BaseTransport] = set()
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._sock.bind((vip, port))
            self._sock.listen(4096)
        except OSError:
            self._sock.close()
            raise
        self._sock.setblocking(False)
        self.port: int = self._sock.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._starting = asyncio.get_running_loop().create_task(self._serve())

    def rule(self, spec: RuleSpec, pool: Pool) -> None:
        """Send the requests that `spec` takes to the targets of `pool`."""
        self._rules.append((spec, pool))

    def close(self) -> None:
        """Stop listening and reset every connection."""
        self._starting.cancel()
        if self._server is not None:
            self._server.close()
        self._sock.close()
        if self._kept is not None:
            self._kept.close()
        for transport in list(self._open):
            assert isinstance(transport, asyncio.Transport)
            transport.abort()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Client(self._answer, self._open), sock=self._sock)

    async def _answer(self, request: Request, client: str) -> Answer:
        await asyncio.sleep(self._up.delay)
        pool = chosen([(spec, pool) for spec, pool in self._rules if takes(spec, request)])
        if pool is None:
            return Response(404, b"no forwarding rule takes this request")
        pool.counts.accepted += 1
        slot = pool.rotation.pick()
        if slot is None:
            pool.counts.no_target += 1
            return Response(503, b"no target has weight")
        answer = await self._asked(slot, request, client)
        await asyncio.sleep(self._down.delay)
        return answer

    async def _asked(self, slot: Slot, request: Request, client: str) -> Answer:
        """Ask the target once. Whatever goes wrong with it is a 502 or 504 of ours, and counted."""
        counts, key = slot.counts, slot.key
        counts.opened()
        lasting = False
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                if "upgrade" not in request.headers:
                    return await self._exchanged(key, request, client)
                answer = await upgraded(await self._connected(key), request, client, counts, self._open)
                lasting = isinstance(answer, Upgrade)
                return answer
        except TimeoutError:
            counts.failures += 1
            return Response(504, b"the target did not answer in time")
        except ConnectionRefusedError:
            counts.refused += 1
            return Response(502, b"the target refused the connection")
        except (OSError, ValueError, asyncio.IncompleteReadError):
            counts.resets += 1
            return Response(502, b"the target ended the connection before its answer")
        finally:
            counts.active -= 0 if lasting else 1  # a tunnel counts itself out at its end

    async def _exchanged(self, key: Key, request: Request, client: str) -> Response:
        """Ask over a kept connection, or a new one; one that its target was just closing is not the request's fault."""
        if self._kept is not None and (pair := self._kept.take(key)) is not None:
            with suppress(Unanswered):
                return await self._over(pair, key, request, client)
        return await self._over(await self._connected(key), key, request, client)

    async def _over(self, pair: Pair, key: Key, request: Request, client: str) -> Response:
        answer, again = await asked(pair, request, client, keep=self._kept is not None)
        if again and self._kept is not None:
            self._kept.give(key, pair)
        return answer

    async def _connected(self, key: Key) -> Pair:
        return await asyncio.open_connection(key.address, key.port, local_addr=(self._vip, 0))


class _Client(Connection):
    """A client's connection, which is known while it is open and says where the client is."""

    def __init__(
        self, answer: Callable[[Request, str], Awaitable[Answer]], is_open: set[asyncio.BaseTransport]
    ) -> None:
        super().__init__(lambda request: answer(request, self._peer))
        self._peer, self._known = "", is_open

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._peer = str(transport.get_extra_info("peername", ("",))[0])
        self._known.add(transport)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._known.discard(self._transport)
        super().connection_lost(exc)


def takes(spec: RuleSpec, request: Request) -> bool:
    """Say whether a rule takes a request: its host is the rule's (or ends like `*.` says, or any), its path begins so."""
    host = request.headers.get("host", "").partition(":")[0].lower()
    domain = spec.domain.lower()
    fits = domain in ("", host) or (domain.startswith("*.") and host.endswith(domain[1:]))
    return fits and request.path.startswith(spec.url)


def chosen(fitting: list[tuple[RuleSpec, Pool]]) -> Pool | None:
    """Give the pool of the most exact rule: a whole host before the end of one before any, then the longest path."""
    if not fitting:
        return None
    return max(fitting, key=lambda row: (_exactness(row[0].domain), len(row[0].url)))[1]


def _exactness(domain: str) -> int:
    return 0 if not domain else 1 if domain.startswith("*.") else 2
