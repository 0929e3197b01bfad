"""What the logs of gateways and of their controllers warn of at the time of a plan, where it wants them read."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.gateways.warnings_told import told_by_logs
from migrator.domain.messages.findings import Finding
from migrator.domain.planning.proposal import Proposal


def logs_are_quiet(proposal: Proposal) -> Iterable[Finding]:
    """No gateway that is there has rejected its configuration lately, and what else logs warn of is known."""
    look = proposal.world.logs
    return () if look is None else told_by_logs(look)
