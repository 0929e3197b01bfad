"""HTTP/1.1 over any byte stream, kept alive: several questions, one after the other, on one connection.

One connection is one process: that is why the gateways are asked in this way and not through a pooling client.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from migrator.adapters.cluster.tunnel import Stream

_LARGEST_HEAD = 64 << 10
_LARGEST_BODY = 256 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes


class Talk:
    """One connection's questions and answers. Not for several threads at once; after any error it is of no more use."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._buffer = bytearray()
        self._deadline = 0.0
        self.usable = True

    def ask(self, method: str, target: str, seconds: float) -> Answer:
        """Ask and read the whole answer within `seconds`. OSError (TimeoutError is one) when it is not whole."""
        self._deadline = time.monotonic() + seconds
        self.usable = False  # until the answer is whole, what comes next on the stream belongs to this question
        length = "content-length: 0\r\n" if method != "GET" else ""
        self._stream.send(f"{method} {target} HTTP/1.1\r\nhost: localhost\r\n{length}\r\n".encode())
        status, headers = self._head()
        body = self._body(headers)
        self.usable = "close" not in headers.get("connection", "").lower() and _delimited(headers)
        return Answer(status, body)

    def close(self) -> None:
        """Drop the connection."""
        self.usable = False
        self._stream.close()

    def _head(self) -> tuple[int, dict[str, str]]:
        first, *rest = self._until(b"\r\n\r\n", _LARGEST_HEAD).decode("latin-1").split("\r\n")
        words = first.split(" ")
        if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdigit():
            raise ConnectionError(f"this is not HTTP: {first[:80]!r}")
        pairs = (line.partition(":") for line in rest)
        return int(words[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}

    def _body(self, headers: dict[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._chunks()
        if "content-length" in headers:
            return self._exactly(_size(headers["content-length"], 10))
        return self._rest()

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := _size(self._until(b"\r\n", _LARGEST_HEAD).decode("latin-1").split(";")[0], 16):
            body += self._exactly(size + 2)[:size]
            if len(body) > _LARGEST_BODY:
                raise ConnectionError("the answer is larger than any configuration")
        while self._until(b"\r\n", _LARGEST_HEAD):
            pass  # trailers
        return bytes(body)

    def _until(self, mark: bytes, largest: int) -> bytes:
        start = 0
        while (end := self._buffer.find(mark, start)) < 0:
            if len(self._buffer) > largest:
                raise ConnectionError("the answer's head has no end")
            start = max(0, len(self._buffer) - len(mark))
            self._more()
        found = bytes(self._buffer[:end])
        del self._buffer[: end + len(mark)]
        return found

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found

    def _rest(self) -> bytes:
        while data := self._stream.receive(self._left()):
            self._buffer += data
            if len(self._buffer) > _LARGEST_BODY:
                raise ConnectionError("the answer is larger than any configuration")
        return bytes(self._buffer)

    def _more(self) -> None:
        data = self._stream.receive(self._left())
        if not data:
            raise ConnectionError(f"the connection ended within an answer, after {len(self._buffer)} bytes of a part")
        self._buffer += data

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer was not whole in time")
        return left


def _delimited(headers: dict[str, str]) -> bool:
    return "content-length" in headers or "chunked" in headers.get("transfer-encoding", "").lower()


def _size(words: str, radix: int) -> int:
    try:
        size = int(words.strip(), radix)
    except ValueError:
        raise ConnectionError(f"{words[:20]!r} is no length") from None
    if not 0 <= size <= _LARGEST_BODY:
        raise ConnectionError(f"an answer of {size} bytes is larger than any configuration")
    return size
