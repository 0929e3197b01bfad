"""One run of somebody else's program: its input, what it prints within bounds, and an end in time, with all its children."""

from __future__ import annotations

import atexit
import os
import select
import selectors
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import IO

LARGEST = 16 << 20
"""Bytes that are kept of each of its outputs; the rest is read and forgotten, for one that prints without end would fill us."""

_AT_ONCE = 1 << 16

_running: set[subprocess.Popen[bytes]] = set()
"""What runs now: it is in a session of its own, so no Ctrl-C reaches it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: the signal that killed it) and what it printed, the first of it."""

    code: int
    out: bytes
    err: bytes


def ended(
    argv: Sequence[str],
    seconds: float,
    text: str = "",
    environment: Mapping[str, str] | None = None,
    folder: str | None = None,
) -> Ended:
    """Run a program with `text` as its input. OSError: it could not be started, so nothing was done.

    subprocess.TimeoutExpired: it did not end in time, and was killed with its session: a shell's child would hold the pipes
    open.
    """
    popen = subprocess.Popen(  # noqa: S603  whoever names the program is trusted with it; no shell is involved
        list(argv),
        stdin=subprocess.PIPE if text else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=None if environment is None else dict(environment),
        cwd=folder,
    )
    _running.add(popen)
    with popen:
        try:
            out, err = _talked(popen, text.encode(), monotonic() + seconds)
        except subprocess.TimeoutExpired:
            os.killpg(popen.pid, signal.SIGKILL)  # not reaped yet, so the number cannot be somebody else's
            raise
        finally:
            _running.discard(popen)
    return Ended(popen.returncode, out, err)


def end_all() -> None:
    """Kill every program that still runs, with its session: this process leaves, and the next one runs it again."""
    for popen in tuple(_running):
        if popen.returncode is None:
            with suppress(OSError):  # it has ended by itself
                os.killpg(popen.pid, signal.SIGKILL)


atexit.register(end_all)


def _talked(popen: subprocess.Popen[bytes], text: bytes, ends: float) -> tuple[bytes, bytes]:
    """Give a program its input, and what it printed when it has ended. TimeoutExpired: it goes on, or holds its pipes open."""
    found: dict[IO[bytes] | None, bytearray] = {popen.stdout: bytearray(), popen.stderr: bytearray()}
    with selectors.DefaultSelector() as open_:
        for pipe in (popen.stdout, popen.stderr):
            assert pipe is not None
            open_.register(pipe, selectors.EVENT_READ)
        if popen.stdin is not None:
            open_.register(popen.stdin, selectors.EVENT_WRITE)
        while open_.get_map():
            for key, _ in open_.select(_left(popen, ends)):
                if key.fileobj is popen.stdin:
                    text = _given(key.fd, text)
                    is_over = not text
                else:
                    is_over = _taken(key.fd, found[key.fileobj])  # type: ignore[index]  # one of the two pipes above
                if is_over:
                    open_.unregister(key.fileobj)
                    key.fileobj.close()  # type: ignore[union-attr]  # a pipe, no number
    popen.wait(_left(popen, ends))
    return bytes(found[popen.stdout]), bytes(found[popen.stderr])


def _left(popen: subprocess.Popen[bytes], ends: float) -> float:
    if (left := ends - monotonic()) <= 0:
        raise subprocess.TimeoutExpired(popen.args, 0.0)
    return left


def _given(pipe: int, text: bytes) -> bytes:
    """Write as much as a pipe is sure to take; give what is left, nothing where nobody reads it."""
    try:
        return text[os.write(pipe, text[: select.PIPE_BUF]) :]
    except BrokenPipeError:
        return b""


def _taken(pipe: int, kept: bytearray) -> bool:
    """Read what is there, keep it while there is room, and say whether it was the end."""
    read = os.read(pipe, _AT_ONCE)
    kept += read[: max(0, LARGEST - len(kept))]
    return not read
