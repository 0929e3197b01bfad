"""One HTTP call to a cloud's API: sent once, straight to its endpoint, held to a time and a size.

Vendors sign the request, read the answer and know their own codes. Nothing is repeated here, and no proxy is used.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
LARGEST = 32 << 20
LONGEST = 9.0
"""Seconds from sending to the end of the answer; `seconds` of a client bounds each part of that."""


class Rejected(Refused):
    """The cloud said no; `code` is the API's own error code."""

    def __init__(self, message: Message, code: str) -> None:
        super().__init__(message)
        self.code = code


class AnswerTooLarge(ValueError):
    """No answer of these APIs is so large."""


class AnswerTooLate(ValueError):
    """The answer was begun and not finished in time."""


class ApiClient:
    """A client for one endpoint, which is called `name` in messages. Safe between threads."""

    def __init__(self, name: str, endpoint: str, seconds: float) -> None:
        self.name, self.endpoint, self._seconds = name, endpoint.rstrip("/"), seconds
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    @property
    def host(self) -> str:
        """Give the host as it is signed, with the port of an endpoint that has one."""
        return self.endpoint.split("://", 1)[-1]

    def post(
        self, action: str, body: bytes, headers: Mapping[str, str], read: Callable[[bytes], T], query: str = ""
    ) -> tuple[int, T]:
        """Send one call; give the status, and what `read` makes of the answer.

        Unreachable: no whole answer in time, or one that `read` cannot read (ValueError). A write is perhaps done then.
        """
        import httpx

        url = f"{self.endpoint}/?{query}" if query else f"{self.endpoint}/"
        deadline = time.monotonic() + LONGEST
        try:
            with self._http().stream("POST", url, content=body, headers=dict(headers)) as answer:
                return answer.status_code, read(_whole(answer.iter_bytes(), deadline))
        except (httpx.HTTPError, ValueError) as error:
            raise self.unanswered(action, error) from error

    def unanswered(self, action: str, error: Exception) -> Unreachable:
        """Give the error of a call whose answer did not come, or says nothing."""
        problem, then = type(error).__name__, perhaps(action)  # the error's own words may quote what was signed
        return Unreachable(say("cloud.no-answer", api=self.name, action=action, problem=problem, then=then))

    def _http(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._client is None:
                # trust_env off: a proxy variable must not lead a signed request elsewhere
                self._client = httpx.Client(timeout=self._seconds, trust_env=False)
                weakref.finalize(self, self._client.close)
            return self._client


def perhaps(action: str) -> Message:
    """Say what an unanswered call may have done: a read nothing, a write everything."""
    reads = action.startswith(("Describe", "List", "Get"))
    return say("driver.read-again" if reads else "driver.perhaps-done")


def _whole(parts: Iterable[bytes], deadline: float) -> bytes:
    """Read to the end, within a size and a time."""
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > LARGEST:
            raise AnswerTooLarge
        if time.monotonic() > deadline:
            raise AnswerTooLate
    return bytes(body)
