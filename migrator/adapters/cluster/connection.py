"""One API server as one kubeconfig context sees it: raw JSON in, raw JSON out, ten seconds at most for a whole call.

It refuses to deserialize into client models: they cost ten times as much and drop the fields that they do not know.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from migrator.adapters.bounded.deadline import AnswerTooLarge, Deadline, whole
from migrator.adapters.bounded.repeating import patiently
from migrator.adapters.cluster.credentials import Credentials
from migrator.adapters.cluster.words import in_our_words, late, refusal
from migrator.domain.messages.errors import Denied, MigratorError, Refused, Unreachable, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, Manifest, items, mapping
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.outside.urls import is_open
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.observation.logins import Login

if TYPE_CHECKING:
    from kubernetes.client import ApiClient, Configuration

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
LARGEST = 64 << 20
"""Bytes; a page of lists has a few millions."""

LARGEST_LINE = 8 << 20
"""Bytes of one event of a watch: an object has 2 MB at most."""


class Connection:
    """A context's API server. Safe to share between threads (the pool below is urllib3's)."""

    def __init__(self, spec: ClusterSpec, seconds: float = ANSWER_SECONDS) -> None:
        from kubernetes.client import ApiClient
        from urllib3.exceptions import HTTPError

        from migrator.adapters.bounded.pools import watched

        self._credentials = Credentials.of(spec)
        self.configuration: Configuration = self._credentials.configuration
        self.configuration.retries = False  # urllib3 would send a DELETE three times
        try:
            self._client: ApiClient = ApiClient(self.configuration)
        except (HTTPError, ValueError, AssertionError) as error:  # urllib3's, of a proxy that is no address
            raise UsageError(say("cluster.proxy-unusable", words=type(error).__name__)) from error
        watched(self._client.rest_client.pool_manager)
        self._seconds = seconds
        self.server = say("cluster.server", host=self.configuration.host, context=spec.context or "")

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Json = None,
        content_type: str = "application/json",
        question: bool = False,
    ) -> Manifest:
        """Ask for an object. Raise Unreachable, Refused, Denied, or `Missing` (a Refused) for a 404; answers that are no JSON
        object are Unreachable: something other than an API server answered.

        What only reads (a GET, or a `question` that a POST or a dry run puts) is put again within its seconds while the server
        is in trouble; a write is sent once.
        """
        url = self.configuration.host + path + (f"?{urlencode(query)}" if query else "")
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = content_type
        with Deadline(self._seconds) as deadline:
            headers |= self.credentials(deadline.left)

            def once() -> bytes:
                return self._asked(deadline, (method, path), url, headers, body)

            raw = patiently(once, deadline) if question or method == "GET" else once()
        return self._parsed(raw, f"{method} {path}")

    def lines(self, path: str, query: Mapping[str, str], deadline: Deadline) -> Iterator[bytes]:
        """Give the lines of an answer that goes on, as they come; an empty one first, when it has begun. Raises as `ask` does.

        It ends where the server ends it; Unreachable when the deadline cuts it.
        """
        asked = f"GET {path}"
        headers = {"Accept": "application/json", **self.credentials(min(deadline.left, self._seconds))}
        url = f"{self.configuration.host}{path}?{urlencode(query)}"
        timeout = (min(CONNECT_SECONDS, self._seconds), max(deadline.left, 0.01))
        with in_our_words(self.server, "GET", path):
            answer = self._client.call_api("GET", url, headers, None, _request_timeout=timeout)
            parts = answer.response.stream(1 << 16)
            try:
                if answer.status >= 300:
                    raise self.refusal(asked, answer.status, whole(parts, LARGEST), answer.headers)
                yield b""
                yield from _split(parts)
            finally:
                answer.response.close()
        if deadline.over:
            raise late(self.server, "GET", path)

    def _asked(
        self, deadline: Deadline, asked: tuple[str, str], url: str, headers: dict[str, str], body: Json
    ) -> bytes:
        """Ask once, and give a good answer's bytes."""
        method, path = asked
        timeout = (min(CONNECT_SECONDS, self._seconds), self._seconds)
        try:
            with in_our_words(self.server, method, path):
                answer = self._client.call_api(method, url, headers, body, _request_timeout=timeout)
                raw = whole(answer.response.stream(1 << 16), LARGEST, answer.response.close)
                deadline.check()
        except Unreachable as error:
            if deadline.over:
                raise late(self.server, method, path) from error
            raise
        if answer.status >= 300:
            raise self.refusal(f"{method} {path}", answer.status, raw, answer.headers)
        return raw

    def refusal(self, asked: str, status: int, body: bytes, headers: Mapping[str, str]) -> MigratorError:
        """Give the error for an HTTP answer of 300 or more."""
        if status == 401:
            self._credentials.refused()
        if status in (401, 403) and self.anonymous:
            return Denied(say("cluster.nobody", server=self.server, asked=asked, status=status))
        return refusal(self.server, asked, status, self.hidden(body), headers)

    def credentials(self, seconds: float) -> dict[str, str]:
        """Give the headers that prove who we are. Unreachable, Denied: they have ended, and are not renewed in this time."""
        headers = self._credentials.headers(self.server, seconds)
        pool = self._client.rest_client.pool_manager.connection_pool_kw  # a renewed certificate is another file
        pool.update(cert_file=self.configuration.cert_file, key_file=self.configuration.key_file)
        return headers

    @property
    def ends(self) -> datetime | None:
        """Give when our credentials end, where that can be told."""
        return self._credentials.ends

    @property
    def login(self) -> Login:
        """Say how long we are known here, and whether that is renewed."""
        ends = self._credentials.ends
        return Login(self.server, False, ends, self._credentials.renewed, ends is not None)

    def hidden(self, words: bytes) -> bytes:
        """Give what a server said without our token: one that echoes the request would put it into journal and log."""
        for value in self._credentials.held().values():
            secret = value.split(" ", 1)[-1].encode()
            words = words.replace(secret, b"(hidden)") if secret else words
        return words

    @property
    def anonymous(self) -> bool:
        """Say whether nothing of ours says who we are: no token, no password, no certificate."""
        return not self.configuration.cert_file and not self._credentials.held()

    @property
    def exposed(self) -> Message | None:
        """Say how our token lies open to others: in plain HTTP outside this machine, or to whoever answers."""
        host = self.configuration.host
        if is_open(host):
            return say("cluster.plain-http", host=host)
        if host.startswith("https:") and not self.configuration.verify_ssl:
            return say("cluster.unverified", host=host)
        return None

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()  # type: ignore[no-untyped-call]  # the client has no types

    def _parsed(self, raw: bytes, asked: str) -> Manifest:
        with uncollected():
            try:
                value = parsed(raw)
            except ValueError as error:
                if (
                    raw.lstrip()[:1] == b"<"
                ):  # a page of a proxy or a portal: it will not become an API server by waiting
                    raise Refused(say("cluster.html", server=self.server, asked=asked)) from error
                raise Unreachable(say("cluster.no-json", server=self.server, asked=asked)) from error
        if not isinstance(value, dict):
            raise Unreachable(say("cluster.no-object", server=self.server, asked=asked))
        return value


def _split(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Give the lines of what comes in parts. AnswerTooLarge: one is larger than any object."""
    rest = b""
    for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        yield from filter(None, lines)
        if len(rest) > LARGEST_LINE:
            raise AnswerTooLarge


_pausing = threading.Lock()
_paused = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause Python's garbage collector: parsing 5,000 pods takes 0.9 s without it and 2.9 s with it.

    Counted, because several threads parse at once; a collector that somebody else has switched off stays off.
    """
    global _paused
    with _pausing:
        ours = gc.isenabled() or _paused > 0
        if ours:
            _paused += 1
            gc.disable()
    try:
        yield
    finally:
        with _pausing:
            if ours:
                _paused -= 1
                if not _paused:
                    gc.enable()


def objects_of(answer: Manifest) -> list[Manifest]:
    """Give a list answer's objects, each with the apiVersion and kind that the server leaves out of lists.

    Unreachable: it is no list of objects (null is an empty one, nothing at all is none).

    Who last wrote which field (`managedFields`) is half of the bytes of a list and never asked for: it goes at once.
    """
    kind = str(answer.get("kind", "")).removesuffix("List")
    rows = items(answer, "items")
    if answer.get("items", ...) not in (None, rows):
        raise Unreachable(say("cluster.no-list", kind=kind))
    for row in rows:
        mapping(row, "metadata").pop("managedFields", None)
    return [{"apiVersion": answer.get("apiVersion"), "kind": kind, **row} for row in rows]
