"""SPDY/3.1 frames as far as port-forward speaks them: what kubectl sends, and what it is answered. Nothing here waits.

Sources: the SPDY/3 and 3.1 drafts (frames, the dictionary of names). The library that kubectl links keeps no window of flow
control, so none is kept here.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

_VERSION = 0x8003
_SYN_STREAM, _SYN_REPLY, _RST_STREAM, _PING = 1, 2, 3, 6
_FIN = 1
_HEAD = 8
_MOST_BYTES = 1 << 20
"""The longest frame that is taken; clients send 32 KiB at most."""

_WORDS = (
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow "
    "authorization cache-control connection content-base content-encoding content-language content-length content-location "
    "content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match "
    "if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range "
    "referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method "
    "get status"
)
_REST = (
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
    "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden"
    "404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
    "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
    "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,"
    "publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)
_LAST_NAMES = ("200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin")


def _counted(word: str) -> bytes:
    return struct.pack(">I", len(word)) + word.encode()


DICTIONARY = b"".join(map(_counted, (*_WORDS.split(), *_LAST_NAMES))) + _REST.encode()
"""What both ends' compressors begin with; its Adler-32 is 0xe3c6a7c2."""


class BadFrame(ValueError):
    """Not SPDY/3.1, or more than is taken."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The client opened a stream. Names of headers are in lower case."""

    stream: int
    headers: Mapping[str, str]
    last: bool


@dataclass(frozen=True, slots=True)
class Data:
    """Bytes on a stream; `last`: the sender sends no more on it."""

    stream: int
    data: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class Reset:
    """The client gave a stream up."""

    stream: int


@dataclass(frozen=True, slots=True)
class Ping:
    """To be sent back as it is."""

    number: int


Frame: TypeAlias = Opened | Data | Reset | Ping


@dataclass(slots=True)
class Reader:
    """Frames out of bytes, however those are cut."""

    _rest: bytes = b""
    _inflate: "zlib._Decompress" = field(default_factory=lambda: zlib.decompressobj(zdict=DICTIONARY))

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Give every frame that is complete now; frames that mean nothing to a port-forward are left out."""
        self._rest += data
        while len(self._rest) >= _HEAD:
            first, flags = struct.unpack_from(">IB", self._rest)
            length = int.from_bytes(self._rest[5:_HEAD], "big")
            if length > _MOST_BYTES:
                raise BadFrame(f"a frame of {length} bytes")
            if len(self._rest) < _HEAD + length:
                return
            body, self._rest = self._rest[_HEAD : _HEAD + length], self._rest[_HEAD + length :]
            if found := self._frame(first, bool(flags & _FIN), body):
                yield found

    def _frame(self, first: int, last: bool, body: bytes) -> Frame | None:
        if not first >> 31:
            return Data(first, body, last)
        if first >> 16 != _VERSION:
            raise BadFrame(f"version {(first >> 16) & 0x7FFF}")
        kind = first & 0xFFFF
        if kind == _SYN_STREAM:
            return Opened(_number(body), dict(_pairs(self._inflate.decompress(body[10:], _MOST_BYTES))), last)
        if kind == _RST_STREAM:
            return Reset(_number(body))
        return Ping(struct.unpack_from(">I", body)[0]) if kind == _PING else None


class Writer:
    """Bytes for the client."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(zdict=DICTIONARY)

    def reply(self, stream: int) -> bytes:
        """Accept a stream."""
        headers = self._deflate.compress(struct.pack(">I", 0)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return _control(_SYN_REPLY, struct.pack(">I", stream) + headers)

    def data(self, stream: int, data: bytes, last: bool = False) -> bytes:
        """Send bytes on a stream, or say that there are no more."""
        return struct.pack(">I", stream) + _flagged(_FIN if last else 0, len(data)) + data

    def reset(self, stream: int) -> bytes:
        """Give a stream up (status 5: cancelled)."""
        return _control(_RST_STREAM, struct.pack(">II", stream, 5))

    def ping(self, number: int) -> bytes:
        """Answer a ping."""
        return _control(_PING, struct.pack(">I", number))


def _control(kind: int, body: bytes) -> bytes:
    return struct.pack(">HH", _VERSION, kind) + _flagged(0, len(body)) + body


def _flagged(flags: int, length: int) -> bytes:
    return bytes((flags,)) + length.to_bytes(3, "big")


def _number(body: bytes) -> int:
    return int(struct.unpack_from(">I", body)[0]) & 0x7FFFFFFF


def _pairs(block: bytes) -> Iterator[tuple[str, str]]:
    words = _words(block)
    count = struct.unpack_from(">I", block)[0]
    for _, name, value in zip(range(count), words, words, strict=False):
        yield name.lower(), value


def _words(block: bytes) -> Iterator[str]:
    at = 4
    while at + 4 <= len(block):
        length = struct.unpack_from(">I", block, at)[0]
        yield block[at + 4 : at + 4 + length].decode("latin-1")
        at += 4 + length
