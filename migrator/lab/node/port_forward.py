"""kubectl's port-forward: a pair of SPDY streams for every connection that is made at its port, led to the pod.

kubectl since 1.31 speaks it through a WebSocket (protocol `SPDY/3.1+portforward.k8s.io`), before that through an upgraded
connection (`Upgrade: SPDY/3.1`). A pair is told by its `requestid`: `data` carries the bytes, `error` says what went wrong.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from aiohttp import WSMsgType, web

from migrator.lab.node.spdy import BadFrame, Data, Frame, Opened, Ping, Reader, Reset, Writer
from migrator.lab.takeover import Taken, take_over

log = logging.getLogger(__name__)

PROTOCOL = "portforward.k8s.io"
TUNNELLED = f"SPDY/3.1+{PROTOCOL}"
UPGRADE = "SPDY/3.1"
_CHUNK = 32 << 10
_CONNECT_SECONDS = 5.0
Send = Callable[[bytes], Awaitable[None]]


@dataclass(slots=True)
class Pair:
    """One connection through the tunnel: its two streams, and the pod's end of it."""

    port: int
    data: int = 0
    error: int = 0
    writer: asyncio.StreamWriter | None = None
    early: list[Data] = field(default_factory=list)


class Forwarding:
    """One port-forward of a client's; `send` takes bytes to it."""

    def __init__(self, host: str, send: Send) -> None:
        self._host = host
        self._send = send
        self._reader, self._writer = Reader(), Writer()
        self._pairs: dict[str, Pair] = {}
        self._by_data: dict[int, Pair] = {}
        self._carrying: set[asyncio.Task[None]] = set()

    async def carry(self, incoming: AsyncIterator[bytes]) -> None:
        """Carry bytes both ways until the client is gone."""
        try:
            async for piece in incoming:
                for frame in self._reader.feed(piece):
                    await self._take(frame)
        except BadFrame as error:
            log.warning("a port-forward was ended: %s", error)
        finally:
            for task in self._carrying:
                task.cancel()
            await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _take(self, frame: Frame) -> None:
        match frame:
            case Opened():
                await self._open(frame)
            case Data():
                await self._to_pod(frame)
            case Reset():
                if (pair := self._by_data.pop(frame.stream, None)) and pair.writer:
                    pair.writer.close()
            case Ping():
                await self._send(self._writer.ping(frame.number))

    async def _open(self, frame: Opened) -> None:
        await self._send(self._writer.reply(frame.stream))
        told = frame.headers
        pair = self._pairs.setdefault(told.get("requestid", ""), Pair(int(told.get("port", "0"))))
        if told.get("streamtype") == "error":
            pair.error = frame.stream
        else:
            pair.data = frame.stream
            self._by_data[frame.stream] = pair
        if pair.data and pair.error:
            self._pairs.pop(told.get("requestid", ""))
            task = asyncio.create_task(self._from_pod(pair))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

    async def _to_pod(self, frame: Data) -> None:
        pair = self._by_data.get(frame.stream)
        if pair is None:
            return
        if pair.writer is None:
            pair.early.append(frame)
            return
        _write(pair.writer, frame)
        with contextlib.suppress(ConnectionError):
            await pair.writer.drain()

    async def _from_pod(self, pair: Pair) -> None:
        complaint = ""
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                reader, pair.writer = await asyncio.open_connection(self._host, pair.port)
            for frame in pair.early:  # without a wait between: what comes next must not overtake them
                _write(pair.writer, frame)
            with contextlib.suppress(ConnectionError):
                while data := await reader.read(_CHUNK):
                    await self._send(self._writer.data(pair.data, data))
        except OSError as error:
            complaint = f"error forwarding port {pair.port} to pod: {error}"
        finally:
            self._by_data.pop(pair.data, None)
            if pair.writer:
                pair.writer.close()
        await self._send(self._writer.data(pair.data, b"", last=True))
        await self._send(self._writer.data(pair.error, complaint.encode(), last=True))


def _write(writer: asyncio.StreamWriter, frame: Data) -> None:
    if frame.data:
        writer.write(frame.data)
    if frame.last and writer.can_write_eof():
        writer.write_eof()


async def tunnelled(socket: web.WebSocketResponse, host: str) -> None:
    """Carry a port-forward whose frames come as messages of a WebSocket."""
    forwarding = Forwarding(host, socket.send_bytes)
    with contextlib.suppress(ConnectionError):
        await forwarding.carry(message.data async for message in socket if message.type is WSMsgType.BINARY)


async def upgraded(request: web.Request, host: str) -> web.StreamResponse:
    """Carry a port-forward over the connection itself, as kubectl up to 1.30 asks for it."""
    transport = request.transport
    if transport is None:
        raise ConnectionResetError
    incoming = asyncio.Queue[bytes]()
    take_over(request, incoming.put_nowait, partial(incoming.put_nowait, b""))
    head = f"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: {UPGRADE}\r\n"
    transport.write(f"{head}X-Stream-Protocol-Version: {PROTOCOL}\r\n\r\n".encode())

    async def send(data: bytes) -> None:
        transport.write(data)

    await Forwarding(host, send).carry(_until_empty(incoming))
    return Taken()


async def _until_empty(incoming: asyncio.Queue[bytes]) -> AsyncIterator[bytes]:
    while piece := await incoming.get():
        yield piece
