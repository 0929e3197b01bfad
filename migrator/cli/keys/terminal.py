"""Single keys from the terminal that this process is in the foreground of. A paste and what an arrow key sends are no keys.

The terminal is given back as it was. Ctrl-C and Ctrl-Z stay what they are.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

LOOK_EVERY = 0.25
STOPS_WITHIN = 2.0
OF_TERMINALS = {signal.SIGTTIN, signal.SIGTTOU}
"""Signals that stop a process which uses the terminal from the background: a driver must not be stopped by its keys."""

_before: dict[int, list[Any]] = {}  # Any: termios has no type for it
"""How each terminal was, by its descriptor."""


@contextmanager
def keys_of(press: Callable[[str], None]) -> Iterator[None]:
    """Call `press` for each key on standard input while the block lasts; nothing where that is no terminal."""
    if not sys.stdin.isatty():
        yield
        return
    descriptor, over = sys.stdin.fileno(), Event()
    with _unstopped(), suppress(termios.error, OSError):  # before anything says that there are keys
        if _is_ours(descriptor):
            _take_keys(descriptor)
    thread = Thread(target=_listen, args=(descriptor, press, over), daemon=True, name="keys")
    thread.start()
    try:
        with _interruptible():
            yield
    finally:
        over.set()
        thread.join(STOPS_WITHIN)
        give_back()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C, and the key that leaves, be heard by who was started deaf to them (by `nohup`, in the background of a script)
    and has a terminal all the same."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def give_back() -> None:
    """Leave every terminal as it was; one that somebody else has in the foreground now is theirs."""
    with _unstopped():
        for descriptor, attributes in tuple(_before.items()):
            with suppress(termios.error, OSError):  # the terminal is gone
                if _is_ours(descriptor):
                    termios.tcsetattr(descriptor, termios.TCSADRAIN, attributes)
        _before.clear()


@contextmanager
def _unstopped() -> Iterator[None]:
    """Let this thread use the terminal without being stopped by it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, OF_TERMINALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _listen(descriptor: int, press: Callable[[str], None], over: Event) -> None:
    with _unstopped(), suppress(termios.error, OSError):  # the terminal is gone: there are no keys any more
        while not over.is_set():
            if not _is_ours(descriptor):
                over.wait(LOOK_EVERY)
                continue
            _take_keys(descriptor)
            if (
                select.select([descriptor], [], [], LOOK_EVERY)[0]
                and (key := key_read(descriptor))
                and not over.is_set()
            ):
                press(key)


def _is_ours(descriptor: int) -> bool:
    """Say whether this process is in the foreground: only then the terminal is its own."""
    return os.tcgetpgrp(descriptor) == os.getpgrp()


def _take_keys(descriptor: int) -> None:
    """Let each key come at once, and unseen; again after a shell has had the terminal. What was typed before is no key."""
    now = termios.tcgetattr(descriptor)
    if now[3] & (termios.ICANON | termios.ECHO):
        _before.setdefault(descriptor, [*now])
        now[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, now)


def key_read(descriptor: int) -> str:
    """Return the key that was pressed; "" where more than one character came at once."""
    found = os.read(descriptor, 1024)
    if not found:
        raise OSError
    return found.decode("ascii") if len(found) == 1 and found.isascii() else ""
