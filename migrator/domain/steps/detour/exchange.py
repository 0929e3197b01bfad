"""The step by which the old Deployment exchanges a few pods of one kind for as many of the other: those that nobody dials.

Its controller ends as many as it may have too few of, and is told which: the cheapest. Nothing counts as available
meanwhile, so it never ends one more by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from migrator.domain.drift.contested import made
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject, pod_object
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.model.kubernetes import CHEAPEST, COST
from migrator.domain.model.manifests import Json
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.detour import on_host_ports, stand_ins
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Clocks, JournalFacts, Objects, Sighting, Workloads
from migrator.domain.steps.detour.in_turn import LAST, Turn
from migrator.domain.steps.detour.pods import StartBeside, due, lame_of
from migrator.domain.steps.estimate import GRACE, Estimate, Scale
from migrator.domain.steps.step import Needs, halt, watched

MARK: Json = {"metadata": {"annotations": {COST: CHEAPEST}}}
"""What makes a pod the first to be ended; it goes with the pod."""


@dataclass(frozen=True, slots=True)
class Exchange(StartBeside):
    """The old Deployment has as many Ready pods of this kind as the turn is done with, and no more others than it keeps."""

    turn: Turn = LAST
    needs: ClassVar[Needs] = frozenset({Objects, Workloads, Pools, Sides, JournalFacts, Clocks})
    keeps: ClassVar[tuple[Side, ...]] = ()
    after_drain: ClassVar[Side | None] = Side.OLD

    @property
    def title(self) -> Message:
        """Name who is started, and whose turn it is."""
        number, of = self.turn.number, self.turn.of
        if self.standing_in:
            return say("step.start-stand-in", number=number, of=of)
        return say("step.start-on-host-port", number=number, of=of)

    def estimate(self, scale: Scale) -> Estimate:
        """Mark those that go, patch the Deployment, wait for the others to end and for these to be Ready."""
        start = StartBeside.estimate(self, scale)
        return replace(start, expected=start.expected + GRACE)

    def decide(self, seen: Sighting) -> Decision:
        """Say who goes, let the controller exchange them, then wait until the pods of this kind are Ready."""
        old = seen[Workloads].old
        both = (_live(stand_ins(old)), _live(on_host_ports(old)))
        these, others = both if self.standing_in else both[::-1]
        if (first := self._exchanged(others, seen)) is not None:
            return first
        if lame := lame_of(old, these):
            return lame
        ready = sum(pod.ready for pod in these)
        if ready >= self.turn.done and len(others) <= self._beside(old):
            return Done(say("beside.ready", pods=ready))
        why = next((pod.trouble for pod in these if pod.trouble), old.trouble) or say("pod.not-ready")
        return self._waiting(ready, why, seen)

    def _beside(self, old: Workload) -> int:
        """Give how many others there may be: those that the turn keeps, and whoever has come since the plan was made. Nobody
        dials these; the last turn ends them too."""
        return max(self.turn.kept, old.wanted - self.turn.done) if self.turn.kept else 0

    def _exchanged(self, others: Sequence[Pod], seen: Sighting) -> Decision | None:
        """Give what is due until the controller has its orders; None once it has."""
        patch = due(self.changes, seen)
        if patch is None or not isinstance(patch, Do):
            return patch
        there = {pod.ref.uid for pod in others}
        slots = {
            pod.ref.uid: slot
            for slot in seen[Sides].old
            if slot.row is not None
            for pod in slot.pods
            if pod.ref.uid in there
        }
        staying = [pod for pod in others if pod.ref.uid in slots]
        free = [pod for pod in others if pod.ref.uid not in slots]
        if len(staying) > self.turn.kept:
            again = slots[staying[0].ref.uid]
            return halt("others.still-dialled", str(again.backend), weight=again.weight)
        past = seen[JournalFacts]
        for pod in sorted(free, key=lambda each: each.ref.name):
            if made(past, pod_object(pod.ref), MARK) is None:
                mark = PatchObject(pod_object(pod.ref), MARK, pod.ref.uid)
                return Do(mark, say("exchange.mark", pod=pod.ref.name))
        sick = next((pod for pod in staying if not pod.ready), None)  # its controller would end it first
        if sick is not None:
            why = say("exchange.rest-unready", pod=sick.ref.name, trouble=sick.trouble)
            return self._waiting(0, why, seen)
        return patch

    def _waiting(self, ready: int, why: Message, seen: Sighting) -> Decision:
        left = self.deadline - watched(seen)
        if left > 0:
            return Wait(say("beside.waiting", ready=ready, wanted=self.turn.done, why=why), left)
        old = str(seen[Workloads].old.ref)
        return halt("beside.deadline", old, ready=ready, wanted=self.turn.done, deadline=self.deadline, why=why)


def _live(pods: tuple[Pod, ...]) -> tuple[Pod, ...]:
    return tuple(pod for pod in pods if not pod.terminating)
