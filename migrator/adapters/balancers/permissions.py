"""What is known of our right to change a balancer, as findings. Pure: the drivers ask, in whatever way changes nothing.

A cloud without a dry run cannot be asked; then it says so, and names the actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.balancers.profile import CloudRights
from migrator.domain.messages.findings import Finding, Severity


class Verdict(StrEnum):
    """What trying an action said of our right to it."""

    MAY = "may"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tried:
    """One action (as the cloud's policies name it), what came out, and the cloud's own words."""

    action: str
    verdict: Verdict
    words: str = ""


def untried(rights: CloudRights) -> tuple[Tried, ...]:
    """Give every write of a driver as unknown: its API has no dry run."""
    return tuple(Tried(action, Verdict.UNKNOWN, "the API has no dry run") for action in rights.writes)


def of_permissions(balancer: str, tried: Iterable[Tried]) -> tuple[Finding, ...]:
    """Say which writes are denied (a block), which could not be proved, and which may be made."""
    by: dict[Verdict, dict[str, str]] = {}
    for attempt in tried:
        by.setdefault(attempt.verdict, {})[attempt.action] = attempt.words
    subject = f"balancer {balancer}"
    denied, unknown, may = (by.get(verdict, {}) for verdict in (Verdict.DENIED, Verdict.UNKNOWN, Verdict.MAY))
    findings = []
    if denied:
        problem = f"our credentials may not {', '.join(denied)}: the run could not begin, or not go back"
        findings.append(Finding("balancer.permission-denied", Severity.BLOCK, subject, problem, _said(denied), _GRANT))
    if unknown:
        problem = (
            f"nothing proves that our credentials may {', '.join(unknown)}. The first write is Attach, at weight 0: a "
            "refusal there halts the run before any traffic moves"
        )
        findings.append(
            Finding("balancer.permission-unproven", Severity.INFO, subject, problem, _said(unknown), _COMPARE)
        )
    if may and not denied:
        problem = f"our credentials may {', '.join(may)}"
        findings.append(Finding("balancer.permission", Severity.INFO, subject, problem, _said(may), ""))
    return tuple(findings)


_GRANT = "grant what `migrator rbac PLAN` prints, then plan again"
_COMPARE = "compare the credentials' policy with what `migrator rbac PLAN` prints"


def _said(answers: dict[str, str]) -> str:
    return ", ".join(dict.fromkeys(words for words in answers.values() if words))
