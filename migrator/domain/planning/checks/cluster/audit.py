"""Checks of the audit itself: kinds of the gateway's own API groups that this version cannot read, so nobody audited them."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, warn
from migrator.domain.planning.proposal import Proposal


def kinds_are_understood(proposal: Proposal) -> Iterable[Finding]:
    """A kind that this version does not know may select one side's pods alone, and no check would see it."""
    for group, kind in proposal.world.strange:
        yield warn("audit.unknown-kind", f"{kind}.{group}", group=group)
