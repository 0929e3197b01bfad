"""Read one HTTP/1.1 response from bytes as they come. It touches no socket and forgives no malformed answer."""

from dataclasses import dataclass
from typing import Protocol

_HEAD_LIMIT = 64 << 10
_NO_BODY = (101, 204, 304)


class Malformed(ValueError):
    """The bytes are not the answer to a request."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the load wants to know of a response's head. `length` is None where the body has no declared length."""

    status: int
    gateway: str
    closes: bool
    length: int | None
    chunked: bool


class Body(Protocol):
    """A body being read: `take` gives the bytes after its end, or None while it is not complete."""

    def take(self, data: bytes) -> bytes | None: ...


class ResponseReader:
    """Takes bytes until one response is complete; interim answers (100, 103) are skipped."""

    __slots__ = ("_body", "_pending", "complete", "excess", "head", "started")

    def __init__(self) -> None:
        self._pending = b""
        self._body: Body | None = None
        self.head: Head | None = None
        self.started = False
        self.complete = False
        self.excess = b""

    def feed(self, data: bytes) -> bool:
        """Take bytes; return whether the response is complete. Raise `Malformed`."""
        self.started = True
        while self.head is None:
            self._pending += data
            end = self._pending.find(b"\r\n\r\n")
            if end < 0:
                if len(self._pending) > _HEAD_LIMIT:
                    raise Malformed("the head of the response is too large")
                return False
            head = parse_head(self._pending[:end])
            data, self._pending = self._pending[end + 4 :], b""
            if head.status >= 200 or head.status == 101:
                self.head, self._body = head, body_of(head)
        return self._read_body(data)

    def end(self) -> bool:
        """The connection ended: return whether that completes the response."""
        self.complete = self.complete or isinstance(self._body, UntilClose)
        return self.complete

    def _read_body(self, data: bytes) -> bool:
        assert self._body is not None
        rest = self._body.take(data)
        if rest is not None:
            self.complete, self.excess = True, rest
        return self.complete


class Sized:
    """A body of a known number of bytes."""

    def __init__(self, length: int) -> None:
        self._left = length

    def take(self, data: bytes) -> bytes | None:
        if len(data) < self._left:
            self._left -= len(data)
            return None
        return data[self._left :]


class UntilClose:
    """A body that ends with its connection."""

    def take(self, data: bytes) -> bytes | None:
        return None


class Chunked:
    """A body in chunks (RFC 9112 section 7.1), trailers included."""

    def __init__(self) -> None:
        self._pending = b""
        self._trailers = False

    def take(self, data: bytes) -> bytes | None:
        self._pending += data
        while not self._trailers:
            line, found, rest = self._pending.partition(b"\r\n")
            if not found:
                self._limit()
                return None
            size = _size(line)
            if size == 0:
                self._trailers, self._pending = True, rest
            elif len(rest) < size + 2:
                return None
            elif rest[size : size + 2] != b"\r\n":
                raise Malformed("a chunk is longer than its size")
            else:
                self._pending = rest[size + 2 :]
        return self._end_of_trailers()

    def _end_of_trailers(self) -> bytes | None:
        if self._pending.startswith(b"\r\n"):
            return self._pending[2:]
        _, found, rest = self._pending.partition(b"\r\n\r\n")
        if not found:
            self._limit()
            return None
        return rest

    def _limit(self) -> None:
        if len(self._pending) > _HEAD_LIMIT:
            raise Malformed("a chunk's size line or the trailers are too large")


def _size(line: bytes) -> int:
    text = line.split(b";")[0].strip()
    if not text or text.strip(b"0123456789abcdefABCDEF"):
        raise Malformed(f"a chunk has no size: {line[:40]!r}")
    return int(text, 16)


def body_of(head: Head) -> Body:
    """Return how the body of a GET's response with this head is read (RFC 9112 section 6.3)."""
    if head.status in _NO_BODY:
        return Sized(0)
    if head.chunked:
        return Chunked()
    return UntilClose() if head.length is None else Sized(head.length)


def parse_head(raw: bytes) -> Head:
    """Return the head in `raw`, which has no empty line at its end. Raise `Malformed`."""
    first, *lines = raw.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not _is_status(words[1]):
        raise Malformed(f"not a status line: {first[:80]!r}")
    fields = _fields(lines)
    connection = fields.get("connection", "").lower()
    length = fields.get("content-length")
    if length is not None and not length.isdecimal():
        raise Malformed(f"not a length: {length[:40]!r}")
    return Head(
        status=int(words[1]),
        gateway=fields.get("x-gateway") or fields.get("server", ""),
        closes="close" in connection or (words[0] == "HTTP/1.0" and "keep-alive" not in connection),
        length=None if length is None else int(length),
        chunked="chunked" in fields.get("transfer-encoding", "").lower(),
    )


def _is_status(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isdecimal() and "100" <= word < "600"


def _fields(lines: list[str]) -> dict[str, str]:
    found = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise Malformed(f"not a header: {line[:80]!r}")
        found[name.lower()] = value.strip()
    return found
