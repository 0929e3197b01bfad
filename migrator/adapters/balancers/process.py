"""One run of somebody else's program: its input, its output, and an end within nine seconds. It repeats nothing."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say

SECONDS = 9.0
MOST = 8 << 20


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: the signal that killed it) and what it printed."""

    code: int
    out: str
    err: str


def run(argv: Sequence[str], text: str = "", seconds: float = SECONDS) -> Ended:
    """Run a program with `text` as its input. It and its children are killed when time is up.

    Refused: it could not be started, so nothing was done. Unreachable: it did not end in time; perhaps done.
    """
    try:
        popen = subprocess.Popen(  # noqa: S603  the operator names the program; no shell is involved
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise Refused(say("process.not-started", program=argv[0], problem=error.strerror or "")) from error
    with popen:
        try:
            out, err = popen.communicate(text.encode(), seconds)
        except subprocess.TimeoutExpired:
            _kill(popen)
            raise Unreachable(say("process.killed", program=argv[0], seconds=seconds)) from None
    if len(out) > MOST:
        raise Unreachable(say("process.too-much", program=argv[0], most=MOST >> 20))
    return Ended(popen.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


def _kill(popen: subprocess.Popen[bytes]) -> None:
    """Kill the program's whole session: a shell's child would hold the pipes open."""
    os.killpg(popen.pid, signal.SIGKILL)  # not reaped yet, so the number cannot be somebody else's
    popen.communicate()
