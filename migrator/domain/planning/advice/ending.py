"""How a pod that ends comes off the balancer (founding document, lines 621-642): four ways, and what two of them take here."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.hardening.removal import BUFFER
from migrator.domain.messages.message import say
from migrator.domain.planning.advice.row import Advice, Table
from migrator.domain.planning.checks.balancer.exposure import Exposure, exposure
from migrator.domain.planning.checks.workloads.termination import ending as numbers
from migrator.domain.planning.proposal import NewWorkload, Proposal

FEW = 10
"""Gateways up to which each may call the balancer by itself: from about there on its API's limits are met (rule of thumb)."""
AT_ONCE = 1.0
"""Seconds within which a weight that holds is called immediate."""


def ending(proposal: Proposal) -> tuple[Advice, ...]:
    """Give the four ways; the numbers are those of the pods of today."""
    settle, gateways = proposal.world.capabilities.settle, len(proposal.world.old.live)
    found = numbers(replace(proposal, new=NewWorkload(proposal.source or {})))
    serves = min(found.grace, (found.pre_stop or 0.0) + found.drain)
    counted = say("advice.gateways", gateways=gateways)
    return (
        Advice(
            Table.ENDING,
            say("advice.trying"),
            say("advice.hook"),
            say("advice.trying-why"),
            gateways <= FEW if gateways else None,
            counted,
        ),
        Advice(
            Table.ENDING,
            say("advice.production"),
            say("advice.controller"),
            say("advice.production-why"),
            gateways > FEW or bool(proposal.scalers) if gateways else None,
            counted,
        ),
        Advice(
            Table.ENDING,
            say("advice.no-hurry"),
            say("advice.checked"),
            say("advice.no-hurry-why"),
            serves >= found.wanted if found.pre_stop is not None else None,
            say("advice.serves", serves=serves, needs=found.wanted),
        ),
        Advice(
            Table.ENDING,
            say("advice.at-once"),
            say("advice.weights"),
            say("advice.at-once-why"),
            settle <= AT_ONCE and exposure(proposal) in (Exposure.DIRECT, Exposure.HOST),
            say("advice.settles", settle=settle),
        ),
    )


def turning(proposal: Proposal) -> tuple[Advice, ...]:
    """Compare, in this balancer's figures, how long it still sends new connections by its health check and by its weights."""
    removal, settle = numbers(proposal).removal, proposal.world.capabilities.settle
    return (
        Advice(
            Table.TURNING,
            say("advice.by-check"),
            say("advice.seconds", seconds=removal.seconds),
            say("advice.by-check-why", interval=removal.interval, threshold=removal.threshold, buffer=BUFFER),
            removal.seconds < settle,
            removal.source,
        ),
        Advice(
            Table.TURNING,
            say("advice.by-weight"),
            say("advice.seconds", seconds=settle),
            say("advice.by-weight-why"),
            settle <= removal.seconds,
            say("advice.settles", settle=settle),
        ),
    )
