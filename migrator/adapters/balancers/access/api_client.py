"""One HTTP call to a cloud's API: sent once, straight to its endpoint, held to a time and a size.

Vendors sign the request, read the answer and know their own codes. Nothing is repeated here, and no proxy is used.
"""

from __future__ import annotations

import ssl
import threading
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.deadline import Deadline, whole
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.messages.trouble import has_no_address, speaks_no_tls

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
LARGEST = 32 << 20
LONGEST = 9.0
"""Seconds from sending to the end of the answer; `seconds` of a client bounds each part of that."""


TROUBLE = 500
"""The status from which on a web page is a gateway's trouble, which passes."""


class Rejected(Refused):
    """The cloud said no; `code` is the API's own error code."""

    def __init__(self, message: Message, code: str) -> None:
        super().__init__(message)
        self.code = code


class AnswerTooLate(ValueError):
    """The answer was not whole in time."""


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

        Unreachable: no whole answer in time, or one that `read` cannot read (ValueError). A write is perhaps done then. Nothing
        is sent where no time is left.
        """
        import httpx

        url = f"{self.endpoint}/?{query}" if query else f"{self.endpoint}/"
        with Deadline(LONGEST) as deadline:
            if not deadline.left:  # of what this call is a part of
                raise Unreachable(say("cloud.no-time-left", api=self.name, action=action))
            try:
                with self._http().stream("POST", url, content=body, headers=dict(headers)) as answer:
                    found = whole(answer.iter_bytes(), LARGEST)
                deadline.check()
                self._require_api(action, answer, found)
                return answer.status_code, read(found)
            except (httpx.HTTPError, ValueError, OSError) as error:
                raise self._trouble(action, AnswerTooLate() if deadline.over else error, error) from error

    def _require_api(self, action: str, answer: httpx.Response, body: bytes) -> None:
        """Refused: a redirect, or a web page. No API answers so; a proxy, a portal or a wrong address does, for ever."""
        if answer.is_redirect:
            where = answer.headers.get("location", "")
            raise Refused(say("cloud.redirected", api=self.name, action=action, endpoint=self.endpoint, to=where[:200]))
        page = body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))
        if page and answer.status_code < TROUBLE:
            status = answer.status_code
            raise Refused(say("cloud.web-page", api=self.name, action=action, endpoint=self.endpoint, status=status))

    def _trouble(self, action: str, problem: Exception, error: Exception) -> MigratorError:
        if untrusted := certificate_fault(error):
            return Refused(say("cloud.untrusted", api=self.name, action=action, words=in_our_words(error, untrusted)))
        if speaks_no_tls(error):
            return Refused(say("cloud.no-tls", api=self.name, action=action, endpoint=self.endpoint))
        return self.unanswered(action, problem)

    def unanswered(self, action: str, error: Exception) -> Unreachable:
        """Give the error of a call whose answer did not come, or says nothing."""
        then = perhaps(action)
        problem = in_our_words(error, type(error).__name__)  # its own text may quote what was signed
        if has_no_address(error):
            host = urlsplit(self.endpoint).hostname or self.endpoint
            return Unreachable(say("cloud.no-address", api=self.name, action=action, host=host))
        return Unreachable(say("cloud.no-answer", api=self.name, action=action, problem=problem, then=then))

    def _http(self) -> httpx.Client:
        import httpx

        from migrator.adapters.bounded.transport import Transport

        with self._lock:
            if self._client is None:
                # trust_env off: a proxy variable must not lead a signed request elsewhere
                self._client = httpx.Client(timeout=self._seconds, trust_env=False, transport=Transport())
                weakref.finalize(self, self._client.close)
            return self._client


def certificate_fault(error: BaseException | None) -> str:
    """Give why a certificate was not trusted, from anywhere in the chain of an error; "" where that is not what happened."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return ""


def perhaps(action: str) -> Message:
    """Say what an unanswered call may have done: a read nothing, a write everything."""
    reads = action.startswith(("Describe", "List", "Get"))
    return say("driver.read-again" if reads else "driver.perhaps-done")
