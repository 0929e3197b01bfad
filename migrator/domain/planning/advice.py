"""Which way of exposing a gateway fits: the founding document's table as a function of what was seen. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.message import Message, say
from migrator.domain.planning.checks.balancer.exposure import Exposure, exposure
from migrator.domain.planning.proposal import Proposal

BUSY = 1000.0
"""Requests a second of the whole old side from which the hop that hostNetwork saves is worth its price (rule of thumb)."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One row: a situation, the way that fits it, why, and whether what was seen speaks for it (None: cannot be told)."""

    situation: Message
    way: str
    reason: Message
    fits: bool | None
    seen: Message


def advise(proposal: Proposal) -> tuple[Advice, ...]:
    """Give the table, each row with what speaks for or against it here."""
    world = proposal.world
    rate = world.old_rate
    per_second = rate.requests / rate.seconds if rate is not None and rate.seconds > 0 else None
    measured = say("advice.rate", rate=per_second) if per_second is not None else say("advice.no-rate")
    scaled = bool(proposal.scalers)
    way = exposure(proposal)
    nodes, replicas = len(world.nodes), len(world.old.live)
    return (
        Advice(
            say("advice.small"),
            "Deployment + Service",
            say("advice.small-why"),
            per_second < BUSY if per_second is not None else None,
            measured,
        ),
        Advice(
            say("advice.high"),
            "DaemonSet + hostNetwork",
            say("advice.high-why"),
            _for_nodes(per_second, nodes, replicas),
            say("advice.nodes", measured=measured, nodes=nodes, replicas=replicas),
        ),
        Advice(
            say("advice.client"),
            "Deployment + externalTrafficPolicy Local",
            say("advice.client-why"),
            way is Exposure.LOCAL or None,
            say("advice.today", way=way.value),
        ),
        Advice(
            say("advice.varying"),
            "Deployment + HPA",
            say("advice.varying-why"),
            scaled,
            say("advice.scaled") if scaled else say("advice.not-scaled"),
        ),
    )


def _for_nodes(per_second: float | None, nodes: int, replicas: int) -> bool | None:
    if nodes and nodes - 1 < replicas:
        return False
    return per_second >= BUSY if per_second is not None else None
