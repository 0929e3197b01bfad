"""The new side's places as they are now: the plan's whose node is there, and those of nodes that came since. Pure.

A node that is gone for good takes its place with it. Another node that the plan's own selector chooses takes it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.domain.model.balancer import Backend
from migrator.domain.model.change import Node
from migrator.domain.model.pod_targets import PodTargets, reached
from migrator.domain.model.workload import Pod
from migrator.domain.observation.sides import Sides


def new_places(
    known: Iterable[Backend], scattered: PodTargets, sides: Sides, pods: Iterable[Pod]
) -> tuple[Backend, ...]:
    """Give the new side's backends: those of the plan whose nodes are there, and those of Ready pods wherever they are.

    A node that came may have the address of one that is gone: its place is the plan's own.
    """
    lost = {node.address for node in sides.left} - sides.nodes
    there = reached(tuple(each for each in known if each.address not in lost), scattered, pods)
    came = (slot.backend for slot in sides.came if any(pod.ready for pod in slot.live))
    return tuple(dict.fromkeys((*there, *came)))


def standing_nodes(nodes: Iterable[Node], sides: Sides) -> tuple[Node, ...]:
    """Give the nodes that have not left."""
    return tuple(node for node in nodes if node not in sides.left)


def came_since(nodes: Sequence[Node], pods: Iterable[Pod]) -> tuple[Pod, ...]:
    """Give the pods on other nodes than these; none where nodes were not what the plan names."""
    names = {node.name for node in nodes}
    return tuple(pod for pod in pods if names and pod.ref.node and pod.ref.node not in names)


def untaken(nodes: Sequence[Node], sides: Sides, pods: Iterable[Pod]) -> tuple[Node, ...]:
    """Give the nodes that have left, but for as many as Ready pods on other nodes have taken up."""
    left = [node for node in nodes if node in sides.left]
    taken = {pod.ref.node for pod in came_since(nodes, pods) if pod.ready and not pod.terminating}
    return tuple(left[len(taken) :])
