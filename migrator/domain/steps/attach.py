"""The step that puts a side on the balancer, at weight 0: every backend is registered, and fit in the best eyes there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.findings import Finding, block, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Register
from migrator.domain.model.balancer import Backend, Health, Pools, Side
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.pod_targets import ON_NODES, PodTargets
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import Clocks, JournalFacts, Probes, Sighting, Workloads
from migrator.domain.sides.batches import one_batch
from migrator.domain.sides.fitness import why_called_sick, why_not_raised
from migrator.domain.sides.places import new_places
from migrator.domain.sides.upkeep import registration
from migrator.domain.sides.way_back import nobody_left
from migrator.domain.steps.estimate import DETECTION, Estimate, Scale, WayBack
from migrator.domain.steps.step import Needs, Quiet, elapsed
from migrator.domain.steps.unfit import short


@dataclass(frozen=True, slots=True)
class Attach(Quiet):
    """Every backend of a side stands on its listener (new ones at weight 0) and is fit in the best eyes there are."""

    towards: Side
    backends: tuple[Backend, ...]
    deadline: float
    scattered: PodTargets = ON_NODES
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, Sides, Probes, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.attach", side=self.towards)

    @property
    def keeps(self) -> tuple[Side, ...]:
        """Look after the side that carries; this step itself brings the other one."""
        return tuple(dict.fromkeys((Side.OLD, self.towards.other)))

    @property
    def probes(self) -> Side | None:
        """Ask the side itself."""
        return self.towards

    def estimate(self, scale: Scale) -> Estimate:
        """Register, and wait until the balancer calls them healthy where it can see that."""
        backends, pace = self.backends or scale.new, scale.pace
        writes = scale.batches(backends)
        healthy = min(DETECTION, self.deadline) if scale.can.health_at_zero else pace.cluster
        return Estimate(
            pace.balancer * writes + healthy,
            pace.balancer_most * writes + self.deadline,
            (say("estimate.register", backends=len(backends), calls=writes),),
            WayBack(rest=pace.balancer * scale.batches(scale.new) + scale.can.drain_floor),
            say("estimate.halts-after", deadline=self.deadline),
        )

    def decide(self, seen: Sighting) -> Decision:
        """Register what is missing, then wait until enough of it is fit."""
        wanted = self._wanted(seen)
        if missing := self._missing(wanted, seen):
            words = say("attach.register", backends=len(missing.backends), side=self.towards)
            return Do(missing, words)
        sick = [*short(seen[Workloads].of(self.towards), (), self.scattered), *self._sick(wanted, seen)]
        if not sick:
            return Done(say("attach.done", backends=len(wanted), side=self.towards))
        left = self.deadline - elapsed(seen)
        if left > 0:
            facts = say(
                "attach.waiting", sick=len(sick), wanted=len(wanted), side=self.towards, first=told_of(sick[:1])
            )
            return Wait(facts, left)
        return self._late(seen, sick, wanted)

    def _wanted(self, seen: Sighting) -> tuple[Backend, ...]:
        """Give the backends that the side is to have now: the plan's new ones, and the old ones that live."""
        if self.towards is Side.NEW:
            return new_places(self.backends, self.scattered, seen[Sides], seen[Workloads].new.pods)
        return tuple(slot.backend for slot in seen[Sides].old if slot.live)

    def _missing(self, wanted: tuple[Backend, ...], seen: Sighting) -> Register | None:
        """Give what is to be registered now: of the old side, those that may be, and those that a pool is to get proved."""
        if self.towards is Side.OLD:
            return registration(seen, Side.OLD)
        there, capabilities = seen[Pools].weights(), seen[Pools].capabilities
        missing = one_batch(tuple(each for each in wanted if each not in there), capabilities)
        return Register(missing) if missing else None

    def _late(self, seen: Sighting, sick: list[Finding], wanted: tuple[Backend, ...]) -> Decision:
        """Halt; on the way back a person decides where the balancer and our own requests say different things, and what can
        go back behind some listeners waits for no other."""
        rows = seen[Pools].of(Side.OLD)
        well = [row for row in rows if row.target.health is Health.HEALTHY and not row.deserted]
        fit = _listeners_of(b for b, why in self._faults(wanted, seen).items() if not why)
        hoped = _listeners_of(row.backend for row in well)
        if self.towards is Side.NEW or not (fit or hoped == self._listeners):
            return Halt(tuple(sick))
        if hoped <= fit:
            return Done(self._partly(fit))
        if seen[JournalFacts].said_yes("attach.ask"):
            return Done(say("attach.approved", healthy=len(well)))
        return Ask(say("attach.ask", healthy=len(well), why=sick[0].evidence))

    def _partly(self, fit: set[str]) -> Message:
        return say("attach.partly", listeners=tuple(sorted(fit)), bare=tuple(sorted(self._listeners - fit)))

    @property
    def _listeners(self) -> set[str]:
        return {backend.listener for backend in self.backends}

    def _sick(self, wanted: tuple[Backend, ...], seen: Sighting) -> list[Finding]:
        faults = self._faults(wanted, seen)
        sick = [_sick(backend, why) for backend, why in faults.items() if why]
        if self.towards is Side.NEW:
            return sick if self._lacks_places(faults) else []
        # One healthy old backend on a listener is enough to go back there; missing capacity is only a warning, and a listener
        # without hope keeps no other waiting.
        fit = _listeners_of(b for b, why in faults.items() if not why)
        bare = self._listeners - fit
        if fit and bare <= set(nobody_left(seen)):
            return []
        nobody = bare - _listeners_of(faults)
        lost = [block("attach.nobody", say("subject.listener", listener=name)) for name in sorted(nobody)]
        return [*lost, *sick] if bare else []

    def _lacks_places(self, faults: Mapping[Backend, Message | None]) -> bool:
        """Say whether a backend of the plan is not fit, or fewer than the plan's are: a node that came besides keeps nobody
        waiting. Pods that the scheduler places are all wanted."""
        if self.scattered.replicas:
            return True
        fit = [backend for backend, why in faults.items() if not why]
        return len(fit) < len(self.backends) or any(why for backend, why in faults.items() if backend in self.backends)

    def _faults(self, wanted: tuple[Backend, ...], seen: Sighting) -> dict[Backend, Message | None]:
        slots = {slot.backend: slot for slot in seen[Sides].of(self.towards)}
        return {b: self._why_not(slots[b], seen) for b in wanted if b in slots}

    def _why_not(self, slot: Slot, seen: Sighting) -> Message | None:
        """Say why a backend is not ready for traffic. An old one that gets its traffic back must answer us, too: a health
        check that once passed may go on passing without a listener behind it (Istio's readiness does)."""
        if slot.row is None:
            return say("slot.unregistered")
        if slot.row.weight:
            return why_called_sick(slot.row, seen)
        return why_not_raised(slot, seen)


def _listeners_of(backends: Iterable[Backend]) -> set[str]:
    return {backend.listener for backend in backends}


def _sick(backend: Backend, why: Message) -> Finding:
    return block("attach.not-fit", str(backend), why=why)
