"""Checks of the container of ours that the plan puts beside the new gateways: what it needs, and whether it can do its part."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.hardening.companion import FOLLOWER, NAME
from migrator.domain.hardening.credential import account_of
from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.model.balancer import Scope, Side
from migrator.domain.model.refs import lease_ref, target_ref
from migrator.domain.model.side.companion import By
from migrator.domain.model.spec import After
from migrator.domain.model.subjects import container_subject
from migrator.domain.planning.proposal import Proposal


def companion_has_what_it_needs(proposal: Proposal) -> Iterable[Finding]:
    """Say which credential and which right the container needs; it has nothing to set where weights are not a gateway's own."""
    spec, can = proposal.spec, proposal.world.capabilities
    companion, subject = spec.target.companion, container_subject(NAME, side=Side.NEW.value)
    if companion is None or proposal.source is None:
        return
    if companion.by is By.FOLLOWER:
        url = companion.follower or FOLLOWER
        yield info("termination.companion:follower", subject, image=companion.image, url=url)
        if spec.after is not After.MIGRATOR:
            yield warn("termination.companion-no-follower", subject, after=spec.after or "none")
        return
    if can.controlled or can.weights_of is Scope.POOL:
        yield block("termination.companion-no-weight", subject, provider=spec.balancer.provider)
    lease = lease_ref(spec, Side.NEW)
    yield info(
        "termination.companion",
        subject,
        image=companion.image,
        secret=NAME,
        namespace=target_ref(spec).namespace,
        lease=f"{lease.namespace}/{lease.name}",
        account=account_of(proposal.new_pod),
    )
