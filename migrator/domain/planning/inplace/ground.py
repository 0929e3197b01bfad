"""The nodes that change hands, as they are, and whether the old pods leave the ports that the new ones need. Pure."""

from __future__ import annotations

from operator import attrgetter

from migrator.domain.model.spec import Spec, Strategy
from migrator.domain.planning.detour.making import detour_of
from migrator.domain.planning.proposal import Proposal
from migrator.domain.steps.restarting.place import NodeRows

_BY_BACKEND = attrgetter("backend")


def is_in_place(spec: Spec) -> bool:
    """Say whether the plan wants nodes to change hands one after another."""
    return spec.strategy is Strategy.IN_PLACE


def makes_room(proposal: Proposal) -> bool:
    """Say whether the run itself takes the old pods off their host ports before the new ones need them."""
    return is_in_place(proposal.spec) or detour_of(proposal) is not None


def in_turn(proposal: Proposal) -> tuple[NodeRows, ...]:
    """Give the plan's nodes in the order in which they change hands, each with its rows: first those whose pod is not Ready,
    then those without weight, then the others by their names."""
    world = proposal.world
    ready = {pod.ref.node for pod in world.old.live if pod.ready}
    nodes = []
    for node in world.nodes:
        rows = (slot.row for slot in proposal.old if slot.backend.address == node.address)
        nodes.append(NodeRows(node.name, node.address, tuple(sorted(rows, key=_BY_BACKEND))))
    return tuple(sorted(nodes, key=lambda at: (at.name in ready, any(row.weight for row in at.rows), at.name)))
