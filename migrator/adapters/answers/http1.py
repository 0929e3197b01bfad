"""One exchange in HTTP/1.1, or a WebSocket's upgrade: asked, heard, and left. A redirect is an answer."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence

import h11

from migrator.adapters.answers.heard import Heard, NoHttp
from migrator.adapters.answers.wire import Wire

Headers = Sequence[tuple[str, str]]
_CLOSE_FRAME = b"\x88\x82" + bytes(4) + b"\x03\xe8"
"""A WebSocket's close frame of a client (RFC 6455, 5.5.1): masked with zeroes, code 1000."""


def exchange(wire: Wire, method: str, target: str, host: str, headers: Headers) -> Heard:
    """Ask once. OSError when no whole answer came."""
    sent = [("Host", host), *headers, ("Connection", "close")]
    return _asked(wire, _request(method, target, sent), Heard(protocol="http/1.1"))


def upgrade(wire: Wire, target: str, host: str, headers: Headers) -> Heard:
    """Ask for a WebSocket; where it is granted, close it politely."""
    key = base64.b64encode(os.urandom(16)).decode()
    wanted = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", key),
    ]
    request = _request("GET", target, [("Host", host), *headers, *wanted])
    heard = _asked(wire, request, Heard(protocol="http/1.1"))
    if heard.status == 101:
        heard.protocol = "websocket"
        wire.send(_CLOSE_FRAME)
    return heard


def _request(method: str, target: str, headers: list[tuple[str, str]]) -> h11.Request:
    """Give the request. NoHttp for one that cannot be written; the library's own words would repeat a secret header."""
    try:
        return h11.Request(method=method, target=target, headers=headers)
    except (h11.ProtocolError, ValueError):
        raise NoHttp from None


def _asked(wire: Wire, request: h11.Request, heard: Heard) -> Heard:
    ours = h11.Connection(h11.CLIENT)
    try:
        wire.send(ours.send(request) or b"")
        wire.send(ours.send(h11.EndOfMessage()) or b"")
        while not _heard(wire, ours, heard):
            pass
    except h11.ProtocolError as error:
        raise NoHttp from error
    return heard


def _heard(wire: Wire, ours: h11.Connection, heard: Heard) -> bool:
    """Take the next event in; return whether it was the last that is wanted."""
    event = ours.next_event()
    if event is h11.NEED_DATA:
        ours.receive_data(wire.receive())
        return False
    if isinstance(event, h11.InformationalResponse):
        if event.status_code != 101:
            return False
        heard.head(101, event.headers.raw_items())
        return True
    if isinstance(event, h11.Response):
        heard.head(event.status_code, event.headers.raw_items())
        return False
    if isinstance(event, h11.Data):
        return not heard.body(bytes(event.data))
    if isinstance(event, h11.EndOfMessage):
        return True
    raise NoHttp
