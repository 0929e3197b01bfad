"""When the nodes are listed, and what a list says of the ground that both sides stand on. A list of a thousand is megabytes."""

from __future__ import annotations

from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import place
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sighting import Workloads
from migrator.domain.planning.backends import is_by_node
from migrator.domain.planning.detour.phases import grounded
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.clusters import reader_of
from migrator.domain.ports.outside import Clock, ClusterReader
from migrator.domain.sides.filling import Footing

LISTED_EVERY = 2.0
"""Seconds between two lists of the nodes."""


class NodeLists:
    """The lists of one run's nodes. None is made while the new pods are on the plan's own nodes, unless somebody needs one."""

    def __init__(self, plan: Plan, cluster: ClusterReader, clock: Clock) -> None:
        self._plan, self._clock = plan, clock
        self._of_new = reader_of(cluster, place(plan.spec, Side.NEW).at)
        self.by_node = is_by_node(plan)
        self._names = {node.name for node in plan.seen.nodes}
        self._listed_at = float("-inf")

    def due(self, needed: bool, seen: Workloads | None) -> bool:
        """Say whether to list the nodes now. `needed`: the step reads them; `seen` are the pods as they were seen last."""
        wanted = needed or self.by_node or self._has_moved(seen)
        return wanted and self._clock.monotonic() - self._listed_at >= LISTED_EVERY

    def _has_moved(self, seen: Workloads | None) -> bool:
        """Say whether the new pods may be on other nodes than the plan's: one has left, or another has come. A process that
        has not looked yet does not know."""
        if not self._names or seen is None:
            return bool(self._names)
        return seen.new.exists and {pod.ref.node for pod in seen.new.live} != self._names

    def read(self) -> Hosts:
        """List the nodes: those that the plan selects, or all where the old side is dialled at nodes."""
        found = self._of_new.hosts(() if self.by_node else self._plan.spec.target.node_selector)
        self._listed_at = self._clock.monotonic()
        return Hosts(tuple(host.dialled_like(self._plan.seen.new) for host in found))

    def ground(self, plan: Plan, hosts: Hosts | None, people: Workloads) -> Footing:
        """Give what the plan (as the sides are dialled now) knows of both, and what the newest list says of their nodes."""
        return grounded(plan, hosts.found if hosts else (), hosts is not None, people)
