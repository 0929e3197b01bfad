"""A finding is one thing worth telling a person: what was seen, why it matters, what to do. It does nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`block` stops a run before it starts, `warn` wants to be read, `info` is for the record."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """Code is stable and can be waived (`subject.word`); evidence quotes what was seen; remedy is what to do next."""

    code: str
    severity: Severity
    subject: str
    problem: str
    evidence: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """An operator's recorded decision to go on in spite of every finding with this code."""

    code: str
    reason: str


def blocking(findings: Iterable[Finding], waivers: Iterable[Waiver] = ()) -> tuple[Finding, ...]:
    """Give the findings that block and that nobody has waived."""
    waived = {waiver.code for waiver in waivers}
    return tuple(f for f in findings if f.severity is Severity.BLOCK and f.code not in waived)


def listed(names: Iterable[str], most: int = 8) -> str:
    """Give names in one line, the first `most` of them."""
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def block(code: str, subject: str, problem: str, evidence: str = "", remedy: str = "") -> Finding:
    """Give a finding that stops a run before it starts."""
    return Finding(code, Severity.BLOCK, subject, problem, evidence, remedy)


def warn(code: str, subject: str, problem: str, evidence: str = "", remedy: str = "") -> Finding:
    """Give a finding that wants to be read."""
    return Finding(code, Severity.WARN, subject, problem, evidence, remedy)


def info(code: str, subject: str, problem: str, evidence: str = "", remedy: str = "") -> Finding:
    """Give a finding for the record."""
    return Finding(code, Severity.INFO, subject, problem, evidence, remedy)
