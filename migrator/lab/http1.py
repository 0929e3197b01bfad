"""A small HTTP/1.1 server and client of the standard library, for lab processes that must start fast.

It refuses to close an idle connection first: a client that reuses a connection never loses a race against it.
"""

import asyncio
import contextlib
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

_HEAD_LIMIT = 64 << 10
_BODY_LIMIT = 64 << 20
_READ_AT_ONCE = 64 << 10


class BadRequest(ValueError):
    """What arrived is not HTTP/1.1 as this server understands it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are lower case; of repeated query keys the last counts, `queries` has them all."""

    method: str
    path: str
    queries: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def query(self) -> dict[str, str]:
        """Return the query string as a mapping."""
        return dict(self.queries)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; its `Content-Length` is always sent, `Connection: close` ends the connection after it."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("content-type", "text/plain"),)

    def encode(self, *, head_only: bool = False) -> bytes:
        """Return the bytes on the wire."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            lines.append(f"content-length: {len(self.body)}")
        head = "\r\n".join([*lines, "", ""]).encode()
        return head if head_only else head + self.body


@dataclass(frozen=True, slots=True)
class Upgrade:
    """An answer that hands the connection to another protocol; bytes already read are given to it."""

    response: Response
    protocol: asyncio.Protocol


Answer = Response | Upgrade
Answerer = Callable[[Request], Answer | Awaitable[Answer]]


def json_response(value: object, status: int = 200) -> Response:
    """Return `value` as a JSON answer."""
    return Response(status, json.dumps(value).encode(), (("content-type", "application/json"),))


class Connection(asyncio.Protocol):
    """One client's connection: requests are answered strictly in order, one at a time."""

    def __init__(self, answer: Answerer) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._pending: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._pending is not None:
            self._pending.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._pending is None:
            self._pump()

    def _pump(self) -> None:
        while self._transport is not None and self._pending is None:
            try:
                request = take_request(self._buffer)
            except BadRequest as error:
                self._transport.write(Response(400, str(error).encode(), (("connection", "close"),)).encode())
                self._transport.close()
                return
            if request is None:
                return
            answer = self._answer(request)
            if isinstance(answer, Response | Upgrade):
                self._send(request, answer)
            else:
                self._pending = asyncio.ensure_future(self._later(request, answer))

    async def _later(self, request: Request, answer: Awaitable[Answer]) -> None:
        try:
            self._send(request, await answer)
        finally:
            self._pending = None
        self._pump()

    def _send(self, request: Request, answer: Answer) -> None:
        transport = self._transport
        if transport is None:
            return
        response = answer if isinstance(answer, Response) else answer.response
        transport.write(response.encode(head_only=request.method == "HEAD"))
        if isinstance(answer, Upgrade):
            self._hand_over(transport, answer.protocol)
        elif "close" in request.headers.get("connection", "").lower() or ("connection", "close") in response.headers:
            transport.close()

    def _hand_over(self, transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._transport = None
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if rest:
            protocol.data_received(rest)


def take_request(buffer: bytearray) -> Request | None:
    """Cut the first whole request off `buffer`; None while it is incomplete. Raise `BadRequest` for what is none."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        if len(buffer) > _HEAD_LIMIT:
            raise BadRequest("the header is too large")
        return None
    method, target, headers = _head(bytes(buffer[:end]))
    found = _body(buffer, end + 4, headers)
    if found is None:
        return None
    body, used = found
    del buffer[:used]
    parts = urlsplit(target)
    queries = tuple(parse_qsl(parts.query, keep_blank_values=True)) if parts.query else ()
    return Request(method, parts.path, queries, headers, body)


def _head(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *rest = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest(f"not an HTTP/1.1 request line: {first[:100]!r}")
    headers = {}
    for line in rest:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return words[0], words[1], headers


def _body(buffer: bytearray, start: int, headers: Mapping[str, str]) -> tuple[bytes, int] | None:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _chunked(buffer, start)
    text = headers.get("content-length", "0")
    if not text.isdigit() or int(text) > _BODY_LIMIT:
        raise BadRequest(f"content-length {text[:20]!r} is not a length this server takes")
    end = start + int(text)
    return (bytes(buffer[start:end]), end) if len(buffer) >= end else None


def _chunked(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    body, at = bytearray(), start
    while (line_end := buffer.find(b"\r\n", at)) >= 0:
        try:
            size = int(bytes(buffer[at:line_end]).split(b";")[0], 16)
        except ValueError as error:
            raise BadRequest("a chunk has no size") from error
        at = line_end + 2 + size + 2
        if len(buffer) < at:
            return None
        if size == 0:
            return bytes(body), at
        body += buffer[line_end + 2 : at - 2]
    return None


async def serve(answer: Answerer, host: str, port: int) -> asyncio.Server:
    """Listen on `host:port` and answer every request with `answer`; the caller closes the server."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(answer), host, port, backlog=1024)


async def fetch(
    address: tuple[str, int],
    target: str,
    *,
    method: str = "GET",
    timeout: float = 5.0,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> tuple[int, bytes]:
    """Ask `address` once over a connection of its own; return status and body.

    Raise `OSError` (`TimeoutError` is one) when no whole answer came within `timeout` seconds.
    """
    async with asyncio.timeout(timeout):
        reader, writer = await asyncio.open_connection(*address, ssl=tls)
        try:
            sent = {"host": f"{address[0]}:{address[1]}", "connection": "close", "content-length": "0"}
            sent |= {name.lower(): value for name, value in (headers or {}).items()}
            lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
            writer.write("\r\n".join([*lines, "", ""]).encode())
            return parse_response(await _answer(reader))
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Read until the answer is whole by its own account: a draining Envoy keeps the connection for a while after it."""
    raw = b""
    while more := await reader.read(_READ_AT_ONCE):
        raw += more
        head, separator, _ = raw.partition(b"\r\n\r\n")
        if separator and (b"content-length:" in head.lower() or b"chunked" in head.lower()):
            with contextlib.suppress(ConnectionError):
                parse_response(raw)
                break
    return raw


def parse_response(raw: bytes) -> tuple[int, bytes]:
    """Return status and body of one whole answer, read to the end of its connection. Raise `OSError` if cut short."""
    head, separator, rest = raw.partition(b"\r\n\r\n")
    words = head.split(b"\r\n")[0].split(b" ")
    if not separator or len(words) < 2 or not words[1].isdigit():
        raise ConnectionError("the connection closed before an answer")
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        found = _chunked(bytearray(rest), 0)
        if found is None:
            raise ConnectionError("the connection closed within a chunked answer")
        return int(words[1]), found[0]
    marker = b"content-length:"
    if marker in lowered:
        length = int(lowered.split(marker)[1].split(b"\r\n")[0])
        if len(rest) < length:
            raise ConnectionError(f"the connection closed after {len(rest)} of {length} bytes")
    return int(words[1]), rest
