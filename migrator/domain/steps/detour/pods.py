"""The steps that change which pods the old Deployment has: with host ports, or stand-ins without. Both kinds live side by
side in between, so nothing is ended that has traffic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.drift.contested import patching
from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Decision, Done, Halt, Wait
from migrator.domain.model.manifests import ObjectRef, holds, uid_of
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.detour import is_stand_in, on_host_ports, stand_ins
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Clocks, JournalFacts, Objects, Sighting, Workloads
from migrator.domain.steps.estimate import GRACE, Estimate, Scale, patched, writing
from migrator.domain.steps.readiness import POD_START
from migrator.domain.steps.step import Needs, Quiet, halt, watched


def due(changes: tuple[Change, ...], seen: Sighting) -> Decision | None:
    """Give the patch of the first change that does not stand; a workload that was replaced or is gone halts."""
    for change in changes:
        now = seen[Objects].get(change.ref)
        if now is None or uid_of(now) != change.uid:
            found = uid_of(now) if now else ""
            return halt("guard.object-replaced", str(change.ref), planned=change.uid, found=found)
        if not holds(now, change.patch):
            patch = PatchObject(change.ref, change.patch, change.uid)
            return patching(seen[JournalFacts], patch, now, change.why)
    return None


@dataclass(frozen=True, slots=True)
class StartBeside(Quiet):
    """The old Deployment has `pods` Ready pods of the other kind, and all those that it had: `changes` hold these."""

    changes: tuple[Change, ...]
    standing_in: bool
    pods: int
    deadline: float
    needs: ClassVar[Needs] = frozenset({Objects, Workloads, JournalFacts, Clocks})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)

    @property
    def title(self) -> Message:
        """Name who is started."""
        return say("step.start-stand-ins" if self.standing_in else "step.start-on-host-ports")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at the Deployment."""
        return tuple(dict.fromkeys(change.ref for change in self.changes))

    def estimate(self, scale: Scale) -> Estimate:
        """Patch it, and wait for as many pods as it has."""
        calls, pace = patched(change.ref for change in self.changes), scale.pace
        note = say("estimate.halts-after", deadline=self.deadline)
        wait = min(POD_START, self.deadline)
        worst = pace.cluster_most * len(calls) + self.deadline
        return Estimate(pace.cluster * len(calls) + wait, worst, calls, note=note)

    def decide(self, seen: Sighting) -> Decision:
        """Patch, then wait until the pods of the other kind are Ready."""
        if (patch := due(self.changes, seen)) is not None:
            return patch
        old = seen[Workloads].old
        there = [pod for pod in old.live if is_stand_in(pod) is self.standing_in]
        if lame := lame_of(old, there):
            return lame
        ready = sum(pod.ready for pod in there)
        if ready >= self.pods:
            return Done(say("beside.ready", pods=ready))
        why = next((pod.trouble for pod in there if pod.trouble), old.trouble) or say("pod.not-ready")
        left = self.deadline - watched(seen)
        if left > 0:
            return Wait(say("beside.waiting", ready=ready, wanted=self.pods, why=why), left)
        return halt("beside.deadline", str(old.ref), ready=ready, wanted=self.pods, deadline=self.deadline, why=why)


def lame_of(workload: Workload, pods: Iterable[Pod]) -> Halt | None:
    """Give a halt that names those of the pods for which waiting alone will not help; None while there are none."""
    return Halt(found) if (found := tuple(_lame(workload, pod) for pod in pods if pod.hopeless)) else None


def _lame(workload: Workload, pod: Pod) -> Finding:
    where = f"Pod {pod.ref.namespace}/{pod.ref.name}"
    return block("ready.hopeless", where, workload=str(workload.ref), node=pod.ref.node, trouble=pod.trouble)


@dataclass(frozen=True, slots=True)
class EndOthers(Quiet):
    """The old Deployment has pods of one kind alone: stand-ins, or pods on host ports. Its controller ends the others, which
    have no row on the balancer any more, once `changes` let it."""

    changes: tuple[Change, ...]
    standing_in: bool
    patience: float = 120.0
    needs: ClassVar[Needs] = frozenset({Objects, Workloads, Pools, Sides, JournalFacts, Clocks})
    keeps: ClassVar[tuple[Side, ...]] = ()
    after_drain: ClassVar[Side | None] = Side.OLD

    @property
    def title(self) -> Message:
        """Name who ends."""
        return say("step.end-on-host-ports" if self.standing_in else "step.end-stand-ins")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at the Deployment."""
        return tuple(dict.fromkeys(change.ref for change in self.changes))

    def estimate(self, scale: Scale) -> Estimate:
        """Patch it, and wait for the pods to end."""
        return writing(scale, patched(change.ref for change in self.changes), GRACE)

    def decide(self, seen: Sighting) -> Decision:
        """Let the controller end them once no row leads to one of them, then see them go."""
        old = seen[Workloads].old
        others = on_host_ports(old) if self.standing_in else stand_ins(old)
        there = {pod.ref.uid for pod in others}
        for slot in seen[Sides].old:
            if slot.row is not None and there & {pod.ref.uid for pod in slot.pods}:
                return halt("others.still-dialled", str(slot.backend), weight=slot.weight)
        if (patch := due(self.changes, seen)) is not None:
            return patch
        left = self.patience - watched(seen)
        if others and left > 0:
            return Wait(say("object.ending", pods=len(others), object=str(old.ref)), left)
        if others:
            return halt("others.stay", str(old.ref), pods=len(others), patience=self.patience)
        return Done(say("others.gone", object=str(old.ref)))
