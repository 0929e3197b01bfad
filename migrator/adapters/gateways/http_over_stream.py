"""HTTP/1.1 over the byte stream to a pod, kept alive: several questions, one after the other, on one connection.

One connection is one process: that is why gateways are not asked through a pooling client. httpcore speaks the protocol; this
module gives it the stream, and holds every answer to a time and a size.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from httpcore import URL, HTTP11Connection, NetworkStream, Origin, ProtocolError, Request

from migrator.adapters.cluster.tunnel import Stream
from migrator.domain.messages.message import say

_LARGEST = 256 << 20
_HOST = b"localhost"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes


class HttpOverStream:
    """One connection's questions and answers. Not for several threads at once; after any error it is of no more use."""

    def __init__(self, stream: Stream) -> None:
        self._stream = _LimitedStream(stream)
        self._connection = HTTP11Connection(Origin(b"http", _HOST, 80), self._stream)

    @property
    def usable(self) -> bool:
        """Say whether the connection takes another question."""
        return not (self._connection.is_closed() or self._stream.ended)

    def ask(self, method: str, target: str, seconds: float) -> Answer:
        """Ask and read the whole answer within `seconds`. OSError (TimeoutError is one) when it is not whole."""
        if not self.usable:
            raise ConnectionError(say("stream.closed"))
        self._stream.limit(seconds)
        length = [] if method == "GET" else [(b"content-length", b"0")]
        url = URL(scheme=b"http", host=_HOST, target=target.encode())
        request = Request(method, url, headers=[(b"host", _HOST), *length])
        try:
            response = self._connection.handle_request(request)
            try:
                return Answer(response.status, response.read())
            finally:
                response.close()
        except ProtocolError as error:
            raise ConnectionError(say("stream.no-http", words=str(error)[:200])) from error

    def close(self) -> None:
        """Drop the connection."""
        self._connection.close()


class _LimitedStream(NetworkStream):
    """The stream as httpcore reads it, with one deadline and one size for a whole answer. `ended`: nothing more will come."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._deadline, self._left = 0.0, 0
        self.ended = False

    def limit(self, seconds: float) -> None:
        """Begin an answer, which may take so long."""
        self._deadline, self._left = time.monotonic() + seconds, _LARGEST

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Give the next bytes, b"" at the end. OSError: too late, too large, or broken."""
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError(say("stream.late"))
        data = self._stream.receive(seconds)
        self.ended = self.ended or not data
        self._left -= len(data)
        if self._left < 0:
            raise ConnectionError(say("stream.too-large"))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it; the end of a message may be nothing at all."""
        if buffer:
            self._stream.send(buffer)

    def close(self) -> None:
        """Close it at once."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        """Give nothing: there is no socket."""
        return None
