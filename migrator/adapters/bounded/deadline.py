"""A deadline for a whole call: when it is over the connection is cut, and the library's read ends with an error of its own.

A library's timeout begins anew with every byte: a server that sends one each second is never late for it, however long the
headers or the body get. Nothing is repeated here, and no library is named.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterable
from contextvars import ContextVar, Token
from math import inf
from threading import Condition, Lock, Thread
from time import monotonic

_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


class Deadline:
    """The seconds of one call, as a context. Connections that are opened or used meanwhile are watched (`watch_now`).

    One inside another ends with it at the latest: a call has no more time than what it is a part of.
    """

    def __init__(self, seconds: float) -> None:
        around = _current.get()
        self.ends: float = min(monotonic() + seconds, around.ends if around else inf)
        self.over, self._closed = False, False
        self._lock = Lock()
        self._handles: list[socket.socket] = []
        self._token: Token[Deadline | None] | None = None

    def __enter__(self) -> Deadline:
        self._token = _current.set(self)
        _watchdog.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        _watchdog.remove(self)
        if self._token is not None:
            _current.reset(self._token)
        with self._lock:
            self._closed = True
            for handle in self._handles:
                handle.close()
            self._handles.clear()

    @property
    def left(self) -> float:
        """Give the seconds that are left, never less than 0."""
        return max(0.0, self.ends - monotonic())

    def check(self) -> None:
        """Raise TimeoutError when the time was over: an answer that ends with its connection then only looks whole."""
        if self.over:
            raise TimeoutError

    def watch(self, link: socket.socket) -> None:
        """Cut this connection when the time is over. A second descriptor does it: TLS wraps the first one in another object."""
        with contextlib.suppress(OSError), self._lock:
            if self._closed:  # opened by a thread that its call has given up
                return
            self._handles.append(socket.socket(link.family, link.type, link.proto, fileno=os.dup(link.fileno())))
        if self.over:
            self.cut()

    def cut(self) -> None:
        """End every connection of this call; whoever reads of one gets its end."""
        with self._lock:
            self.over = True
            for handle in self._handles:
                with contextlib.suppress(OSError):  # it has ended by itself
                    handle.shutdown(socket.SHUT_RDWR)


def watch_now(link: socket.socket | None) -> None:
    """Cut this connection when the call that is being made here is over; nothing outside of a `Deadline`."""
    deadline = _current.get()
    if deadline is not None and link is not None:
        deadline.watch(link)


def seconds_left(most: float | None = None) -> float | None:
    """Give the seconds that the call made here has left, `most` at most; None: neither bounds it."""
    deadline = _current.get()
    bounds = [each for each in (most, deadline.left if deadline else None) if each is not None]
    return min(bounds, default=None)


class AnswerTooLarge(ValueError):
    """An answer is larger than any that is expected."""


def whole(parts: Iterable[bytes], most: int, drop: Callable[[], object] = lambda: None) -> bytes:
    """Read to the end. AnswerTooLarge: it is more than `most` bytes, and was not read any further.

    `drop` closes an answer that was not read to its end: its connection would stay open until a collection.
    """
    body = bytearray()
    try:
        for part in parts:
            body += part
            if len(body) > most:
                raise AnswerTooLarge
    except BaseException:
        drop()
        raise
    return bytes(body)


class _Watchdog:
    """One thread that sleeps until the next deadline is over. It starts with the first call."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._open: set[Deadline] = set()
        self._thread: Thread | None = None

    def add(self, deadline: Deadline) -> None:
        with self._changed:
            self._open.add(deadline)
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        with self._changed:
            self._open.discard(deadline)

    def _watch(self) -> None:
        while True:
            for deadline in self._due():
                deadline.cut()

    def _due(self) -> list[Deadline]:
        with self._changed:
            nearest = min((deadline.left for deadline in self._open), default=None)
            if nearest != 0.0:
                self._changed.wait(nearest)
            due = [deadline for deadline in self._open if not deadline.left]
            self._open.difference_update(due)
            return due


_watchdog = _Watchdog()


def _begin_anew() -> None:
    global _watchdog
    _watchdog = _Watchdog()


os.register_at_fork(after_in_child=_begin_anew)
