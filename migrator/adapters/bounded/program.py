"""One run of somebody else's program: its input, its output, and an end in time, with all of its children."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KILLED_WITHIN = 1.0
"""Seconds in which the pipes of a killed program close; one that left its session may hold them open for ever."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: the signal that killed it) and what it printed."""

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
    with popen:
        try:
            out, err = popen.communicate(text.encode() if text else None, seconds)
        except subprocess.TimeoutExpired:
            os.killpg(popen.pid, signal.SIGKILL)  # not reaped yet, so the number cannot be somebody else's
            with contextlib.suppress(subprocess.TimeoutExpired):
                popen.communicate(timeout=KILLED_WITHIN)
            raise
    return Ended(popen.returncode, out, err)
