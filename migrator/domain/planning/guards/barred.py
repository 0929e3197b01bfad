"""Nodes that the new DaemonSet is kept off from before it is made: each lets it on in its own turn. Pure."""

from __future__ import annotations

from migrator.domain.model.change import Change
from migrator.domain.model.kubernetes import name_of
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import Spec, Strategy
from migrator.domain.observation.world import World
from migrator.domain.sides.turns.barring import bar


def barred(world: World, spec: Spec) -> tuple[Change, ...]:
    """Give the label of each of the plan's nodes, where they change hands one after another; none for another move."""
    if spec.strategy is not Strategy.IN_PLACE:
        return ()
    planned, target = {node.name for node in world.nodes}, target_ref(spec)
    return tuple(bar(node, target) for node in sorted(world.all("Node"), key=name_of) if name_of(node) in planned)
