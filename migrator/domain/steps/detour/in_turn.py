"""The steps that lead the balancer over a few nodes at a time: slots lose their weight first, and others carry on meanwhile.

Which nodes these are is decided by what is seen: who has no weight any more comes first, then who carries nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Register, SetWeights
from migrator.domain.model.balancer import Backend, Pools, Row, Side, Weighted
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.observation.detour import dials
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Probes,
    Sighting,
    Workloads,
)
from migrator.domain.sides.record import weights_now
from migrator.domain.steps.detour.leaving import left
from migrator.domain.steps.detour.rows import LeadOver, Vacate, why_unfit
from migrator.domain.steps.estimate import Estimate, Scale
from migrator.domain.steps.step import Needs, elapsed, halt, since, standing, watched
from migrator.domain.weights.planner import next_chunk, pending


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of a few nodes, the `number`th `of` so many: once it is over `done` nodes have what they are to have, and `kept`
    have what they had."""

    number: int
    of: int
    done: int
    kept: int

    def part(self, rows: tuple[Weighted, ...]) -> int:
        """Give how many of these rows are one turn's, as far as a number tells."""
        return -(-len(rows) // self.of)


LAST = Turn(1, 1, 0, 0)
"""What a step has that is read without one: it is for all at once."""


def balanced(kinds: Iterable[tuple[Weighted, ...]], leaving: Iterable[Row], seen: Sighting) -> tuple[Weighted, ...]:
    """Give the old side's rows as they are to weigh: 0 where somebody leaves or nobody is, the weight of its place where it is
    fit, and else what it has. `kinds` are the recorded weights of both kinds of rows."""
    slots = tuple(slot for slot in seen[Sides].old if slot.live and slot.row is not None)
    fit = tuple(slot for slot in slots if why_unfit(slot, seen) is None)
    given: dict[Backend, int] = {}
    for rows in kinds:
        given |= weights_now(rows, (slot for slot in fit if dials(slot.backend, rows)))
    given |= dict.fromkeys((row.backend for row in leaving), 0)
    return tuple(
        Weighted(row.backend, given.get(row.backend, 0 if row.deserted else row.weight))
        for row in seen[Pools].of(Side.OLD)
    )


@dataclass(frozen=True, slots=True)
class Clear(Vacate):
    """No more nodes than the turn keeps are dialled at these others' ports (`others`, with the weights of the record): the rows
    of those whose turn it is weigh 0, while the rest carries; then they are left as in `Vacate`."""

    others: tuple[Weighted, ...] = ()
    turn: Turn = LAST
    patience: float = 30.0
    needs: ClassVar[Needs] = frozenset(
        {Pools, Sides, Workloads, Probes, GatewaySignals, ConnectionCounts, JournalFacts, Clocks}
    )

    @property
    def title(self) -> Message:
        """Name what is left, and whose turn it is."""
        number, of = self.turn.number, self.turn.of
        if self.standing_in:
            return say("step.clear-host-ports", number=number, of=of)
        return say("step.clear-node-ports", number=number, of=of)

    @property
    def probes(self) -> Side | None:
        """Ask the side itself: it carries on with what is left of it."""
        return Side.OLD

    def estimate(self, scale: Scale) -> Estimate:
        """Lower and leave the part of the others whose turn it is."""
        return Vacate.estimate(replace(self, rows=self.others[: self.turn.part(self.others)]), scale)

    def decide(self, seen: Sighting) -> Decision:
        """Take the weight, tell them to go, wait for silence, take them off."""
        rows = self._leaving(seen)
        if (due := self._lowered(rows, seen)) is not None:
            return due
        if rows:
            return self._left(rows, seen)
        remaining = self.floor - standing(seen)
        return Wait(say("vacate.floor"), remaining) if remaining > 0 else Done(say("vacate.done-in-turn"))

    def _leaving(self, seen: Sighting) -> tuple[Row, ...]:
        rows = [row for row in seen[Pools].of(Side.OLD) if dials(row.backend, self.others)]
        places: dict[str, list[Row]] = {}
        for row in rows:
            places.setdefault(row.backend.address, []).append(row)
        order = sorted(places, key=lambda at: (_carries(places[at]), at))
        going = set(order[: max(0, len(order) - self.turn.kept)])
        return tuple(row for row in rows if row.backend.address in going)

    def _lowered(self, leaving: tuple[Row, ...], seen: Sighting) -> Decision | None:
        """Give what is due until nobody is sent to these; None when it is so."""
        heavy = [row for row in leaving if row.weight]
        waiting = self._rest_unfit(leaving, seen) if heavy else None
        rows = balanced((self.rows, self.others), () if waiting else leaving, seen)
        if chunk := next_chunk(seen[Pools], rows):
            return Do(SetWeights(chunk), say("clear.weigh", weights=len(chunk)))
        if waiting is None and heavy:
            return Wait(say("lead-over.unsafe", backends=tuple(str(row.backend) for row in heavy)))
        return waiting

    def _rest_unfit(self, leaving: tuple[Row, ...], seen: Sighting) -> Decision | None:
        """Say that somebody who is to carry on carries nothing. On the way back it is waited for, but not for ever."""
        going = {row.backend for row in leaving}
        rest = (row for row in seen[Pools].of(Side.OLD) if row.weight and row.backend not in going)
        sick = next((row for row in rest if not row.carrying and not row.deserted), None)
        if sick is None:
            return None
        remaining = self.patience - watched(seen)
        if remaining > 0:
            return Wait(say("clear.rest-carries-nothing", backend=str(sick.backend)), remaining)
        if self.standing_in:
            return halt("clear.rest-unfit", str(sick.backend), health=sick.target.health)
        return None

    def _left(self, rows: tuple[Row, ...], seen: Sighting) -> Decision:
        quiet = _quiet(rows, seen)
        settles = seen[Pools].capabilities.settle - quiet
        if settles > 0:
            return Wait(say("clear.settling"), settles)
        return left(rows, self, quiet, seen)


def _carries(rows: Iterable[Row]) -> int:
    """Give 0 for a place without weight, 1 for one that carries nothing of what it has, 2 for one that does."""
    heavy = [row for row in rows if row.weight]
    return 0 if not heavy else 2 if all(row.carrying for row in heavy) else 1


def _quiet(rows: Iterable[Row], seen: Sighting) -> float:
    """Give the seconds since this run took the last weight from these rows; where it took none, since the step began."""
    past = seen[JournalFacts]
    written = [past.written_at[row.backend] for row in rows if row.backend in past.written_at]
    return min((since(seen, moment) for moment in written), default=elapsed(seen))


@dataclass(frozen=True, slots=True)
class LeadSome(LeadOver):
    """As many nodes as the turn is done with are dialled at these ports, with their weight, and the others stay as they are."""

    others: tuple[Weighted, ...] = ()
    turn: Turn = LAST

    @property
    def title(self) -> Message:
        """Name where the traffic is led, and whose turn it is."""
        number, of = self.turn.number, self.turn.of
        if self.standing_in:
            return say("step.lead-over-node-port", number=number, of=of)
        return say("step.lead-to-host-port", number=number, of=of)

    def estimate(self, scale: Scale) -> Estimate:
        """Register, prove and raise the part whose turn it is."""
        return LeadOver.estimate(replace(self, rows=self.rows[: self.turn.part(self.rows)]), scale)

    def decide(self, seen: Sighting) -> Decision:
        """Register who is missing, raise whoever is fit, and wait until they are as many as they should be."""
        slots = tuple(slot for slot in seen[Sides].old if slot.live and dials(slot.backend, self.rows))
        if batch := self._missing(slots, seen):
            return Do(Register(batch), say("sides.register", backends=tuple(map(str, batch))))
        faults = {slot.backend: why for slot in slots if (why := why_unfit(slot, seen)) is not None}
        rows = balanced((self.rows, self.others), (), seen)
        if chunk := next_chunk(seen[Pools], rows):
            return Do(SetWeights(chunk), say("lead-over.weigh", weights=len(chunk)))
        fit = tuple(slot for slot in slots if slot.backend not in faults)
        if short := self._short(fit):
            return self._waiting(seen, short, faults)
        if unsafe := pending(seen[Pools], rows):
            return Wait(say("lead-over.unsafe", backends=tuple(str(row.backend) for row in unsafe)))
        return Done(say("lead-over.done", backends=len(fit)))

    def _needed(self, listener: str) -> int:
        return min(self.turn.done, LeadOver._needed(self, listener))
