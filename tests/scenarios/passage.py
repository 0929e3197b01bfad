"""A passage to a server for one process alone: it can be shut, and can keep a request back, while others pass elsewhere."""

from __future__ import annotations

import contextlib
import socket
from threading import Event, Lock, Thread

PIECE = 1 << 16


class Passage:
    """Leads a port of loopback to `server` (HOST:PORT). Used as a context manager."""

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition("//")[2].rpartition(":")
        self._server = host, int(port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open, self._lock = Event(), Lock()
        self._ends: list[socket.socket] = []
        self._kept, self._released = b"", Event()
        self.caught = Event()
        self._open.set()

    @property
    def url(self) -> str:
        """Give where it begins."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Passage:
        Thread(target=self._accepting, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._listener.close()
        self.shut()

    def shut(self) -> None:
        """Let nothing through any more: what is open ends."""
        self._open.clear()
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            _ended(end)

    def mend(self) -> None:
        """Let everything through again."""
        self._open.set()

    def keep_back(self, words: bytes) -> None:
        """Keep the next request back that has these words, until it is released; every later one passes."""
        self._kept = words

    def release(self) -> None:
        """Deliver what was kept back, whoever waits for it still."""
        self._released.set()

    def _accepting(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed at the end
            while True:
                near, _ = self._listener.accept()
                Thread(target=self._joined, args=(near,), daemon=True).start()

    def _joined(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if not self._open.is_set():
                return _ended(near)
            far = socket.create_connection(self._server, timeout=10)
            far.settimeout(None)
            with self._lock:
                self._ends += [near, far]
            Thread(target=self._poured, args=(far, near, False), daemon=True).start()
            self._poured(near, far, True)
        return None

    def _poured(self, source: socket.socket, into: socket.socket, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                if asks and self._kept and self._kept in piece:
                    self._kept = b""
                    self.caught.set()
                    self._released.wait(600)
                into.sendall(piece)
        _ended(into)


def _ended(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
