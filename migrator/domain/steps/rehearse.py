"""Shifts with a purpose of their own: the rehearsal of a rollback, and keeping the old side at 100 %."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.message import Message, say
from migrator.domain.model.decisions import Decision, Done
from migrator.domain.observation.sighting import Sighting
from migrator.domain.steps.estimate import READS_ONLY, Estimate, Scale
from migrator.domain.steps.step import elapsed, halt
from migrator.domain.steps.traffic import Shift


class Keep(Shift):
    """100 % with the old side intact for `keepOld`: the last moment at which going back costs nothing."""

    __slots__ = ()

    @property
    def title(self) -> Message:
        """Name the step."""
        return say("step.keep")

    def estimate(self, scale: Scale) -> Estimate:
        """Write nothing; watch."""
        note = say("estimate.last-free-return")
        return Estimate(self.soak, self.soak + self.settle, READS_ONLY, self._way_back(scale), note, shifts=True)


class RehearseUp(Shift):
    """One unit of weight on the new side: the first real connections, and something to take back."""

    __slots__ = ()

    @property
    def title(self) -> Message:
        """Name the step."""
        return say("step.rehearse-up")

    def estimate(self, scale: Scale) -> Estimate:
        """Set one unit."""
        pace = scale.pace
        most, calls = pace.balancer_most + self.settle, (say("estimate.one-unit"),)
        return Estimate(pace.balancer, most, calls, self._way_back(scale))


@dataclass(frozen=True, slots=True)
class RehearseBack(Shift):
    """That unit is taken back, timed: what a rollback of the weights will take. Slower than `limit` seconds halts."""

    limit: float = 0.0

    @property
    def title(self) -> Message:
        """Name the step."""
        return say("step.rehearse-back")

    def estimate(self, scale: Scale) -> Estimate:
        """Take that unit back within the limit."""
        note = say("estimate.halts-when-slower", limit=self.limit)
        return Estimate(scale.pace.balancer, self.limit, (say("estimate.take-back"),), self._way_back(scale), note)

    def _restored(self, seen: Sighting) -> Decision:
        decision = Shift._restored(self, seen)
        took = elapsed(seen)
        if not isinstance(decision, Done):
            return decision
        if took <= self.limit:
            return Done(say("rehearse.done", took=took, limit=self.limit))
        return halt("rehearse.slow", self.title, took=took, limit=self.limit)
