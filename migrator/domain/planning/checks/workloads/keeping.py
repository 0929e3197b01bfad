"""Checks of a plan that wants the worst gateway kept for a look after a breach: whether one can be, and what it loses."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.model.spec import OnBreach
from migrator.domain.planning.isolating.keeping import aside, in_the_way
from migrator.domain.planning.proposal import Proposal


def breach_can_be_kept(proposal: Proposal) -> Iterable[Finding]:
    """Where no gateway can be kept the plan is refused: nobody is to learn of it after the breach."""
    if proposal.spec.on_breach is not OnBreach.ISOLATE or proposal.source is None:
        return
    if reasons := tuple(in_the_way(proposal)):
        yield block("breach.not-kept", "spec.onBreach", reasons=reasons)
    else:
        yield info("breach.kept", "spec.onBreach", labels=aside(proposal))
