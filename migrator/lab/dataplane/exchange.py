"""One request of a layer-7 listener to its target: sent whole, answered whole, or handed over to another protocol."""

import asyncio
from contextlib import suppress
from urllib.parse import urlencode

from migrator.lab.dataplane.counts import TargetCounts
from migrator.lab.http1 import Answer, Request, Response, Upgrade

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "te"}
_CHUNK = 64 * 1024

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Unanswered(ConnectionError):
    """The connection ended before a single byte of an answer."""


async def asked(pair: Pair, request: Request, client: str, keep: bool) -> tuple[Response, bool]:
    """Send the request and read its answer; say whether the connection may be used again, else it is closed.

    Raise `Unanswered` when nothing came at all, and OSError or IncompleteReadError when it is cut short.
    """
    reader, writer = pair
    again = False
    try:
        writer.write(_head(request, client, ("connection", "keep-alive" if keep else "close")) + request.body)
        head = await _first(reader)
        rest, ends = await _body(reader, head, request.method)
        again = keep and not ends
        return Response(int(head.split(b" ")[1]), rest, _headers(head)), again
    finally:
        if not again:
            writer.close()


async def upgraded(
    pair: Pair, request: Request, client: str, counts: TargetCounts, is_open: set[asyncio.BaseTransport]
) -> Answer:
    """Ask to speak another protocol. A target that agrees gets a tunnel; what another one says is the answer."""
    reader, writer = pair
    writer.write(
        _head(request, client, ("connection", "Upgrade"), ("upgrade", request.headers["upgrade"])) + request.body
    )
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.split(b" ")[1] != b"101":
            rest, _ = await _body(reader, head, request.method)
            writer.close()
            return Response(int(head.split(b" ")[1]), rest, _headers(head))
    except BaseException:
        writer.close()
        raise
    agreed = Response(101, b"", _headers(head, keep=("connection", "upgrade")))
    return Upgrade(agreed, Tunnel(reader, writer, counts, is_open))


async def _first(reader: asyncio.StreamReader) -> bytes:
    """Read the head of the answer, after what is only informational."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if not getattr(error, "partial", b""):
                raise Unanswered("the target ended the connection") from error
            raise
        if not head.split(b" ")[1].startswith(b"1"):
            return head


async def _body(reader: asyncio.StreamReader, head: bytes, method: str) -> tuple[bytes, bool]:
    """Read the rest of an answer; say whether its connection ends with it."""
    fields = {name.lower(): value.lower() for name, value in _pairs(head)}
    ends = fields.get("connection", "") == "close"
    if method == "HEAD" or head.split(b" ")[1] in (b"204", b"304"):
        return b"", ends
    if "chunked" in fields.get("transfer-encoding", ""):
        return await _chunked(reader), ends
    if "content-length" in fields:
        return await reader.readexactly(int(fields["content-length"])), ends
    return await reader.read(-1), True


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        data = await reader.readexactly(size + 2)
        if size == 0:
            return bytes(body)
        body += data[:-2]


class Tunnel(asyncio.Protocol):
    """Bytes both ways between a client and a target, until either of them ends."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        counts: TargetCounts,
        is_open: set[asyncio.BaseTransport],
    ) -> None:
        self._reader, self._writer, self._counts, self._known = reader, writer, counts, is_open
        self._task: asyncio.Task[None] | None = None
        self._client: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._client = transport
        self._task = asyncio.ensure_future(self._back(transport))

    def data_received(self, data: bytes) -> None:
        self._counts.bytes_in += len(data)
        self._writer.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._counts.active -= 1
        if self._client is not None:
            self._known.discard(self._client)
        if self._task is not None:
            self._task.cancel()
        self._writer.close()

    async def _back(self, client: asyncio.Transport) -> None:
        with suppress(OSError):
            while data := await self._reader.read(_CHUNK):
                self._counts.bytes_out += len(data)
                client.write(data)
        client.close()


def _head(request: Request, client: str, *more: tuple[str, str]) -> bytes:
    target = request.path + (f"?{urlencode(request.queries)}" if request.queries else "")
    kept = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
    kept["x-forwarded-for"] = ", ".join(filter(None, (kept.get("x-forwarded-for"), client)))
    kept["x-forwarded-proto"] = "http"
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in (*kept.items(), *more))]
    return "\r\n".join([*lines, f"content-length: {len(request.body)}", "", ""]).encode("latin-1")


def _headers(head: bytes, keep: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, value) for name, value in _pairs(head) if name.lower() in keep or name.lower() not in _HOP_BY_HOP
    )


def _pairs(head: bytes) -> list[tuple[str, str]]:
    rows = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:] if line)
    return [(name.strip(), value.strip()) for name, _, value in rows]
