"""The steps in which a side leaves: told, drained, detached. A confirmed weight 0 comes before all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, PodRef, Tell, Word
from migrator.domain.model.balancer import Backend, Pools, Row, Side
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Wait
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Sighting,
    Workloads,
)
from migrator.domain.steps.connections import connections, counting
from migrator.domain.steps.estimate import DETECTION, READS_ONLY, TURN, Estimate, Scale, WayBack, writing
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt, standing
from migrator.domain.steps.traffic import one_batch

TELL_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class TellToStay(Quiet):
    """Every gateway of a side that was told to drain has been told to stay again."""

    side: Side
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
        going = told(seen, self.side, Word.GO)
        if going:
            words = say("gateways.tell", gateways=len(going), side=self.side, word=Word.STAY)
            return Do(Tell(self.side, Word.STAY, going[:TELL_AT_ONCE]), words)
        return Done(say("stay.done", side=self.side))


def told(seen: Sighting, side: Side, word: Word) -> tuple[PodRef, ...]:
    """Give the side's live pods that act on `word`."""
    return tuple(pod.ref for pod in seen[Workloads].of(side).live if seen[GatewaySignals].word(pod.ref) is word)


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
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, GatewaySignals, ConnectionCounts, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.drain", side=self.side)

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

    def decide(self, seen: Sighting) -> Decision:
        """Tell whoever has not been told, then wait for silence."""
        if rows := weighted(seen[Pools], self.side):
            return still_weighted(self.side, rows)
        if never_attached(seen, self.side):
            return Done(say("drain.never-attached", side=self.side))
        if untold := self._untold(seen):
            words = say("gateways.tell", gateways=len(untold), side=self.side, word=Word.GO)
            return Do(Tell(self.side, Word.GO, untold[:TELL_AT_ONCE]), words)
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
        if self.on_timeout is OnTimeout.CUT or seen[JournalFacts].approved:
            return Done(say("drain.cut", connections=left, side=self.side, timeout=self.timeout))
        return Ask(say("drain.ask", connections=left, side=self.side, timeout=self.timeout))


def never_attached(seen: Sighting, side: Side) -> bool:
    """Say whether this run never sent anybody to the side: it has no backend, and none that we know of is missing."""
    there = seen[Pools].weights()
    return not seen[Pools].of(side) and all(backend in there for backend in seen[JournalFacts].weights)


def still_weighted(side: Side, rows: tuple[Row, ...]) -> Decision:
    """Halt because a side that must be at weight 0 is not."""
    return halt("side.still-weighted", str(rows[0].backend), side=side, backends=len(rows), weight=rows[0].weight)


@dataclass(frozen=True, slots=True)
class Detach(Quiet):
    """A drained side's backends are off the balancer, and no new connection reaches them any more (after `floor` seconds)."""

    side: Side
    on_timeout: OnTimeout
    floor: float
    dismantles: ClassVar[bool] = True
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, ConnectionCounts, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.detach", side=self.side)

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
            return still_weighted(self.side, rows)
        batch = one_batch(tuple(row.backend for row in pools.of(self.side)), pools.capabilities)
        if batch:
            return self._remove(seen, batch)
        left = self.floor - standing(seen)
        if left > 0:
            return Wait(say("detach.floor", side=self.side), left)
        return Done(say("detach.done", side=self.side))

    def _remove(self, seen: Sighting, batch: tuple[Backend, ...]) -> Decision:
        if first := counting(seen, self.side):
            return first
        live, past = connections(seen, self.side), seen[JournalFacts]
        consent = self.on_timeout is OnTimeout.CUT or past.approved or self.side in past.consents
        if live != 0 and not consent:
            return Ask(say("detach.ask", connections=live, side=self.side))
        return Do(
            Deregister(batch, consent), say("detach.remove", backends=len(batch), side=self.side, connections=live)
        )
