"""A check that clients are answered today: what nobody answers before the run proves nothing during it."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.planning.proposal import Proposal


def somebody_answers(proposal: Proposal) -> Iterable[Finding]:
    """The run's witness dials the balancer all the time and turns back when nobody answers; so somebody must, today."""
    for listener, seen in proposal.world.unanswered:
        yield block("witness.no-answer", listeners_subject([listener]), error=seen)
