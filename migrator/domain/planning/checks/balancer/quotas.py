"""The check of the cloud's quotas: both sides' backends stand side by side for a while, and must fit."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.planning.proposal import Proposal


def backends_fit(proposal: Proposal) -> Iterable[Finding]:
    """Attach registers every new backend beside the old ones: a quota that is met half-way halts the run there."""
    world, later = proposal.world, proposal.spec.target.pod_targets
    there = {target.backend for target in world.targets}
    coming = [slot.listener for slot in proposal.sides.new if slot.backend not in there]
    coming += [port.listener for port in later.ports] * later.replicas
    for quota in world.quotas or ():
        more = sum(listener in quota.listeners for listener in coming)
        if quota.limit is None:
            yield info("balancer.quota-unknown", quota.what, more=more, used=quota.used, source=quota.source)
        elif more and quota.used + more > quota.limit:
            yield block("balancer.full", quota.what, more=more, used=quota.used, limit=quota.limit, source=quota.source)
