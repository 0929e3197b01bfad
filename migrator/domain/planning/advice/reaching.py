"""How the balancer comes to see single pods (founding document, lines 754-820): four situations, four ways."""

from __future__ import annotations

from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import items, text
from migrator.domain.planning.advice.row import Advice, Table
from migrator.domain.planning.checks.balancer.exposure import Exposure, exposure
from migrator.domain.planning.proposal import Proposal

HIDING = (Exposure.NODE_PORT, Exposure.LOCAL)
"""The ways in which a backend is a node, whatever pods it has."""


def reaching(proposal: Proposal) -> tuple[Advice, ...]:
    """Give the four ways."""
    world, can = proposal.world, proposal.world.capabilities
    way = exposure(proposal)
    today = say("advice.today", way=way.value)
    nodes, replicas = len(world.nodes), len(world.old.live)
    return (
        Advice(
            Table.REACHING,
            say("advice.own-nodes"),
            say("advice.daemonset"),
            say("advice.own-nodes-why"),
            nodes >= replicas if nodes and replicas else None,
            say("advice.places", nodes=nodes, replicas=replicas),
        ),
        Advice(
            Table.REACHING,
            say("advice.node-ports"),
            say("advice.dialled"),
            say("advice.node-ports-why"),
            way in HIDING and bool(agents(proposal)),
            say("advice.both", first=today, second=_network(proposal)),
        ),
        Advice(
            Table.REACHING,
            say("advice.stays"),
            say("advice.controller"),
            say("advice.stays-why"),
            can.controlled or None,
            say("advice.by-controller") if can.controlled else say("advice.by-nobody"),
        ),
        Advice(
            Table.REACHING,
            say("advice.slow-is-fine"),
            say("advice.layer-7"),
            say("advice.slow-is-fine-why"),
            bool(world.rules) or None,
            say("advice.rules", rules=len(world.rules)) if world.rules else say("advice.no-rules"),
        ),
    )


def agents(proposal: Proposal) -> tuple[str, ...]:
    """Give the DaemonSets of the clouds' network plugins of which a pod was seen: they give pods addresses of the cloud's own
    network, which its balancers can dial."""
    known = {agent for cloud in proposal.world.clouds for agent in cloud.network_agents}
    owners = {
        text(row, "name") for pod in proposal.world.all("Pod") for row in items(pod, "metadata", "ownerReferences")
    }
    return tuple(sorted(known & owners))


def _network(proposal: Proposal) -> Message:
    found = agents(proposal)
    return say("advice.network", agents=found) if found else say("advice.no-network")
