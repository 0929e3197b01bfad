"""One run of somebody else's program: its input, its output, and an end within nine seconds. It repeats nothing."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from migrator.domain.messages.durations import in_words
from migrator.domain.messages.errors import Refused, Unreachable

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
        raise Refused(
            f"{argv[0]} cannot be started ({error.strerror}). Nothing was changed; check the plan's command and its rights."
        ) from error
    with popen:
        try:
            out, err = popen.communicate(text.encode(), seconds)
        except subprocess.TimeoutExpired:
            _kill(popen)
            raise Unreachable(
                f"{argv[0]} did not end within {in_words(seconds)} and was killed. "
                "A write may have taken effect; the run looks again before it decides."
            ) from None
    if len(out) > MOST:
        raise Unreachable(f"{argv[0]} printed more than {MOST >> 20} MiB; its answer cannot be read.")
    return Ended(popen.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


def _kill(popen: subprocess.Popen[bytes]) -> None:
    """Kill the program's whole session: a shell's child would hold the pipes open."""
    os.killpg(popen.pid, signal.SIGKILL)  # not reaped yet, so the number cannot be somebody else's
    popen.communicate()
