"""Why a command did not do what it was asked for, as a value: one of our errors, wrong usage or a defect of ours."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.domain.messages.alone import alone
from migrator.domain.messages.message import say
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.domain.messages.errors import MigratorError
    from migrator.domain.messages.findings import Finding
    from migrator.domain.messages.message import Message

DEBUG = "MIGRATOR_DEBUG"
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Failure:
    """`kind` is stable and for programs. `words` are what a person still has to be told: "" when that was done already.

    `said` has the code and the values of one of our errors.
    """

    kind: str
    message: str
    exit_code: int
    words: str = ""
    findings: tuple[Finding, ...] = ()
    said: Message | None = None


def of_error(error: MigratorError) -> Failure:
    """Return the failure of one of our errors."""
    kind = "".join(f"-{c.lower()}" if c.isupper() else c for c in type(error).__name__).lstrip("-")
    said = alone(error.message)
    words = render(said)
    return Failure(kind, words, error.exit_code, words, tuple(getattr(error, "findings", ())), said)


def of_defect(error: Exception) -> Failure:
    """Return the failure of an error that nobody expected."""
    words = _defect(error)
    return Failure("defect", words, 1, words)


def _defect(error: Exception) -> str:
    """Return its words; the traceback only for those who ask for it by MIGRATOR_DEBUG."""
    if os.environ.get(DEBUG):
        import traceback

        return "".join(traceback.format_exception(error))
    message = " ".join(str(error).split())[:LONGEST]
    return render(say("failure.defect", kind=type(error).__name__, message=message, variable=DEBUG))
