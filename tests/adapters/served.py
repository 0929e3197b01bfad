"""A real HTTP server on loopback that answers as a test says, or drops the connection, or takes its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer. `drop` closes without an answer; `cut` promises more than it sends; `seconds` come first; with `trickle`
    the body comes byte by byte, so many seconds apart."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    cut: bool = False
    seconds: float = 0.0
    trickle: float = 0.0


@dataclass(slots=True)
class Served:
    """The running server: its port, and what it was asked."""

    port: int
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _body(request: BaseHTTPRequestHandler) -> bytes:
    """Read the whole body: one left unread is taken for the next request, and the connection is reset."""
    if request.headers.get("Transfer-Encoding", "").lower() != "chunked":
        return request.rfile.read(int(request.headers.get("Content-Length") or 0))
    body = bytearray()
    while size := int(request.rfile.readline().split(b";")[0], 16):
        body += request.rfile.read(size)
        request.rfile.readline()
    request.rfile.readline()
    return bytes(body)


@contextmanager
def serving(reply: Callable[[Asked], Reply]) -> Iterator[Served]:
    """Serve until the block ends."""
    served = Served(0)

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            asked = Asked(self.command, self.path, dict(self.headers), _body(self))
            served.asked.append(asked)
            found = reply(asked)
            time.sleep(found.seconds)
            if found.drop:
                self.close_connection = True
                return
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.body) + (10 if found.cut else 0)))
            self.end_headers()
            with suppress(ConnectionError):  # who would not wait has gone
                for part in (
                    [found.body[at : at + 1] for at in range(len(found.body))] if found.trickle else [found.body]
                ) * (self.command != "HEAD"):
                    self.wfile.write(part)
                    time.sleep(found.trickle)
            self.close_connection = self.close_connection or found.cut

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    served.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
