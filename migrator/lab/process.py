"""Start, await and stop the processes of the lab so that none outlives its parent, not even after a `kill -9`.

It refuses to look for processes by name: only what was started here is ever signalled. Linux only (`prctl`).
"""

import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_READY_LIMIT = 1 << 20


class NotReady(RuntimeError):
    """A process ended, or said nothing usable, before it was ready."""


def die_with_parent(parent: int | None = None, word: int = signal.SIGKILL) -> None:
    """Ask the kernel to send this process `word` when the thread that started it ends; exit at once if that has happened.

    `parent` is the pid that must still be the parent; without it, the parent seen now is taken on trust.
    The signal is bound to the *thread* that forked: start processes from a thread that lives as long as they should.
    """
    expected = os.getppid() if parent is None else parent
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, word, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != expected:
        os._exit(128 + signal.SIGKILL)


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdout: int | IO[bytes] | None = subprocess.PIPE,
    stderr: int | IO[bytes] | None = None,
    cwd: str | Path | None = None,
    orphaned: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own; it dies with the calling thread, however that ends.

    `orphaned` is the signal by which it is told that the thread has ended: SIGTERM for a program with processes of its own that
    are not bound to it, and that only it can end.

    A shim of this very file sets the death signal, checks that the parent is still there, and becomes `argv`
    (same pid), so any program can be started, and no Python runs between fork and exec. `env` replaces the whole
    environment. With a piped `stdout`, read the ready line with `ready_line`; parts write nothing else there.
    A program that cannot be executed ends with exit code 127 and a message on stderr.
    """
    return subprocess.Popen(
        [*shim(orphaned), *argv],
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        cwd=cwd,
        start_new_session=True,
        bufsize=0,
    )


def shim(orphaned: signal.Signals = signal.SIGKILL) -> list[str]:
    """Return the command before a program's own that binds it to this process."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(orphaned))]


def ready_line(popen: subprocess.Popen[bytes], timeout: float) -> dict[str, Any]:
    """Return the one JSON object that `popen` prints when it serves, within `timeout` seconds; `NotReady` otherwise."""
    assert popen.stdout is not None, "ready_line needs stdout=PIPE"
    deadline = time.monotonic() + timeout
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(popen.stdout, selectors.EVENT_READ)
        while not line.endswith(b"\n") and len(line) < _READY_LIMIT:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise NotReady(f"pid {popen.pid} was not ready after {timeout:g} s")
            byte = os.read(popen.stdout.fileno(), 1)
            if not byte:
                raise NotReady(f"pid {popen.pid} ended before it was ready, exit code {_code(popen)}")
            line += byte
    return _parsed(popen, line)


def stop(popen: subprocess.Popen[bytes], grace: float = 2.0) -> int:
    """End `popen`: SIGTERM, then after `grace` seconds SIGKILL to its session. Return its exit code; twice is once."""
    if popen.poll() is None:
        popen.send_signal(signal.SIGTERM)
        try:
            popen.wait(grace)
        except subprocess.TimeoutExpired:
            os.killpg(popen.pid, signal.SIGKILL)  # not reaped yet, so the pid cannot be somebody else's
    code = popen.wait()
    for pipe in (popen.stdout, popen.stderr):
        if pipe is not None:
            pipe.close()
    return code


def _code(popen: subprocess.Popen[bytes]) -> int | None:
    try:
        return popen.wait(1.0)
    except subprocess.TimeoutExpired:
        return None


def _parsed(popen: subprocess.Popen[bytes], line: bytes) -> dict[str, Any]:
    try:
        ready = json.loads(line)
    except ValueError as error:
        raise NotReady(f"pid {popen.pid} printed no JSON ready line but {line[:200]!r}") from error
    if not isinstance(ready, dict) or ready.get("ready") is not True:
        raise NotReady(f"pid {popen.pid} printed a line that does not say ready: {line[:200]!r}")
    return ready


def _become(parent: str, word: str, argv: list[str]) -> None:
    """The shim: bind this process to its parent, then become `argv`."""
    die_with_parent(int(parent), int(word))
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        sys.stderr.write(f"cannot start {argv[0]}: {error}\n")
        os._exit(127)


if __name__ == "__main__":
    _become(sys.argv[1], sys.argv[2], sys.argv[3:])
