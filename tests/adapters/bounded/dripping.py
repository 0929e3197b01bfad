"""Servers that are never late for a library's timeout and never done: a byte now and then, in the headers or in the body."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

EVERY = 0.15
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def dripping(begin: bytes, drip: bytes) -> Iterator[int]:
    """Serve `begin`, then `drip` for ever, on a port of loopback, to whoever connects and says something."""
    ended = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.1)

    def serve(link: socket.socket) -> None:
        with link, suppress(OSError):
            link.recv(1 << 16)
            link.sendall(begin)
            while not ended.wait(EVERY):
                link.sendall(drip)

    def accept() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                link, _ = listening.accept()
                threading.Thread(target=serve, args=(link,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listening.getsockname()[1]
    finally:
        ended.set()
        accepting.join(5.0)
        listening.close()


PLACES = {
    "in the headers": (HEAD + b"x-drip: ", b"y"),
    "in a body with a length": (HEAD + b"content-length: 100000\r\n\r\n", b"x"),
    "in a body without one": (HEAD + b"connection: close\r\n\r\n", b" "),
}
