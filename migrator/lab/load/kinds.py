"""How each kind of client behaves until the load is over; then it finishes what is in flight and closes politely."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from migrator.lab.load.client import Attempt, Client, ask_http1, settled
from migrator.lab.load.http2 import Http2Link
from migrator.lab.load.ledger import Answer, Result, Spot
from migrator.lab.load.link import Http1Link
from migrator.lab.load.mix import Kind
from migrator.lab.load.websocket import SWITCHED, WebSocketLink, handshake_headers


async def new_connection(client: Client) -> None:
    """One TCP connection per request, made on time whether or not earlier ones have been answered."""
    async with asyncio.TaskGroup() as tasks:
        await on_time(client, tasks, client.ask_once)


async def keep_alive(client: Client) -> None:
    """One request after the other over one connection; slow and long clients differ in rate and path only."""
    try:
        while await client.beat.next():
            await client.account(client.ask_kept)
    finally:
        client.close()


async def http2(client: Client) -> None:
    """Streams of one connection, opened on time; a new connection once the old one has said that it goes."""
    pool = Http2Pool(client)
    try:
        async with asyncio.TaskGroup() as tasks:
            await on_time(client, tasks, pool.ask, room=pool.has_room)
    finally:
        pool.close()


async def idle(client: Client) -> None:
    """Connect, make one request (every second client) or none, then say nothing; connect again when closed."""
    try:
        while await client.beat.next():
            if client.link is not None and not client.link.gone:
                continue
            if client.number % 2:
                await connect_silently(client)
            else:
                await client.account(client.ask_kept)
    finally:
        client.close()


async def connect_silently(client: Client) -> None:
    """Connect and ask nothing. A failure is no lost request, but it is counted."""
    try:
        async with asyncio.timeout(client.group.patience):
            client.link = await client.open(Http1Link(client, claimed=False))
    except OSError:
        client.ledger.of(client.group.kind).failed_connects += 1


async def websocket(client: Client) -> None:
    """An echo a beat. The handshake is a request of its own and takes a beat, also when it has to be made again."""
    talk = WebSocketTalk(client)
    try:
        while await client.beat.next():
            talk.leave_if_old()
            await client.account(talk.echo if talk.open else talk.handshake)
    finally:
        talk.leave()


async def on_time(
    client: Client,
    tasks: asyncio.TaskGroup,
    ask: Callable[[Attempt], Awaitable[Result]],
    room: Callable[[], bool] = lambda: True,
) -> None:
    """Begin a request at every beat, whatever became of earlier ones, as long as there is room for another."""
    running: set[asyncio.Task[Result]] = set()
    while await client.beat.next():
        if len(running) < client.group.most and room():
            task = tasks.create_task(client.account(ask))
            running.add(task)
            task.add_done_callback(running.discard)
        else:
            client.ledger.of(client.group.kind).skipped += 1


class Http2Pool:
    """The one connection that takes new streams; those that have said they go finish theirs and close themselves."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._link: Http2Link | None = None
        self._opening = asyncio.Lock()

    def has_room(self) -> bool:
        """Whether another stream may be opened now."""
        return self._link is None or not self._link.usable or self._link.room > 0

    async def ask(self, attempt: Attempt) -> Result:
        """Ask over a stream of the current connection."""
        link = await self._current()
        waiting = link.ask(self._fields(attempt))
        attempt.spot = Spot(link.number, link.asked)
        return await waiting

    def close(self) -> None:
        """Close the current connection."""
        if self._link is not None:
            self._link.close()

    async def _current(self) -> Http2Link:
        async with self._opening:
            if self._link is not None and self._link.usable and self._link.is_old(self._client.group.lasts):
                self._link.leave()
            if self._link is None or not self._link.usable:
                self._link = await self._client.open(Http2Link(self._client))
            return self._link

    def _fields(self, attempt: Attempt) -> list[tuple[str, str]]:
        client = self._client
        authority = (":authority", client.target.host_header)
        pseudo = [(":method", "GET"), (":scheme", "http"), authority, (":path", client.group.path)]
        return [*pseudo, *client.headers(attempt.ticket)]


class WebSocketTalk:
    """The current WebSocket of a client, if it has one."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._link: WebSocketLink | None = None
        self._since = 0.0

    @property
    def open(self) -> bool:
        """Whether an echo can be asked for."""
        return self._link is not None and self._link.usable

    async def handshake(self, attempt: Attempt) -> Result:
        """Ask for a WebSocket. An answer other than 101 is counted as what it is and leaves no WebSocket."""
        client = self._client
        link = await client.open(Http1Link(client))
        result = await ask_http1(link, client.request(attempt.ticket, handshake_headers()), attempt)
        if not isinstance(result, Answer) or result.status != SWITCHED:
            link.close()
        elif not link.gone:
            self._link = WebSocketLink(client, result.gateway)
            self._link.adopt(link)
            self._since = asyncio.get_running_loop().time()
        return result

    async def echo(self, attempt: Attempt) -> Result:
        """Send the sequence number and wait until it comes back."""
        link = self._link
        assert link is not None
        return await settled(link, link.echo(str(attempt.ticket.seq)), attempt)

    def leave_if_old(self) -> None:
        """Say goodbye once the WebSocket has lasted as long as its group's do."""
        lasts = self._client.group.lasts
        if self.open and lasts and asyncio.get_running_loop().time() - self._since >= lasts:
            self.leave()
            self._link = None

    def leave(self) -> None:
        """Say goodbye."""
        if self._link is not None:
            self._link.leave()


RUN: dict[Kind, Callable[[Client], Coroutine[Any, Any, None]]] = {
    Kind.NEW_CONNECTION: new_connection,
    Kind.KEEP_ALIVE: keep_alive,
    Kind.SLOW_KEEP_ALIVE: keep_alive,
    Kind.LONG_REQUEST: keep_alive,
    Kind.HTTP2: http2,
    Kind.WEBSOCKET: websocket,
    Kind.IDLE: idle,
}
