"""The step that waits until the new side's pods are Ready, and says why one is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Node
from migrator.domain.model.decisions import Decision, Done, Halt, Wait
from migrator.domain.model.pod_targets import ON_NODES, PodTargets
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting, Workloads
from migrator.domain.sides.places import came_since, standing_nodes, untaken
from migrator.domain.steps.estimate import Estimate, Scale
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt

POD_START = 30.0
"""Seconds until a pod is scheduled, has its image and its configuration."""


STEADY = 60.0


@dataclass(frozen=True, slots=True)
class AwaitReady(Quiet):
    """A steady Ready pod runs on every node of the plan's own list (the API's desired count shrinks with the nodes).

    Of scattered pods as many are Ready as the plan has replicas, and none of them is not.
    """

    nodes: tuple[Node, ...]
    deadline: float
    steady: float = STEADY
    scattered: PodTargets = ON_NODES
    needs: ClassVar[Needs] = frozenset({Workloads, Sides, JournalFacts, Clocks})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    title: ClassVar[Message] = say("step.await-ready")

    def estimate(self, scale: Scale) -> Estimate:
        """Wait for the pods."""
        what = say("estimate.reads-nodes", nodes=len(self.nodes))
        if not self.nodes:
            what = say("estimate.reads-pods", pods=self.scattered.replicas)
        note = say("estimate.halts-after", deadline=self.deadline)
        return Estimate(min(POD_START, self.deadline), self.deadline, (what,), note=note)

    def decide(self, seen: Sighting) -> Decision:
        """Wait for every node's pod; halt at the deadline or when waiting will not help."""
        new = seen[Workloads].new
        lame = tuple(pod for pod in new.live if pod.hopeless)
        if lame:
            return Halt(tuple(_lame(new, pod) for pod in lame))
        places = self._places(new, seen)
        missing = [(place, why) for place, why in places if why]
        if not missing:
            return Done(say("ready.done", pods=len(places)))
        left = self.deadline - elapsed(seen)
        wanted, reasons = len(places), _by_reason(missing)
        if left > 0:
            return Wait(say("ready.waiting", ready=wanted - len(missing), wanted=wanted, reasons=reasons), left)
        return halt(
            "ready.deadline" if self.nodes else "ready.deadline:pods",
            str(new.ref),
            missing=len(missing),
            wanted=wanted,
            deadline=self.deadline,
            reasons=reasons,
        )

    def _places(self, new: Workload, seen: Sighting) -> list[tuple[str, Message | None]]:
        """Give every place that wants a pod, and why it has no steady Ready one; None where it has."""
        sides = seen[Sides]
        on_nodes = [(node.name, self._why_not(node, new, seen)) for node in standing_nodes(self.nodes, sides)]
        on_nodes += [(node.name, say("pod.node-left")) for node in untaken(self.nodes, sides, new.pods)]
        on_nodes += [(pod.ref.node, None) for pod in came_since(self.nodes, new.live) if pod.ready][: len(sides.left)]
        if not self.scattered.replicas:
            return on_nodes
        there = [(pod.ref.name, self._why(pod, seen)) for pod in new.live]
        lacking = max(0, self.scattered.replicas - len(there))
        return [*on_nodes, *there, *([("replica", _none_yet(new.trouble))] * lacking)]

    def _why_not(self, node: Node, new: Workload, seen: Sighting) -> Message | None:
        pods = [pod for pod in new.live if pod.ref.node == node.name]
        if not pods:
            return _none_yet(new.trouble or _unplaced(new) or self._unwanted(new))
        return self._why(pods[0], seen)

    def _why(self, pod: Pod, seen: Sighting) -> Message | None:
        if not pod.ready:
            return pod.trouble or say("pod.not-ready")
        if pod.last_restart and (seen[Clocks].wall - pod.last_restart).total_seconds() < self.steady:
            return say("pod.restarted", steady=self.steady)
        return None

    def _unwanted(self, new: Workload) -> Message | None:
        """Say that the DaemonSet itself finds fewer nodes suitable than the plan names: labels, taints, a lost node."""
        if not new.exists or new.rolling or new.wanted >= len(self.nodes):
            return None
        return say("pod.not-wanted", wanted=new.wanted)


def _none_yet(why: Message | None) -> Message:
    return say("pod.none-yet", why=why)


def _by_reason(missing: Sequence[tuple[str, Message | None]]) -> tuple[Message, ...]:
    """Say each reason once, with the places it holds for; three reasons are enough to go and look."""
    nodes: dict[Message | None, list[str]] = {}
    for place, why in missing:
        nodes.setdefault(why, []).append(place)
    return tuple(say("pod.missing", places=tuple(names), why=why) for why, names in list(nodes.items())[:3])


def _unplaced(new: Workload) -> Message | None:
    """Say why a pod has no node yet; which node it is meant for, it does not say."""
    return next((say("pod.unplaced", why=p.trouble) for p in new.live if p.trouble and not p.ref.node), None)


def _lame(workload: Workload, pod: Pod) -> Finding:
    return block(
        "ready.hopeless",
        f"Pod {pod.ref.namespace}/{pod.ref.name}",
        workload=str(workload.ref),
        node=pod.ref.node,
        trouble=pod.trouble,
    )
