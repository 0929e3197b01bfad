"""Which way of exposing a gateway fits: the founding document's table as a function of what was seen. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.planning.checks.balancer.exposure import Exposure, exposure
from migrator.domain.planning.proposal import Proposal

BUSY = 1000.0
"""Requests a second of the whole old side from which the hop that hostNetwork saves is worth its price (rule of thumb)."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One row: a situation, the way that fits it, why, and whether what was seen speaks for it (None: cannot be told)."""

    situation: str
    way: str
    reason: str
    fits: bool | None
    seen: str


def advise(proposal: Proposal) -> tuple[Advice, ...]:
    """Give the table, each row with what speaks for or against it here."""
    world = proposal.world
    rate = world.old_rate
    per_second = rate.requests / rate.seconds if rate is not None and rate.seconds > 0 else None
    measured = f"{per_second:.0f} requests/s on the old side" if per_second is not None else "no rate was measured"
    scaled = bool(proposal.scalers)
    way = exposure(proposal)
    nodes, replicas = len(world.nodes), len(world.old.live)
    return (
        Advice(
            "small or medium, simple to run",
            "Deployment + Service",
            "the standard way: easy to understand, replicas at will; a node port hides single pods from the balancer",
            per_second < BUSY if per_second is not None else None,
            measured,
        ),
        Advice(
            "high traffic, low latency, nodes of its own",
            "DaemonSet + hostNetwork",
            "the shortest path, one gateway per node that the balancer sees by itself; no replicas between the nodes",
            _for_nodes(per_second, nodes, replicas),
            f"{measured}; {nodes} nodes for {replicas} replicas",
        ),
        Advice(
            "the client's address must be kept",
            "Deployment + externalTrafficPolicy Local",
            "no second hop and no translation; uneven where nodes run different numbers of pods",
            way is Exposure.LOCAL or None,
            f"today: {way}",
        ),
        Advice(
            "traffic that rises and falls, cost matters",
            "Deployment + HPA",
            "capacity follows the load; a DaemonSet's capacity is its nodes'",
            scaled,
            f"{'an HPA scales' if scaled else 'nothing scales'} the old side",
        ),
    )


def _for_nodes(per_second: float | None, nodes: int, replicas: int) -> bool | None:
    if nodes and nodes - 1 < replicas:
        return False
    return per_second >= BUSY if per_second is not None else None
