"""One run of a driver's program, in our words: its input, its output, and an end within nine seconds. It repeats nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.deadline import seconds_left
from migrator.adapters.bounded.program import ended
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


def run(argv: Sequence[str], text: str = "", seconds: float = SECONDS, reads: bool = False) -> Ended:
    """Run a program with `text` as its input. It and its children are killed when time is up, or that of the whole call.

    Refused: it could not be started, so nothing was done. Unreachable: it did not end in time; perhaps done, unless it only
    `reads`. Nothing is started where no time is left: it would be killed in the middle of its work.
    """
    seconds = seconds_left(seconds) or 0.0
    if not seconds:
        raise Unreachable(say("process.no-time-left", program=argv[0]))
    then = say("driver.read-again" if reads else "driver.perhaps-done")
    try:
        found = ended(argv, seconds, text)
    except OSError as error:
        raise Refused(
            say("process.not-started", program=argv[0], problem=in_our_words(error, error.strerror or ""))
        ) from error
    except subprocess.TimeoutExpired:
        raise Unreachable(say("process.killed", program=argv[0], seconds=seconds, then=then)) from None
    if len(found.out) > MOST:
        raise Unreachable(say("process.too-much", program=argv[0], most=MOST >> 20, then=then))
    return Ended(found.code, found.out.decode(errors="replace"), found.err.decode(errors="replace"))
