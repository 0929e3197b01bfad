"""A small HTTP server that only reads: a few connections at once, each for a few seconds, and strict headers on every answer.

It knows no page; `respond` gives the answer of a path. What it is asked is never logged above debug, and no answer quotes it.
"""

from __future__ import annotations

import logging
import socket
import socketserver
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread, Timer
from typing import TYPE_CHECKING, Any

from migrator.cli.serving.guard import has_token, is_loopback, names_us
from migrator.cli.serving.places import Places

if TYPE_CHECKING:
    from migrator.cli.serving.tls import Certificate

log = logging.getLogger(__name__)

MOST = 16
"""Connections at once; another is closed unanswered."""

SECONDS = 15.0
"""How long a connection may take in all, whoever is slow."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; `headers` come in place of the usual ones of their names."""

    status: HTTPStatus
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Respond = Callable[[str], Answer]
"""From a path with its query to the answer. What it raises is answered by 500, without a word of it."""


def plain(status: HTTPStatus, words: str = "") -> Answer:
    """Give an answer of one line."""
    return Answer(status, f"{words or status.phrase}\n".encode())


class Server(socketserver.ThreadingMixIn, HTTPServer):
    """Serves from `start` until `close`. OSError when the address cannot be bound."""

    daemon_threads = True
    block_on_close = False
    seconds = SECONDS
    of_one = MOST
    """Connections at once from one address that is not this machine's own."""

    def __init__(
        self, host: str, port: int, respond: Respond, token: str = "", certificate: Certificate | None = None
    ) -> None:
        self.respond, self.token, self.host, self._certificate = respond, token, host, certificate
        self.is_loopback = is_loopback(host)
        self._places = Places(MOST, MOST if self.is_loopback else self.of_one)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host.strip("[]"), port), Asked)

    def server_bind(self) -> None:
        """Bind, and ask no name server who we are, as the library would."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    @property
    def url(self) -> str:
        """Give where it is."""
        host = f"[{self.host.strip('[]')}]" if ":" in self.host else self.host
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://{host}:{self.server_port}/"

    def start(self) -> Server:
        """Serve on a thread of its own."""
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True, name="serve").start()
        return self

    def close(self) -> None:
        """End serving; who is being answered may go on being answered."""
        self.shutdown()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer on a thread, or close at once while too many are being answered."""
        if not self._places.take(client_address[0]):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:  # no thread was started that would give the place back
            self._places.give_back(client_address[0])
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and give the place back whatever becomes of it: whoever is gone already fails before a handshake."""
        try:
            self._answered(request, client_address)
        except OSError:
            self.handle_error(request, client_address)
            self.shutdown_request(request)
        finally:
            self._places.give_back(client_address[0])

    def _answered(self, request: Any, client_address: Any) -> None:
        """Answer within the time that a connection has, its handshake included."""
        if self._certificate is not None:
            request = self._certificate.context().wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        timer = Timer(self.seconds, _cut, (request,))
        timer.daemon = True
        timer.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            timer.cancel()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands, where we speak TLS, on the connection's own thread: who is slow keeps nobody else waiting."""
        if self._certificate is not None:
            request.settimeout(Asked.timeout)
            request.do_handshake()
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of whoever went away."""
        log.debug("serve.broken", exc_info=True)


def _cut(request: socket.socket) -> None:
    try:
        request.shutdown(socket.SHUT_RDWR)
    except OSError:
        log.debug("serve.gone")


class Asked(BaseHTTPRequestHandler):
    """One connection, one answer."""

    server: Server
    timeout = 10.0

    def do_GET(self) -> None:
        """Answer a question."""
        self._send(self._answer())

    do_HEAD = do_GET

    def _answer(self) -> Answer:
        server = self.server
        if server.token:
            if not has_token(self.headers.get("Authorization"), server.token):
                challenge = {"WWW-Authenticate": 'Basic realm="migrator", charset="UTF-8"'}
                return Answer(HTTPStatus.UNAUTHORIZED, b"A token is needed.\n", headers=challenge)
        elif server.is_loopback and not names_us(self.headers.get("Host"), server.host):
            return plain(HTTPStatus.MISDIRECTED_REQUEST)
        try:
            return server.respond(self.path)
        except Exception as error:  # noqa: BLE001 - a page that cannot be made must not end the server; its text is not ours to show
            log.warning("serve.failed error=%s", type(error).__name__)
            return plain(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        headers = {**HEADERS, "Content-Type": answer.content_type, **answer.headers}
        for name, value in {**headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no question, without a word of it."""
        self.command = getattr(self, "command", None) or "GET"
        self._send(plain(HTTPStatus(code)))

    def version_string(self) -> str:
        """Say no more than the program's name."""
        return "migrator"

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: a path may hold what somebody typed."""
