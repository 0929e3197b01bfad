"""A finding is one thing worth telling a person: what was seen, why it matters, what to do. It does nothing.

It carries a code and values; the catalogue of a language has its three texts: the problem, the evidence, the remedy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from migrator.domain.messages.message import Message, Value, Values, say

EVIDENCE, REMEDY = "#evidence", "#remedy"
"""What follows the code of a finding's problem in the codes of its other two texts; a catalogue may lack both."""

STORED = "stored"
"""The variant of a finding whose texts are its values: an older version stored it, or another program wrote it."""

Subject: TypeAlias = str | Message


class Severity(StrEnum):
    """`block` stops a run before it starts, `warn` wants to be read, `info` is for the record."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """The code is stable and can be waived (`family.word`). `variant` chooses the texts where one code has several."""

    code: str
    severity: Severity
    subject: Subject
    values: Values = ()
    variant: str = ""

    def __getitem__(self, name: str) -> Value:
        """Return the value of this name; KeyError for one that the finding does not have."""
        return dict(self.values)[name]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash((self.problem, self.severity, self.subject))

    @property
    def _parts(self) -> tuple[object, ...]:
        return self.code, self.severity, self.subject, self.variant, dict(self.values)

    @property
    def key(self) -> str:
        """Return the code under which a catalogue has the problem."""
        if self.variant == STORED:
            return STORED
        return f"{self.code}:{self.variant}" if self.variant else self.code

    @property
    def problem(self) -> Message:
        """Return what is wrong."""
        return Message(self.key, self.values)

    @property
    def evidence(self) -> Message:
        """Return what was seen."""
        return Message(f"{self.key}{EVIDENCE}", self.values)

    @property
    def remedy(self) -> Message:
        """Return what to do next."""
        return Message(f"{self.key}{REMEDY}", self.values)


def finding(code: str, severity: Severity, subject: Subject, /, **values: Value) -> Finding:
    """Return a finding; `code:variant` chooses one of several texts of the code."""
    name, _, variant = code.partition(":")
    return Finding(name, severity, subject, tuple(values.items()), variant=variant)


def block(code: str, subject: Subject, /, **values: Value) -> Finding:
    """Return a finding that stops a run."""
    return finding(code, Severity.BLOCK, subject, **values)


def warn(code: str, subject: Subject, /, **values: Value) -> Finding:
    """Return a finding that wants to be read."""
    return finding(code, Severity.WARN, subject, **values)


def info(code: str, subject: Subject, /, **values: Value) -> Finding:
    """Return a finding for the record."""
    return finding(code, Severity.INFO, subject, **values)


def worded(
    code: str, severity: Severity, subject: Subject, problem: str, evidence: str = "", remedy: str = ""
) -> Finding:
    """Return a finding with texts of its own: an older version stored them, or another program wrote them."""
    texts = (("problem", problem), ("evidence", evidence), ("remedy", remedy))
    return Finding(code, severity, subject, texts, STORED)


@dataclass(frozen=True, slots=True)
class Waiver:
    """An operator's recorded decision to go on in spite of every finding with this code."""

    code: str
    reason: str


def blocking(findings: Iterable[Finding], waivers: Iterable[Waiver] = ()) -> tuple[Finding, ...]:
    """Give the findings that block and that nobody has waived."""
    waived = {waiver.code for waiver in waivers}
    return tuple(f for f in findings if f.severity is Severity.BLOCK and f.code not in waived)


def counted(findings: Iterable[Finding], waivers: Iterable[Waiver] = ()) -> Message:
    """Say how many findings there are by severity, and how many that would block were waived."""
    found = tuple(findings)
    of = {severity: sum(1 for each in found if each.severity is severity) for severity in Severity}
    blocked = len(blocking(found, waivers))
    waived = of[Severity.BLOCK] - blocked
    return say(
        "findings.counted", blocked=blocked, warned=of[Severity.WARN], told=of[Severity.INFO], waived=waived or None
    )


def told_of(findings: Iterable[Finding]) -> Message:
    """Return what several findings say, each after its subject."""
    return say("findings", of=tuple(say("finding", subject=f.subject, problem=f.problem) for f in findings))
