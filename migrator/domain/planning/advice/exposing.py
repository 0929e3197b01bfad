"""How to expose a gateway, by scale, latency, source address and elasticity (founding document, lines 2271-2277)."""

from __future__ import annotations

from migrator.domain.messages.message import say
from migrator.domain.planning.advice.row import Advice, Table
from migrator.domain.planning.checks.balancer.exposure import Exposure, exposure
from migrator.domain.planning.proposal import Proposal

BUSY = 1000.0
"""Requests a second of the whole old side from which the hop that hostNetwork saves is worth its price (rule of thumb)."""


def exposing(proposal: Proposal) -> tuple[Advice, ...]:
    """Give the four ways."""
    world = proposal.world
    rate = world.old_rate
    per_second = rate.requests / rate.seconds if rate is not None and rate.seconds > 0 else None
    measured = say("advice.rate", rate=per_second) if per_second is not None else say("advice.no-rate")
    scaled = bool(proposal.scalers)
    way = exposure(proposal)
    nodes, replicas = len(world.nodes), len(world.old.live)
    return (
        Advice(
            Table.EXPOSING,
            say("advice.small"),
            say("advice.deployment"),
            say("advice.small-why"),
            per_second < BUSY if per_second is not None else None,
            measured,
        ),
        Advice(
            Table.EXPOSING,
            say("advice.high"),
            say("advice.daemonset"),
            say("advice.high-why"),
            _for_nodes(per_second, nodes, replicas + (proposal.spec.source.kind != "DaemonSet")),
            say("advice.nodes", measured=measured, nodes=nodes, replicas=replicas),
        ),
        Advice(
            Table.EXPOSING,
            say("advice.client"),
            say("advice.local"),
            say("advice.client-why"),
            way is Exposure.LOCAL or None,
            say("advice.today", way=way.value),
        ),
        Advice(
            Table.EXPOSING,
            say("advice.varying"),
            say("advice.scaler"),
            say("advice.varying-why"),
            scaled,
            say("advice.scaled") if scaled else say("advice.not-scaled"),
        ),
    )


def _for_nodes(per_second: float | None, nodes: int, needed: int) -> bool | None:
    """One node more than there are pods, so that a node may be away; a DaemonSet's pods are as many as its nodes today."""
    if nodes and nodes < needed:
        return False
    return per_second >= BUSY if per_second is not None else None
