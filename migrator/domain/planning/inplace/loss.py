"""What an in-place move costs where one node carries a listener alone: the seconds in which nobody answers there. Pure."""

from __future__ import annotations

from migrator.domain.model.kubernetes import grace_of
from migrator.domain.model.spec import Acknowledged, OnTimeout
from migrator.domain.planning.plan import Loss
from migrator.domain.planning.proposal import Proposal
from migrator.domain.steps.estimate import GRACE
from migrator.domain.steps.restarting.renew import STARTS


def alone(proposal: Proposal) -> tuple[str, ...]:
    """Give the listeners whose weight is one node's: without it nobody answers there."""
    carrying: dict[str, set[str]] = {}
    for slot in proposal.old:
        if slot.weight:
            carrying.setdefault(slot.listener, set()).add(slot.backend.address)
    return tuple(sorted(name for name, addresses in carrying.items() if len(addresses) < 2))


def waived(proposal: Proposal) -> tuple[str, ...]:
    """Give those of them that may lose requests, by the plan file's own word."""
    return alone(proposal) if proposal.spec.acknowledge is Acknowledged.LOSES_REQUESTS else ()


def loss_of(proposal: Proposal) -> Loss:
    """Give the loss: the weight's way down, the last connections, the old pod's end, the new one's start, as many checks as the
    balancer wants before it calls a backend healthy, and the weight's way up."""
    seen = proposal.world.old_rate
    rate = seen.requests / seen.seconds if seen is not None and seen.seconds > 0 else None
    listeners = alone(proposal)
    if not listeners:
        return Loss(rate=rate)
    spec, settle = proposal.spec, proposal.world.capabilities.settle
    checks = [check for check in proposal.world.health or () if check.enabled and check.listener in listeners]
    moving = 2 * settle + max((check.interval * check.healthy for check in checks), default=0.0)
    drain, grace, ready = spec.drain.timeout, grace_of(proposal.old_pod), spec.deadlines.ready
    expected = moving + min(GRACE, drain) + min(GRACE, grace) + min(STARTS, ready)
    holds = spec.drain.on_timeout is OnTimeout.HOLD
    return Loss(listeners, expected, None if holds else moving + drain + grace + ready, rate)
