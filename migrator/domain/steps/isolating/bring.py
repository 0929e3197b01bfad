"""Rows get their weight once a pod that is proved stands behind them, and rows that lead to nobody go. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, PatchObject, PodRef, Register, SetWeights, Tell, Word, pod_object
from migrator.domain.model.balancer import Backend, Pools, Side, Weighted
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.model.manifests import Json, holds
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Objects,
    Probes,
    Sighting,
    Workloads,
)
from migrator.domain.sides.batches import next_weights, one_batch
from migrator.domain.sides.fitness import why_not_raised, why_not_ready
from migrator.domain.steps.estimate import Estimate, Scale, patched, writing
from migrator.domain.steps.isolating.captive import HEARS, OfPod, there
from migrator.domain.steps.step import Attention, Needs, Quiet, halt, standing
from migrator.domain.weights.usual import usual

NEEDS: Needs = frozenset({Pools, Workloads, Sides, Probes, JournalFacts, Clocks})


def asked(wanted: tuple[Weighted, ...], seen: Sighting) -> Attention:
    """Put our own requests to those without weight, and count nobody."""
    return Attention((), tuple(row.backend for row in _missing(wanted, seen)))


def bringing(scale: Scale) -> Estimate:
    """Register and raise: two batches at most, and the balancer's own health check between them."""
    pace, waits = scale.pace, scale.can.registers
    return Estimate(2 * pace.balancer + waits, 2 * pace.balancer_most + waits, (say("estimate.bring"),))


def brought(wanted: tuple[Weighted, ...], seen: Sighting, patience: float, subject: str) -> Decision | None:
    """Give the next thing to do until every row has its weight: registered at 0, proved, raised; None when all have."""
    missing = _missing(wanted, seen)
    if not missing:
        return None
    slots, pools = seen[Sides].by_backend(), seen[Pools]
    found = [(row, slots.get(row.backend)) for row in missing]
    fit = tuple(row for row, slot in found if slot and slot.row and why_not_raised(slot, seen) is None)
    if batch := next_weights(pools, fit, ()):
        return Do(SetWeights(batch), say("bring.raise", backends=tuple(str(row.backend) for row in batch)))
    new = tuple(row.backend for row, slot in found if slot and slot.row is None and why_not_ready(slot) is None)
    if coming := one_batch(new, pools.capabilities):
        return Do(Register(coming), say("bring.register", backends=tuple(map(str, coming))))
    why = say("bring.waiting", backend=str(missing[0].backend), why=_why(found[0][1], seen))
    left = patience - standing(seen)
    return Wait(why, left) if left > 0 else halt("isolate.not-proved", subject, why=why)


def _missing(wanted: tuple[Weighted, ...], seen: Sighting) -> tuple[Weighted, ...]:
    now = seen[Pools].weights()
    return tuple(row for row in wanted if row.weight and not now.get(row.backend))


def _why(slot: Slot | None, seen: Sighting) -> Message | None:
    return why_not_raised(slot, seen) if slot else say("slot.deserted")


@dataclass(frozen=True, slots=True)
class Bring(Quiet):
    """Rows that are named have their weights again. `spared` are rows that get theirs only where a pod is behind them still;
    that pod was told to go, so it is told to stay before it has any."""

    pod: PodRef
    rows: tuple[Weighted, ...]
    spared: tuple[Weighted, ...]
    patience: float
    needs: ClassVar[Needs] = NEEDS | {GatewaySignals, ConnectionCounts}

    @property
    def title(self) -> Message:
        """Name the pod."""
        return say("step.bring", pod=self.pod.name)

    def attends(self, seen: Sighting) -> Attention:
        """Ask those without weight, and hear what the spared were told."""
        return replace(asked(self.wanted(seen), seen), pods=self._spared(seen))

    def estimate(self, scale: Scale) -> Estimate:
        """Register and raise."""
        return bringing(scale)

    def wanted(self, seen: Sighting) -> tuple[Weighted, ...]:
        """Give the rows as they are named, without those that lead to nobody any more."""
        slots = seen[Sides].by_backend()
        return (*self.rows, *(row for row in self.spared if (slot := slots.get(row.backend)) and slot.live))

    def decide(self, seen: Sighting) -> Decision:
        """Tell the spared to stay; register, prove and raise them all."""
        leaving = tuple(pod for pod in self._spared(seen) if seen[GatewaySignals].word(pod) is Word.GO)
        if leaving:
            told = say("put-back.tell", pod=leaving[0].name)
            return Wait(told) if standing(seen) < HEARS else Do(Tell(Side.NEW, Word.STAY, leaving), told)
        return brought(self.wanted(seen), seen, self.patience, self.pod.name) or Done(
            say("bring.done", rows=len(self.rows))
        )

    def _spared(self, seen: Sighting) -> tuple[PodRef, ...]:
        slots = seen[Sides].by_backend()
        behind = (slots[row.backend].live for row in self.spared if row.backend in slots)
        return tuple(dict.fromkeys(pod.ref for pods in behind for pod in pods))


@dataclass(frozen=True, slots=True)
class TakeOver(Quiet):
    """The pods that came in the place of the one that was let go have the weight that most of their peers have.

    `known` are the uids of the pods that were there before; whoever is at weight 0 of those stays there.
    """

    known: tuple[str, ...]
    patience: float
    needs: ClassVar[Needs] = NEEDS

    @property
    def title(self) -> Message:
        """Say that another pod takes over."""
        return say("step.take-over")

    def attends(self, seen: Sighting) -> Attention:
        """Ask those without weight."""
        return asked(self.wanted(seen), seen)

    def estimate(self, scale: Scale) -> Estimate:
        """Register and raise."""
        return bringing(scale)

    def wanted(self, seen: Sighting) -> tuple[Weighted, ...]:
        """Give each place of a new pod its peers' weight behind the listener."""
        came = (s for s in seen[Sides].new if s.live and all(pod.ref.uid not in self.known for pod in s.live))
        return tuple(Weighted(slot.backend, _usual(slot.backend.listener, seen)) for slot in came)

    def decide(self, seen: Sighting) -> Decision:
        """Register, prove and raise them."""
        return brought(self.wanted(seen), seen, self.patience, str(seen[Workloads].new.ref)) or Done(
            say("take-over.done")
        )


def _usual(listener: str, seen: Sighting) -> int:
    return usual(row.weight for row in seen[Pools].rows if row.side and row.weight and row.backend.listener == listener)


@dataclass(frozen=True, slots=True)
class TakeOff(Quiet):
    """Rows of pods that are gone are off the balancer; a row behind which somebody is stays."""

    rows: tuple[Backend, ...]
    needs: ClassVar[Needs] = frozenset({Pools, Sides, Workloads, ConnectionCounts, Hosts, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Say what goes."""
        return say("step.take-off")

    def estimate(self, scale: Scale) -> Estimate:
        """Take a batch off."""
        return writing(scale, (say("estimate.take-off"),))

    def decide(self, seen: Sighting) -> Decision:
        """Take off what has no weight and no pod; wait for those that are ending."""
        pools, slots = seen[Pools], seen[Sides].by_backend()
        now = pools.weights()
        due = [(b, slots[b].pods if b in slots else ()) for b in self.rows if now.get(b) == 0]
        left = tuple(backend for backend, pods in due if not pods)
        if batch := one_batch(left, pools.capabilities):
            return Do(Deregister(batch), say("take-off.remove", backends=tuple(map(str, batch))))
        if ending := [pod.ref.name for _, pods in due for pod in pods if pod.terminating]:
            return Wait(say("end-pod.ending", pod=ending[0]))
        return Done(say("take-off.done"))


@dataclass(frozen=True, slots=True)
class Unmark(OfPod):
    """A pod carries no mark of ours any more; one that is gone needs none taken."""

    pod: PodRef
    patch: Json
    needs: ClassVar[Needs] = frozenset({Objects, Pools})

    @property
    def title(self) -> Message:
        """Name the pod."""
        return say("step.unmark", pod=self.pod.name)

    def estimate(self, scale: Scale) -> Estimate:
        """Patch one object."""
        return writing(scale, patched((pod_object(self.pod),)))

    def decide(self, seen: Sighting) -> Decision:
        """Take the mark."""
        pod = there(self.pod, seen)
        if pod is None or holds(pod, self.patch):
            return Done(say("unmark.done", pod=self.pod.name))
        return Do(PatchObject(pod_object(self.pod), self.patch, self.pod.uid), say("unmark.take", pod=self.pod.name))
