"""The steps that lead the balancer from one kind of the old side's rows to the other: host ports, or temporary node ports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.findings import block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Register, SetWeights
from migrator.domain.model.balancer import Backend, Pools, Side, Weighted
from migrator.domain.model.decisions import Decision, Do, Done, Halt, Wait
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.detour import dials
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Probes,
    Sighting,
    Workloads,
)
from migrator.domain.sides.batches import one_batch
from migrator.domain.sides.fitness import why_not_raised, why_not_ready
from migrator.domain.sides.record import weights_now
from migrator.domain.steps.detour.leaving import left
from migrator.domain.steps.estimate import DETECTION, Estimate, Scale, WayBack
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt, standing, watched
from migrator.domain.weights.planner import next_chunk, pending


@dataclass(frozen=True, slots=True)
class LeadOver(Quiet):
    """The old side's weights are on these rows, and its other rows have none: registered at 0, proved, raised, and only then
    are the others lowered. As many rows are proved as the record has on each listener."""

    rows: tuple[Weighted, ...]
    standing_in: bool
    deadline: float
    needs: ClassVar[Needs] = frozenset({Pools, Sides, Workloads, Probes, JournalFacts, Clocks})
    keeps: ClassVar[tuple[Side, ...]] = ()

    @property
    def title(self) -> Message:
        """Name where the traffic is led."""
        return say("step.lead-over-node-ports" if self.standing_in else "step.lead-to-host-ports")

    @property
    def probes(self) -> Side | None:
        """Ask the side itself."""
        return Side.OLD

    def estimate(self, scale: Scale) -> Estimate:
        """Register, wait until they are healthy, raise, and lower the others."""
        writes, pace = scale.batches(row.backend for row in self.rows), scale.pace
        calls = (
            say("estimate.register", backends=len(self.rows), calls=writes),
            say("estimate.weights", weights=2 * len(self.rows), calls=2 * writes),
        )
        note = say("estimate.halts-after", deadline=self.deadline)
        traffic = WayBack(traffic=pace.balancer * 3 * writes + DETECTION)
        worst = pace.balancer_most * 3 * writes + self.deadline
        return Estimate(pace.balancer * 3 * writes + DETECTION, worst, calls, traffic, note)

    def decide(self, seen: Sighting) -> Decision:
        """Register who is missing, prove them, then move the weights as far as each turn allows."""
        slots = tuple(slot for slot in seen[Sides].old if slot.live and dials(slot.backend, self.rows))
        if batch := self._missing(slots, seen):
            return Do(Register(batch), say("sides.register", backends=tuple(map(str, batch))))
        faults = {slot.backend: why for slot in slots if (why := why_unfit(slot, seen)) is not None}
        fit = tuple(slot for slot in slots if slot.backend not in faults)
        if short := self._short(fit):
            return self._waiting(seen, short, faults)
        pools = seen[Pools]
        wanted = weights_now(self.rows, fit)
        rows = [Weighted(row.backend, wanted.get(row.backend, 0)) for row in pools.of(Side.OLD)]
        if chunk := next_chunk(pools, rows):
            return Do(SetWeights(chunk), say("lead-over.weigh", weights=len(chunk)))
        if unsafe := pending(pools, rows):
            return Wait(say("lead-over.unsafe", backends=tuple(str(row.backend) for row in unsafe)))
        return Done(say("lead-over.done", backends=len(fit)))

    def _missing(self, slots: Sequence[Slot], seen: Sighting) -> tuple[Backend, ...]:
        due = (slot.backend for slot in slots if slot.row is None and why_not_ready(slot) is None)
        return one_batch(tuple(due), seen[Pools].capabilities)

    def _short(self, fit: Sequence[Slot]) -> tuple[str, ...]:
        """Give the listeners behind which fewer are fit than the record has with weight."""
        listeners = sorted({row.backend.listener for row in self.rows})
        there = {name: sum(1 for slot in fit if slot.backend.listener == name) for name in listeners}
        return tuple(name for name in listeners if there[name] < self._needed(name))

    def _needed(self, listener: str) -> int:
        return sum(1 for row in self.rows if row.weight and row.backend.listener == listener)

    def _waiting(self, seen: Sighting, short: tuple[str, ...], faults: Mapping[Backend, Message]) -> Decision:
        why = next(iter(faults.values()), say("slot.unregistered"))
        remaining = self.deadline - watched(seen)
        if remaining > 0:
            return Wait(say("lead-over.waiting", listeners=short, why=why), remaining)
        return Halt(tuple(block("lead-over.unfit", say("subject.listener", listener=name), why=why) for name in short))


def why_unfit(slot: Slot, seen: Sighting) -> Message | None:
    """Say why a row is not fit for traffic; one that has weight already was proved before."""
    return why_not_ready(slot) if slot.weight else why_not_raised(slot, seen)


@dataclass(frozen=True, slots=True)
class Vacate(Quiet):
    """The old side's rows beside these are off the balancer: whoever is behind them was told to go and has no live connection,
    or the deadline passed with consent; and no new connection reaches them any more (after `floor` seconds)."""

    rows: tuple[Weighted, ...]
    standing_in: bool
    timeout: float
    on_timeout: OnTimeout
    floor: float
    tells: bool = True
    needs: ClassVar[Needs] = frozenset(
        {Pools, Sides, Workloads, GatewaySignals, ConnectionCounts, JournalFacts, Clocks}
    )
    keeps: ClassVar[tuple[Side, ...]] = ()
    after_drain: ClassVar[Side | None] = Side.OLD

    @property
    def title(self) -> Message:
        """Name what is left."""
        return say("step.vacate-host-ports" if self.standing_in else "step.vacate-node-ports")

    def estimate(self, scale: Scale) -> Estimate:
        """Tell them, wait for the last connection or the deadline, and take them off."""
        writes, pace = scale.batches(row.backend for row in self.rows), scale.pace
        calls = (say("estimate.deregister", backends=len(self.rows), calls=writes),)
        holds = self.on_timeout is OnTimeout.HOLD
        worst = None if holds else self.timeout + pace.balancer_most * writes + self.floor
        note = say("estimate.drain-asks" if holds else "estimate.drain-cuts")
        way_back = WayBack(traffic=pace.balancer * 3 * writes + DETECTION)
        return Estimate(self.timeout + pace.balancer * writes + self.floor, worst, calls, way_back, note)

    def decide(self, seen: Sighting) -> Decision:
        """Tell them to go, wait for silence, then take them off, one batch at a time."""
        rows = tuple(row for row in seen[Pools].of(Side.OLD) if not dials(row.backend, self.rows))
        heavy = [row for row in rows if row.weight]
        if heavy:
            return halt("vacate.still-weighted", str(heavy[0].backend), weight=heavy[0].weight)
        if rows:
            return left(rows, self, elapsed(seen), seen)
        remaining = self.floor - standing(seen)
        if remaining > 0:
            return Wait(say("vacate.floor"), remaining)
        return Done(say("vacate.done"))
