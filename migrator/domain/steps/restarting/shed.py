"""The first step of a restart's way back: the renewed nodes lose their weight at once, as far as the others can carry it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting
from migrator.domain.steps.estimate import Estimate, Scale, writing
from migrator.domain.steps.restarting.presence import next_presence
from migrator.domain.steps.restarting.zone import Zone, spared
from migrator.domain.steps.step import Needs, Quiet, standing

MOST_SHED = 0.5
"""The part of a listener's weight that may be at 0 at once: more would bury those that are left, which are well."""


@dataclass(frozen=True, slots=True)
class Shed(Quiet):
    """The new revision has no weight, or as little as the old one's nodes leave it. `recorded` are all rows' weights; of the
    nodes of each of `zones` some keep theirs."""

    recorded: tuple[Weighted, ...]
    most: float = MOST_SHED
    zones: tuple[Zone, ...] = ()
    needs: ClassVar[Needs] = frozenset({Pools, JournalFacts, Clocks})
    title: ClassVar[Message] = say("step.shed")

    def estimate(self, scale: Scale) -> Estimate:
        """Set the weights once."""
        return writing(scale, ())

    def decide(self, seen: Sighting) -> Decision:
        """Lower the newest, the batch of one call at a time; then wait until the balancer follows."""
        pools = seen[Pools]
        due = self._due(seen)
        if lowered := next_presence(pools, (), due):
            return Do(lowered.action, say("shed.lower", rows=len(due)))
        left = pools.capabilities.settle - standing(seen)
        if seen[JournalFacts].settled_at is not None and left > 0:
            return Wait(say("shed.follows"), left)
        left_over = sum(1 for row in pools.of(Side.NEW) if row.weight)
        return Done(say("shed.left", left=left_over) if left_over else say("shed.done"))

    def _due(self, seen: Sighting) -> tuple[Weighted, ...]:
        """Give the rows that lose their weight, of each listener the last renewed first."""
        pools, past = seen[Pools], seen[JournalFacts]
        weights = pools.weights()
        found: list[Weighted] = []
        for listener in pools.listeners:
            meant = {row.backend: row.weight for row in self.recorded if row.backend.listener == listener}
            room = sum(meant.values()) * self.most
            room -= sum(meant[each] - weights.get(each, 0) for each in meant if weights.get(each, 0) < meant[each])
            rows = [row for row in pools.of(Side.NEW, listener) if row.weight]
            rows.sort(key=lambda row: str(past.written_at.get(row.backend, "")), reverse=True)
            for row in rows:
                gone = {row.backend, *(each.backend for each in found)}
                if row.weight <= room and spared(self.zones, pools, gone):
                    room -= row.weight
                    found.append(Weighted(row.backend, 0))
        return tuple(found)
