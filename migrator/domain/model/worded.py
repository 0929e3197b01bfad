"""How a check says in texts of its own what it found: one constructor per severity, and names in one line."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.messages.message import Value


def listed(names: Iterable[str], most: int = 8) -> str:
    """Give names in one line, the first `most` of them."""
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def block(code: str, subject: str, problem: str, evidence: Value = "", remedy: str = "") -> Finding:
    """Give a finding that stops a run before it starts."""
    return Finding(code, Severity.BLOCK, subject, problem, evidence, remedy)


def warn(code: str, subject: str, problem: str, evidence: str = "", remedy: str = "") -> Finding:
    """Give a finding that wants to be read."""
    return Finding(code, Severity.WARN, subject, problem, evidence, remedy)


def info(code: str, subject: str, problem: str, evidence: str = "", remedy: str = "") -> Finding:
    """Give a finding for the record."""
    return Finding(code, Severity.INFO, subject, problem, evidence, remedy)
