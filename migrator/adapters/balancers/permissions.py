"""What is known of our right to change a balancer, as findings. Pure: the drivers ask, in whatever way changes nothing.

A cloud without a dry run cannot be asked; then it says so, and names the actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.balancers.profile import CloudRights
from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.messages.message import Message, say
from migrator.domain.model.subjects import balancer_subject


class Verdict(StrEnum):
    """What trying an action said of our right to it."""

    MAY = "may"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tried:
    """One action (as the cloud's policies name it), what came out, and how that is known."""

    action: str
    verdict: Verdict
    answer: Message | None = None


def untried(rights: CloudRights) -> tuple[Tried, ...]:
    """Give every write of a driver as unknown: its API has no dry run."""
    return tuple(Tried(action, Verdict.UNKNOWN, say("permission.no-dry-run")) for action in rights.writes)


def of_permissions(balancer: str, tried: Iterable[Tried]) -> tuple[Finding, ...]:
    """Say which writes are denied (a block), which could not be proved, and which may be made."""
    by: dict[Verdict, dict[str, Message | None]] = {}
    for attempt in tried:
        by.setdefault(attempt.verdict, {})[attempt.action] = attempt.answer
    subject = balancer_subject(balancer)
    denied, unknown, may = (by.get(verdict, {}) for verdict in (Verdict.DENIED, Verdict.UNKNOWN, Verdict.MAY))
    findings = []
    if denied:
        findings.append(block("balancer.permission-denied", subject, actions=tuple(denied), answers=_answers(denied)))
    if unknown:
        findings.append(
            info("balancer.permission-unproven", subject, actions=tuple(unknown), answers=_answers(unknown))
        )
    if may and not denied:
        findings.append(info("balancer.permission", subject, actions=tuple(may), answers=_answers(may)))
    return tuple(findings)


def _answers(answers: dict[str, Message | None]) -> tuple[Message, ...]:
    return tuple(dict.fromkeys(answer for answer in answers.values() if answer))
