"""Puts one question to one gateway: straight to its address, else through the API server. It follows no redirect, keeps no
body and no secret, and never raises: what went wrong is an answer too.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from migrator.adapters.answers.heard import Heard, NoHttp
from migrator.adapters.answers.wire import Direct, TlsFailed, Wire
from migrator.adapters.cluster.tunnel import Stream
from migrator.adapters.gateways.admin import PodStreams
from migrator.domain.answers.answer import Answer, Failure
from migrator.domain.answers.trial import Place
from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.answers import Protocol, Question

Headers: TypeAlias = "list[tuple[str, str]]"

AGENT = "migrator-answer-parity/1 (compares two gateways; GET, HEAD and OPTIONS only unless the plan says otherwise)"
MARK = ("x-migrator-answer-parity", "1")
"""By these two headers an owner of a backend sees what our requests are, and may leave them out of statistics."""

SECONDS = 5.0
"""The whole time of one question."""

DIAL_SECONDS = 2.0
"""After this an address that does not answer is asked through the API server."""

UNKNOWN_CLIENT = b"PROXY UNKNOWN\r\n"
"""PROXY protocol (version 1) of a client that nobody knows: from inside there is no address to tell."""

AGAIN = 60.0
"""Seconds for which a place that was reached through the API server alone is not dialled again."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which headers of an answer are kept."""

    headers: tuple[str, ...]

    def of(self, heard: Heard) -> tuple[tuple[str, str], ...]:
        """Give those that are there; of cookies the names alone."""
        found = ((name, heard.headers[name]) for name in self.headers if name in heard.headers)
        return tuple((name, _cookie_names(value) if name == "set-cookie" else value) for name, value in found)


class Asker:
    """Asks. `streams` leads into pods through the API server (None: there is no such way). Several threads may ask."""

    def __init__(
        self,
        headers: tuple[str, ...],
        streams: PodStreams | None = None,
        environment: Mapping[str, str] = os.environ,
        seconds: float = SECONDS,
    ) -> None:
        self._chosen, self._streams, self._environment, self._seconds = Chosen(headers), streams, environment, seconds
        self._lock = threading.Lock()
        self._inside: dict[Place, float] = {}

    def ask(self, question: Question, place: Place) -> Answer:
        """Put the question. Raises nothing."""
        try:
            headers = self._headers(question)
        except KeyError:
            return Answer(failure=Failure.NO_SECRET, counted=False)
        began = time.monotonic()
        stream, inside, failure = self._opened(place)
        if stream is None:
            return Answer(failure=failure, inside=inside, seconds=time.monotonic() - began, counted=False)
        wire = Wire(stream, max(0.1, self._seconds - (time.monotonic() - began)))
        try:
            return self._answer(question, wire, headers, inside, began)
        finally:
            wire.close()

    def _answer(self, question: Question, wire: Wire, headers: Headers, inside: bool, began: float) -> Answer:
        try:
            heard = _spoken(question, wire, headers)
        except Exception as error:  # noqa: BLE001 - ValueError: a host that cannot be written; else what a library raises
            took = time.monotonic() - began
            return Answer(failure=_failure(error), certificate=wire.certificate, inside=inside, seconds=took)
        redirect = _whereto(heard.headers.get("location", ""))
        return Answer(
            heard.status,
            self._chosen.of(heard),
            redirect,
            wire.certificate,
            heard.digest,
            heard.protocol,
            heard.grpc,
            None,
            inside,
            time.monotonic() - began,
        )

    def _headers(self, question: Question) -> Headers:
        """Give the headers that are sent; KeyError where a secret is not in the environment."""
        secret = [(name, self._environment[variable]) for name, variable in question.secrets]
        own = {name.lower() for name, _ in (*question.headers, *secret)}
        usual = [("User-Agent", AGENT), ("Accept", "*/*"), MARK]
        return [*(row for row in usual if row[0].lower() not in own), *question.headers, *secret]

    def _opened(self, place: Place) -> tuple[Stream | None, bool, Failure | None]:
        """Open a stream: straight, else through the API server where the pod is known. Say which it was, or why not."""
        if self._goes_inside(place):
            if (stream := self._through_the_server(place)) is not None:
                return stream, True, None
            self._remember(place, inside=False)
        try:
            return Direct(place.address, place.port, DIAL_SECONDS, place.introduced), False, None
        except OSError as error:
            failure = _failure(error)
        if (stream := self._through_the_server(place)) is not None:
            self._remember(place, inside=True)
            return stream, True, None
        return None, False, failure

    def _through_the_server(self, place: Place) -> Stream | None:
        if self._streams is None or place.pod is None:
            return None
        try:
            stream = self._streams.open(place.pod, place.port, DIAL_SECONDS)
            if place.introduced:
                stream.send(UNKNOWN_CLIENT)
        except (OSError, MigratorError):
            return None
        return stream

    def _goes_inside(self, place: Place) -> bool:
        with self._lock:
            return time.monotonic() < self._inside.get(place, 0.0)

    def _remember(self, place: Place, inside: bool) -> None:
        with self._lock:
            self._inside[place] = time.monotonic() + AGAIN if inside else 0.0


def _spoken(question: Question, wire: Wire, headers: Headers) -> Heard:
    if question.tls:
        wire.secure(question.sni or question.host.rpartition(":")[0] or question.host, _ALPN[question.protocol])
    return (_http2 if _is_http2(question, wire) else _http1)(question, wire, headers)


def _is_http2(question: Question, wire: Wire) -> bool:
    """Say whether HTTP/2 is spoken: in TLS the other end may have chosen otherwise, which is an answer too."""
    declined = question.protocol is Protocol.HTTP2 and question.tls and wire.chosen != "h2"
    return question.protocol in _OVER_HTTP2 and not declined


def _http1(question: Question, wire: Wire, headers: Headers) -> Heard:
    from migrator.adapters.answers import http1

    if question.protocol is Protocol.WEBSOCKET:
        return http1.upgrade(wire, question.target, question.host, headers)
    return http1.exchange(wire, question.method, question.target, question.host, headers)


def _http2(question: Question, wire: Wire, headers: Headers) -> Heard:
    from migrator.adapters.answers import http2

    if question.protocol is Protocol.GRPC:
        return http2.call(wire, question.scheme, question.host, headers)
    return http2.exchange(wire, question.scheme, question.method, question.target, question.host, headers)


_ALPN: Mapping[Protocol, tuple[str, ...]] = {
    Protocol.HTTP1: ("http/1.1",),
    Protocol.WEBSOCKET: ("http/1.1",),
    Protocol.HTTP2: ("h2", "http/1.1"),
    Protocol.GRPC: ("h2",),
}
_OVER_HTTP2 = frozenset({Protocol.HTTP2, Protocol.GRPC})


def _failure(error: Exception) -> Failure:
    match error:
        case TlsFailed():
            return Failure.TLS
        case NoHttp():
            return Failure.NO_HTTP
        case TimeoutError():
            return Failure.TIMEOUT
        case ConnectionRefusedError() | socket.gaierror():
            return Failure.REFUSED
        case _:
            return Failure.CLOSED


def _whereto(location: str) -> str:
    """Return where a redirect leads; one that is no URL stands for itself without what follows its path."""
    try:
        return without_values(location)
    except ValueError:
        return location.partition("?")[0]


def without_values(url: str) -> str:
    """Return a URL with the names of its query alone: values may be secrets, and often differ each time."""
    parts = urlsplit(url)
    names = "&".join(f"{name}=" for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, names, ""))


def _cookie_names(value: str) -> str:
    return ", ".join(sorted({part.partition("=")[0].strip() for part in value.split(",") if "=" in part.split(";")[0]}))
