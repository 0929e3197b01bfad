"""The steps in which a person, not the world, is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, code_of, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Ask, Decision, Done
from migrator.domain.model.spec import Approval
from migrator.domain.observation.sighting import Clocks, ConnectionCounts, JournalFacts, Sighting, Workloads
from migrator.domain.steps.connections import connections, counting
from migrator.domain.steps.estimate import Estimate, Scale
from migrator.domain.steps.step import Needs, Quiet


@dataclass(frozen=True, slots=True)
class Gate(Quiet):
    """Somebody has said yes, or the plan did so beforehand (`approval: auto`)."""

    question: Message
    approval: Approval
    needs: ClassVar[Needs] = frozenset({JournalFacts, Workloads, ConnectionCounts, Clocks})
    title: ClassVar[Message] = say("step.gate")
    after_drain: ClassVar[Side | None] = Side.OLD

    def estimate(self, scale: Scale) -> Estimate:
        """Take no time of its own; a person takes as long as a person takes."""
        if self.approval is Approval.MANUAL:
            return Estimate(0.0, None, (say("estimate.asks"),), note=say("estimate.until-yes"))
        return Estimate(0.0, scale.pace.cluster, (say("estimate.approved"),))

    def decide(self, seen: Sighting) -> Decision:
        """Ask, unless there is an answer. The question says what is still open on the old side: a yes cuts it."""
        if self.approval is Approval.AUTO:
            return Done(say("gate.approved-by-plan"))
        past = seen[JournalFacts]
        if past.said_yes(code_of(self.question)):
            return Done(say("gate.approved", by=past.approved_by))
        if first := counting(seen, Side.OLD):
            return first
        told = dict(self.question.values) | {"left": _left(connections(seen, Side.OLD))}
        return Ask(Message(self.question.code, tuple(told.items())))


def _left(connections: int | None) -> Message:
    """Say what is still open: nobody removes a side without having been told what that cuts."""
    if connections is None:
        return say("gate.left-unknown")
    return say("gate.left", connections=connections) if connections else say("gate.left-none")
