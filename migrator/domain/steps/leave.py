"""The steps in which a side leaves: told, drained, detached. A confirmed weight 0 comes before all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, PodRef, Word
from migrator.domain.model.balancer import Backend, Pools, Row, Side
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Wait
from migrator.domain.model.samples import Tally
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Sighting,
    Workloads,
)
from migrator.domain.sides.batches import one_batch
from migrator.domain.sides.telling import telling, told
from migrator.domain.sides.way_back import is_told_to_go, what_stands
from migrator.domain.steps.connections import connections, counting
from migrator.domain.steps.estimate import DETECTION, READS_ONLY, TURN, Estimate, Scale, WayBack, writing
from migrator.domain.steps.proving.way_back import held_for_a_way_back
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt, standing


@dataclass(frozen=True, slots=True)
class TellToStay(Quiet):
    """Every gateway of a side that was told to drain has been told to stay again."""

    side: Side
    may_follow: ClassVar[bool] = True
    needs: ClassVar[Needs] = frozenset({Workloads, GatewaySignals})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.tell-to-stay", side=self.side)

    def estimate(self, scale: Scale) -> Estimate:
        """Tell them; one write however many there are."""
        return writing(scale, (say("estimate.tell-to-stay", side=self.side),))

    def decide(self, seen: Sighting) -> Decision:
        """Tell those that go to stay; one that cannot say what it was told is left alone."""
        going = telling(self.side, Word.STAY, told(seen, self.side, Word.GO))
        return going or Done(say("stay.done", side=self.side))


def weighted(pools: Pools, side: Side) -> tuple[Row, ...]:
    """Give the side's rows that have weight."""
    return tuple(row for row in pools.of(side) if row.weight)


@dataclass(frozen=True, slots=True)
class Drain(Quiet):
    """A side at weight 0 has been told to go and has no live connection, or the deadline passed with consent."""

    side: Side
    timeout: float
    on_timeout: OnTimeout
    tells: bool = True
    least: float = 1.0
    asks_after: float = 120.0
    needs: ClassVar[Needs] = frozenset(
        {Pools, Workloads, Sides, GatewaySignals, ConnectionCounts, JournalFacts, Clocks}
    )

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.drain", side=self.side)

    @property
    def keeps(self) -> tuple[Side, ...]:
        """Look after the other side, and after the old one while it may be needed again."""
        return tuple(dict.fromkeys((Side.OLD, self.side.other)))

    @property
    def cuts(self) -> Side | None:
        """A yes after the deadline allows the side's last connections to be cut, here and when its backends are removed."""
        return self.side

    def estimate(self, scale: Scale) -> Estimate:
        """Wait for the last connection, or the deadline."""
        holds = self.on_timeout is OnTimeout.HOLD
        pods = len({backend.address for backend in scale.of(self.side)})
        calls = (say("estimate.tell-to-go", pods=pods, side=self.side),) if self.tells else READS_ONLY
        return Estimate(
            self.timeout,
            None if holds else self.timeout + scale.pace.cluster_most,
            calls,
            WayBack(traffic=TURN if self.tells else 0.0),
            say("estimate.drain-asks" if holds else "estimate.drain-cuts"),
        )

    def tallies(self, seen: Sighting) -> Mapping[str, Tally]:
        """Keep how many connections were left, which are cut."""
        return {"cut": {"side": self.side.value, "connections": connections(seen, self.side)}}

    def decide(self, seen: Sighting) -> Decision:
        """Tell whoever has not been told, then wait for silence."""
        if rows := weighted(seen[Pools], self.side):
            return still_weighted(self.side, rows, seen[Pools])
        if never_attached(seen, self.side):
            return Done(say("drain.never-attached", side=self.side))
        if tell := telling(self.side, Word.GO, self._untold(seen)):
            return held_without_the_old(self, seen, drained=is_told_to_go(seen)) or tell
        if first := counting(seen, self.side):
            return first
        left = connections(seen, self.side)
        return Done(say("drain.done", side=self.side)) if left == 0 else self._waiting(seen, left)

    def _untold(self, seen: Sighting) -> tuple[PodRef, ...]:
        return told(seen, self.side, Word.STAY) if self.tells else ()

    def _waiting(self, seen: Sighting, left: int | None) -> Decision:
        remaining = self.timeout - elapsed(seen)
        if remaining > 0:
            return Wait(say("drain.waiting", connections=left, side=self.side), remaining)
        if self.on_timeout is OnTimeout.CUT or seen[JournalFacts].said_yes("drain.ask"):
            return Done(say("drain.cut", connections=left, side=self.side, timeout=self.timeout))
        return Ask(say("drain.ask", connections=left, side=self.side, timeout=self.timeout))


def held_without_the_old(step: Drain | Detach, seen: Sighting, drained: bool) -> Decision | None:
    """Hold what would take the old side away while it could not carry the traffic again; the new side may always go."""
    if step.side is Side.NEW:
        return None
    return held_for_a_way_back(seen, what_stands(seen, drained), step.least, step.asks_after)


def never_attached(seen: Sighting, side: Side) -> bool:
    """Say whether this run never sent anybody to the side: it has no backend, and none that we know of is missing."""
    there = seen[Pools].weights()
    return not seen[Pools].of(side) and all(backend in there for backend in seen[JournalFacts].weights)


def still_weighted(side: Side, rows: tuple[Row, ...], pools: Pools) -> Decision:
    """Halt because a side that must be at weight 0 is not; rows of pods that are going are a cloud controller's to take off."""
    if pools.capabilities.controlled and all(row.deserted for row in rows):
        return Wait(say("side.controller-takes-off", backends=tuple(str(row.backend) for row in rows)))
    return halt("side.still-weighted", str(rows[0].backend), side=side, backends=len(rows), weight=rows[0].weight)


@dataclass(frozen=True, slots=True)
class Detach(Quiet):
    """A drained side's backends are off the balancer, and no new connection reaches them any more (after `floor` seconds)."""

    side: Side
    on_timeout: OnTimeout
    floor: float
    least: float = 1.0
    asks_after: float = 120.0
    dismantles: ClassVar[bool] = True
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, Sides, ConnectionCounts, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.detach", side=self.side)

    @property
    def keeps(self) -> tuple[Side, ...]:
        """Look after the other side."""
        return (self.side.other,)

    @property
    def after_drain(self) -> Side | None:
        """Its side was told to go."""
        return self.side

    def estimate(self, scale: Scale) -> Estimate:
        """Deregister; the way back registers them again and waits until the balancer calls them healthy."""
        backends, pace = scale.of(self.side), scale.pace
        writes, writes_back = scale.batches(backends), scale.batches(scale.old)
        return Estimate(
            pace.balancer * writes + self.floor,
            pace.balancer_most * writes + self.floor,
            (say("estimate.deregister", backends=len(backends), calls=writes),),
            WayBack(traffic=pace.balancer * writes_back + max(DETECTION, scale.can.settle)),
        )

    def decide(self, seen: Sighting) -> Decision:
        """Remove one batch at a time, then wait for the floor."""
        pools = seen[Pools]
        if rows := weighted(pools, self.side):
            return still_weighted(self.side, rows, seen[Pools])
        batch = one_batch(tuple(row.backend for row in pools.of(self.side)), pools.capabilities)
        if batch:
            return held_without_the_old(self, seen, drained=True) or self._remove(seen, batch)
        left = self.floor - standing(seen)
        if left > 0:
            return Wait(say("detach.floor", side=self.side), left)
        return Done(say("detach.done", side=self.side))

    def _remove(self, seen: Sighting, batch: tuple[Backend, ...]) -> Decision:
        if first := counting(seen, self.side):
            return first
        live, past = connections(seen, self.side), seen[JournalFacts]
        consent = self.on_timeout is OnTimeout.CUT or past.said_yes("detach.ask") or self.side in past.consents
        if live != 0 and not consent:
            return Ask(say("detach.ask", connections=live, side=self.side))
        return Do(
            Deregister(batch, consent), say("detach.remove", backends=len(batch), side=self.side, connections=live)
        )
