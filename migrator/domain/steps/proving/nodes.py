"""Nodes of the plan that are gone for good: others take their place up; where none comes, a person says for each share whether
it may do without. Pure."""

from __future__ import annotations

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Pools
from migrator.domain.model.change import Node
from migrator.domain.model.decisions import Ask
from migrator.domain.model.pod_targets import PodTargets
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import JournalFacts, Sighting, Workloads
from migrator.domain.sides.places import standing_nodes, untaken
from migrator.domain.steps.unfit import unfit

ASKS = "nodes.ask"
"""The code of that question."""


def lacking(seen: Sighting, nodes: tuple[Node, ...], scattered: PodTargets) -> list[Finding]:
    """Say which pods and nodes the new side lacks for (more) traffic."""
    standing = standing_nodes(nodes, seen[Sides])
    return [*unfit(seen[Workloads].new, standing, scattered, seen[Pools]), *gone(seen, nodes)]


def gone(seen: Sighting, nodes: tuple[Node, ...]) -> list[Finding]:
    """Say which nodes are gone while no other has taken their place up, unless a person has said that it does without."""
    new = seen[Workloads].new
    lost = untaken(nodes, seen[Sides], new.pods)
    if not lost or seen[JournalFacts].said_yes(ASKS):
        return []
    names, serving = tuple(node.name for node in lost), len(nodes) - len(lost)
    return [block("gateway.short:left", str(new.ref), serving=serving, wanted=len(nodes), nodes=names)]


def asked_to_do_without(seen: Sighting, nodes: tuple[Node, ...], unfit: list[Finding], share: float) -> Ask | None:
    """Ask a person where nothing but such nodes is what is `unfit`; None where something else is."""
    if unfit != gone(seen, nodes):
        return None
    return Ask(say("nodes.ask", share=share, why=unfit[0].problem, nodes=unfit[0].evidence))
