"""A server that misbehaves on purpose and remembers, request by request, what it did: the truth to hold a ledger to."""

import asyncio
import contextlib
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from migrator.lab.app.websocket import CLOSE, Frame, handshake, take_frame
from migrator.lab.http1.messages import Request, Response
from migrator.lab.http1.requests import Requests
from migrator.lab.load.client import Target
from migrator.lab.load.drive import drive
from migrator.lab.load.mix import Group, Mix
from migrator.lab.load.summary import Json

HOST = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nx-gateway: rude\r\ncontent-length: 3\r\n\r\nok\n"
OK_CLOSE = b"HTTP/1.1 200 OK\r\nx-gateway: rude\r\nconnection: close\r\ncontent-length: 3\r\n\r\nok\n"
HALF = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nonly"


class Talk:
    """One connection as the server sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.requests = 0
        self._buffer = bytearray()
        self._requests = Requests()

    async def request(self) -> Request | None:
        """Return the next request, or None when the client has closed."""
        self._requests = Requests()  # one each: what this server says goes past h11, which would not allow it
        if self._buffer:
            self._requests.feed(bytes(self._buffer))
        while (request := self._requests.next()) is None:
            data = await self.read()
            if not data:
                return None
            self._requests.feed(data)
        self._buffer = bytearray(self._requests.excess)
        self.requests += 1
        return request

    async def read(self) -> bytes:
        """Return some bytes; none at the end."""
        with contextlib.suppress(ConnectionError):
            return await self.reader.read(65536)
        return b""

    async def frame(self) -> Frame | None:
        """Return the next WebSocket frame, or None when the client has closed."""
        while (found := take_frame(self._buffer)) is None:
            data = await self.read()
            if not data:
                return None
            self._buffer += data
        return found

    def say(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)

    def respond(self, response: Response) -> None:
        """Answer the last request in good order."""
        self.writer.write(self._requests.respond(response))

    def close(self) -> None:
        """End the connection in good order."""
        self.writer.close()

    def reset(self) -> None:
        """End the connection with a RST."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Behave = Callable[["RudeServer", Talk], Awaitable[None]]


class RudeServer:
    """Behaves as told on every connection. `did` counts what it did; after `enough` of them it ends the load."""

    def __init__(self, behave: Behave, enough: int = 3) -> None:
        self.did: Counter[str] = Counter()
        self.by_seq: dict[int, str] = {}
        self.stop = asyncio.Event()
        self.talks = 0
        self._behave = behave
        self._enough = enough

    def note(self, what: str, request: Request | None = None) -> None:
        """Remember what was done, to which request."""
        self.did[what] += 1
        if request is not None:
            self.by_seq[int(request.headers["x-seq"])] = what
        if self.did.total() >= self._enough:
            self.stop.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Behave on one connection, then close it."""
        self.talks += 1
        try:
            await self._behave(self, Talk(reader, writer))
        finally:
            writer.close()


def load(
    behave: Behave, *groups: Group, tmp_path: Path, enough: int = 3, seconds: float = 20.0, finish: float = 5.0
) -> tuple[dict[str, Json], RudeServer]:
    """Run a load against a server that behaves so, until it has done `enough`; return the summary and the server."""

    async def run() -> tuple[dict[str, Json], RudeServer]:
        rude = RudeServer(behave, enough)
        server = await asyncio.start_server(rude.serve, HOST, 0)
        async with server:
            target = Target(HOST, server.sockets[0].getsockname()[1], "app.example.com")
            mix = Mix("test", groups)
            return await drive(target, mix, tmp_path, rude.stop, seconds=seconds, finish=finish), rude

    return asyncio.run(run())


async def answers(rude: RudeServer, talk: Talk) -> None:
    """Answer everything."""
    while request := await talk.request():
        talk.say(OK)
        rude.note("answered", request)


async def answers_and_says_close(rude: RudeServer, talk: Talk) -> None:
    """Answer, announce the close, close."""
    if request := await talk.request():
        talk.say(OK_CLOSE)
        rude.note("answered", request)


async def resets(rude: RudeServer, talk: Talk) -> None:
    """Reset the connection instead of an answer."""
    if request := await talk.request():
        talk.reset()
        rude.note("reset", request)


async def closes_before(rude: RudeServer, talk: Talk) -> None:
    """Close the connection instead of an answer."""
    if request := await talk.request():
        rude.note("closed-before-response", request)


async def closes_mid(rude: RudeServer, talk: Talk) -> None:
    """Close the connection within an answer."""
    if request := await talk.request():
        talk.say(HALF)
        rude.note("closed-mid-response", request)


async def never_answers(rude: RudeServer, talk: Talk) -> None:
    """Take the request and say nothing until the client has gone."""
    while request := await talk.request():
        rude.note("timeout", request)


async def babbles(rude: RudeServer, talk: Talk) -> None:
    """Answer with something that is no HTTP."""
    if request := await talk.request():
        talk.say(b"SSH-2.0-surprise\r\n\r\n")
        rude.note("malformed", request)
        await talk.read()


async def says_503(rude: RudeServer, talk: Talk) -> None:
    """Answer everything with 503."""
    while request := await talk.request():
        talk.say(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n")
        rude.note("bad", request)


async def says_404(rude: RudeServer, talk: Talk) -> None:
    """Answer everything with 404."""
    while request := await talk.request():
        talk.say(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
        rude.note("wrong", request)


async def switches(talk: Talk) -> bool:
    """Answer an opening handshake with 101; return False when there was none."""
    request = await talk.request()
    if request is None:
        return False
    response = handshake(request)
    assert response.status == 101, "the load must make a proper handshake"
    talk.respond(response)
    return True


async def echoes(rude: RudeServer, talk: Talk) -> None:
    """Be a well-behaved WebSocket echo."""
    if not await switches(talk):
        return
    while (frame := await talk.frame()) is not None:
        talk.say(Frame(frame.opcode, frame.payload).encode())
        if frame.opcode == CLOSE:
            rude.note("goodbye")
            return
        rude.note("echo")
