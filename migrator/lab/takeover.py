"""Taking a connection over from aiohttp's server once a client has asked to speak something else on it."""

from collections.abc import Callable
from typing import Any

from aiohttp import web


class Taken(web.StreamResponse):
    """Says that the connection was used in another way than by an HTTP answer, and must not be reused."""

    async def prepare(self, request: web.BaseRequest) -> Any:  # Any: aiohttp's private writer type
        """Send nothing."""
        self.force_close()
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Send nothing."""


class _Inlet:
    """What aiohttp calls as a payload parser."""

    def __init__(self, data: Callable[[bytes], object], end: Callable[[], object]) -> None:
        self._data, self._end = data, end

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        """Pass bytes on."""
        self._data(data)
        return False, b""

    def feed_eof(self) -> None:
        """Pass the end on."""
        self._end()


def take_over(request: web.BaseRequest, data: Callable[[bytes], object], end: Callable[[], object]) -> None:
    """Give all that the client sends after its request to `data`, and its end to `end`."""
    request.protocol.set_parser(_Inlet(data, end))  # type: ignore[arg-type]  # duck-typed: aiohttp calls feed_*
