"""The server's side of WebSocket (RFC 6455): handshake and an echo. No extensions, no fragments above 1 MiB."""

import asyncio
import base64
import hashlib
from dataclasses import dataclass

from migrator.lab.http1.messages import Request, Response

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_LIMIT = 1 << 20
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `payload` is unmasked."""

    opcode: int
    payload: bytes
    final: bool = True

    def encode(self) -> bytes:
        """Return the frame as a server sends it, unmasked."""
        size = len(self.payload)
        first = (0x80 if self.final else 0) | self.opcode
        if size < 126:
            return bytes((first, size)) + self.payload
        if size < 1 << 16:
            return bytes((first, 126)) + size.to_bytes(2, "big") + self.payload
        return bytes((first, 127)) + size.to_bytes(8, "big") + self.payload


def handshake(request: Request) -> Response:
    """Return the 101 answer to an opening handshake, or 400 if the request is none."""
    key = request.headers.get("sec-websocket-key", "")
    if request.headers.get("upgrade", "").lower() != "websocket" or not key:
        return Response(400, b"not a WebSocket handshake\n")
    accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest()).decode()
    return Response(101, b"", (("upgrade", "websocket"), ("connection", "Upgrade"), ("sec-websocket-accept", accept)))


def take_frame(buffer: bytearray) -> Frame | None:
    """Cut the first whole frame off `buffer`; None while it is incomplete. Raise `ValueError` above 1 MiB."""
    if len(buffer) < 2:
        return None
    size, at = buffer[1] & 0x7F, 2
    if size > 125:
        width = 2 if size == 126 else 8
        if len(buffer) < 2 + width:
            return None
        size, at = int.from_bytes(buffer[2 : 2 + width], "big"), 2 + width
    if size > _LIMIT:
        raise ValueError(f"a frame of {size} bytes is too large")
    mask = b"\0\0\0\0"
    if buffer[1] & 0x80:
        mask, at = bytes(buffer[at : at + 4]), at + 4
    if len(buffer) < at + size:
        return None
    payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(buffer[at : at + size]))
    frame = Frame(buffer[0] & 0x0F, payload, final=bool(buffer[0] & 0x80))
    del buffer[: at + size]
    return frame


class Echo(asyncio.Protocol):
    """Send every message back, answer pings and the closing handshake; never close first."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        transport = self._transport
        assert transport is not None
        try:
            while frame := take_frame(self._buffer):
                self._reply(transport, frame)
        except ValueError:
            transport.close()

    def _reply(self, transport: asyncio.Transport, frame: Frame) -> None:
        if frame.opcode == PONG:
            return
        opcode = PONG if frame.opcode == PING else frame.opcode
        transport.write(Frame(opcode, frame.payload, frame.final).encode())
        if frame.opcode == CLOSE:
            transport.close()
