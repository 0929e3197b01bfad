"""A check that clients are answered today: what nobody answers before the run proves nothing during it."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.worded import block
from migrator.domain.planning.proposal import Proposal


def somebody_answers(proposal: Proposal) -> Iterable[Finding]:
    """The run's witness dials the balancer all the time and turns back when nobody answers; so somebody must, today."""
    for listener, seen in proposal.world.unanswered:
        yield block(
            "witness.no-answer",
            f"listener {listener}",
            "no new connection through the balancer was answered, so the run would turn back at its first share",
            seen,
            "correct the listener's port, loadBalancer.address or gateway.probeHost; from here the address must be reachable",
        )
