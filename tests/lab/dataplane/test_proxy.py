"""Layer 7 of the data plane: which rule and which target a request gets, what the target sees, and what the client does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from migrator.lab.balancer.model import Key
from migrator.lab.balancer.settings import RuleSpec
from migrator.lab.dataplane.pool import Pool
from migrator.lab.dataplane.proxy import HttpListener, Proxy, RuleRotation
from migrator.lab.http1.messages import Request, Response
from migrator.lab.http1.server import serve

HOST = "127.0.0.1"
NOBODY = Key(HOST, 9)


@dataclass
class Backend:
    """A target that answers with its name, and keeps what it was asked."""

    name: str
    asked: list[Request] = field(default_factory=list)
    key: Key = NOBODY

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        return Response(200, self.name.encode(), (("x-gateway", self.name),))


class Client:
    """One client's connection, kept alive."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(
        self, path: str = "/", host: str = "a.example", method: str = "GET", more: str = ""
    ) -> tuple[int, str]:
        """Send one request and read its answer: (status, body)."""
        self.writer.write(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        return int(head.split(" ")[1]), (await self.reader.readexactly(length)).decode()


@dataclass
class Stage:
    """A listener with the given rules, targets that answer, and the clients that have connected."""

    proxy: Proxy
    listener: HttpListener
    pools: dict[str, Pool]
    servers: list[asyncio.Server] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    async def backend(self, name: str) -> Backend:
        found = Backend(name)
        self.servers.append(await serve(found, HOST, 0))
        found.key = Key(HOST, self.servers[-1].sockets[0].getsockname()[1])
        return found

    async def raw(self, spoken: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> Key:
        self.servers.append(await asyncio.start_server(spoken, HOST, 0))
        return Key(HOST, self.servers[-1].sockets[0].getsockname()[1])

    async def client(self) -> Client:
        self.clients.append(Client(*await asyncio.open_connection(HOST, self.listener.port)))
        return self.clients[-1]

    async def settled(self) -> None:
        """Wait until Envoy has what the pools were told."""
        await self.proxy.ready(self.listener)

    async def counted(self, true: Callable[[], object]) -> None:
        """Count until `true`: Envoy writes its log of failures a moment later."""
        while not true():
            await asyncio.sleep(0.01)
            await self.proxy.count()


@asynccontextmanager
async def staged(*rules: RuleSpec, keepalive: bool = False) -> AsyncIterator[Stage]:
    """Open a listener with these rules; everything is closed at the end, and nothing lasts longer than 10 s."""
    proxy = Proxy()
    pools = {rule.id: Pool(RuleRotation(rule.fail_open)) for rule in rules or (RuleSpec("loc-1"),)}
    named = [(rule, f"lb/{rule.id}", pools[rule.id]) for rule in rules or (RuleSpec("loc-1"),)]
    stage = Stage(proxy, proxy.listen("lb", HOST, 0, named, keepalive), pools)
    try:
        async with asyncio.timeout(20):
            await proxy.ready(stage.listener)
            yield stage
    finally:
        for client in stage.clients:
            client.writer.close()
        for server in stage.servers:
            server.close()
        proxy.close()
        await asyncio.sleep(0.05)  # what is closing is closed before the loop is


def test_weights_steer_requests_so_a_kept_alive_client_moves_with_its_next_one() -> None:
    async def story() -> None:
        async with staged() as stage:
            old, new = await stage.backend("old"), await stage.backend("new")
            pool = stage.pools["loc-1"]
            pool.add(old.key, 3, True)
            pool.add(new.key, 1, True)
            await stage.settled()
            client = await stage.client()

            assert Counter([(await client.ask())[1] for _ in range(8)]) == {"old": 6, "new": 2}
            pool.weigh(old.key, 0)
            await stage.settled()
            assert {(await client.ask())[1] for _ in range(3)} == {"new"}
            await stage.proxy.count()
            assert (pool.targets[old.key].connections, pool.targets[old.key].active) == (6, 0)

    asyncio.run(story())


def test_a_target_is_told_the_client_and_gets_a_connection_for_each_request() -> None:
    async def story() -> None:
        async with staged() as stage:
            gateway = await stage.backend("gw")
            stage.pools["loc-1"].add(gateway.key, 1, True)
            await stage.settled()
            client = await stage.client()
            await client.ask("/x?a=1&a=2", more="X-Forwarded-For: 203.0.113.7\r\nX-Mine: 1\r\n")
            (asked,) = gateway.asked

            assert asked.headers["x-forwarded-for"] == "203.0.113.7,127.0.0.1"
            assert (asked.headers["host"], asked.headers["connection"], asked.headers["x-mine"]) == (
                "a.example",
                "close",
                "1",
            )
            assert (asked.path, asked.queries) == ("/x", (("a", "1"), ("a", "2")))

    asyncio.run(story())


def test_each_rule_has_targets_and_counts_of_its_own() -> None:
    async def story() -> None:
        async with staged(RuleSpec("web"), RuleSpec("slow", url="/slow")) as stage:
            web, slow = await stage.backend("web"), await stage.backend("slow")
            stage.pools["web"].add(web.key, 1, True)
            stage.pools["slow"].add(slow.key, 1, True)
            await stage.settled()
            client = await stage.client()

            assert [(await client.ask(path))[1] for path in ("/", "/slow", "/slow/x")] == ["web", "slow", "slow"]
            await stage.proxy.count()
            assert [stage.pools[name].counts.accepted for name in ("web", "slow")] == [1, 2]

    asyncio.run(story())


def test_a_failed_request_is_answered_by_the_balancer_and_counted() -> None:
    async def story() -> None:
        async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.close()

        async with staged(RuleSpec("a", "a.example"), RuleSpec("b", "b.example"), RuleSpec("c", "c.example")) as stage:
            broken = await stage.raw(cut)
            stage.pools["b"].add(NOBODY, 1, True)
            stage.pools["c"].add(broken, 1, True)
            await stage.settled()
            client = await stage.client()

            assert [(await client.ask(host=f"{name}.example"))[0] for name in "abcd"] == [503, 502, 502, 404]
            await stage.counted(lambda: stage.pools["c"].targets[broken].resets)
            assert stage.pools["a"].counts.no_target == 1
            assert (stage.pools["b"].targets[NOBODY].refused, stage.pools["b"].targets[NOBODY].connections) == (1, 1)
            assert (stage.pools["c"].targets[broken].resets, stage.pools["c"].targets[broken].active) == (1, 0)

    asyncio.run(story())


def test_a_chunked_answer_arrives_whole_and_the_client_stays_connected() -> None:
    async def story() -> None:
        async def chunked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nwhol\r\n1\r\ne\r\n0\r\n\r\n")
            writer.close()

        async with staged() as stage:
            stage.pools["loc-1"].add(await stage.raw(chunked), 1, True)
            await stage.settled()
            client = await stage.client()

            assert [await client.ask() for _ in range(2)] == [(200, "whole")] * 2


def test_an_answer_that_its_target_breaks_off_reaches_the_client_as_broken() -> None:
    async def story() -> None:
        async def broken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
            writer.close()

        async with staged() as stage:
            key = await stage.raw(broken)
            stage.pools["loc-1"].add(key, 1, True)
            await stage.settled()
            client = await stage.client()

            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await client.ask()
            await stage.counted(lambda: stage.pools["loc-1"].targets[key].resets)

    asyncio.run(story())


def test_a_websocket_stays_with_its_target_whatever_the_weights() -> None:
    async def story() -> None:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked = await reader.readuntil(b"\r\n\r\n")
            assert b"connection: upgrade" in asked.lower()
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n")
            while data := await reader.read(100):
                writer.write(data.upper())
            writer.close()

        async with staged() as stage:
            pool, key = stage.pools["loc-1"], await stage.raw(echo)
            pool.add(key, 1, True)
            await stage.settled()
            client = await stage.client()
            client.writer.write(b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            head = await client.reader.readuntil(b"\r\n\r\n")
            pool.drop(key, reset=False)
            await stage.settled()
            client.writer.write(b"ping")

            assert head.startswith(b"HTTP/1.1 101")
            assert await client.reader.readexactly(4) == b"PING"
            await stage.proxy.count()
            assert pool.targets[key].active == 1
            client.writer.close()
            await stage.counted(lambda: not pool.targets[key].active)

    asyncio.run(story())


def test_a_target_that_declines_another_protocol_is_heard() -> None:
    async def story() -> None:
        async def declined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n")
            await asyncio.sleep(0.02)
            writer.write(b"late")
            await reader.read(-1)  # it keeps the connection open until the proxy ends it
            writer.close()

        async with staged() as stage:
            stage.pools["loc-1"].add(await stage.raw(declined), 1, True)
            await stage.settled()
            client = await stage.client()

            # Envoy passes the status on and leaves the body away
            assert await client.ask(more="Connection: Upgrade\r\nUpgrade: websocket\r\n") == (200, "")

    asyncio.run(story())


class Counting:
    """A target that counts its connections and answers so many requests on each before it closes it without a word."""

    def __init__(self, most: int) -> None:
        self.most, self.connections, self.answers = most, 0, 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        for _ in range(self.most):
            if not (await reader.read(4096)):
                break
            self.answers += 1
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        writer.close()


def test_with_keep_alive_connections_to_targets_are_used_again_and_stay_open_at_weight_0() -> None:
    async def story() -> None:
        async with staged(keepalive=True) as stage:
            target, pool = Counting(10), stage.pools["loc-1"]
            key = await stage.raw(target)
            pool.add(key, 1, True)
            await stage.settled()
            client = await stage.client()
            for _ in range(3):
                assert await client.ask() == (200, "ok")
            pool.weigh(key, 0)
            await stage.settled()

            assert (await client.ask())[0] == 503
            assert (target.connections, target.answers) == (1, 3)
            pool.weigh(key, 1)
            await stage.settled()
            assert await client.ask() == (200, "ok")
            assert target.connections == 1

    asyncio.run(story())


def test_a_kept_connection_that_its_target_closes_loses_no_request() -> None:
    async def story() -> None:
        async with staged(keepalive=True) as stage:
            target = Counting(2)
            stage.pools["loc-1"].add(await stage.raw(target), 1, True)
            await stage.settled()
            client = await stage.client()

            assert [await client.ask() for _ in range(5)] == [(200, "ok")] * 5
            assert target.connections == 3

    asyncio.run(story())


async def asked_for_ever(client: Client) -> None:
    while True:
        await client.ask()


def test_closing_the_listener_ends_its_clients() -> None:
    async def story() -> None:
        async with staged() as stage:
            client = await stage.client()
            assert (await client.ask())[0] == 503
            stage.proxy.end(stage.listener)

            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await asked_for_ever(client)
            with pytest.raises(ConnectionRefusedError):
                await stage.client()

    asyncio.run(story())
