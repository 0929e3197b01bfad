"""A proposal as the cluster of its new side shows its surroundings."""

from __future__ import annotations

from migrator.domain.drift.recalled import Ground, Recalled
from migrator.domain.planning.proposal import Proposal


def seen_there(proposal: Proposal) -> Proposal:
    """Give the proposal with the lists of the new side's cluster; itself where both sides are in one."""
    return proposal if proposal.world.beyond is None else proposal.knowing(proposal.world.there)


def recalled(proposal: Proposal) -> Recalled:
    """Give what a gateway kind's matrix must know of a proposal."""
    old, new = proposal.old_labels, proposal.new_labels
    ground = Ground(tuple(sorted(old.items())), tuple(sorted(new.items())), proposal.settings)
    return Recalled(
        proposal.spec,
        proposal.source,
        proposal.workload,
        ground,
        proposal.nodes,
        proposal.new_ports,
        proposal.world.objects,
    )


def recalled_there(proposal: Proposal) -> Recalled | None:
    """Give the same of the new side's cluster; None where both sides are in one."""
    return None if proposal.world.beyond is None else recalled(seen_there(proposal))
