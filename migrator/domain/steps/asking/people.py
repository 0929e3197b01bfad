"""The steps in which a person, not the world, is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, code_of, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Ask, Decision, Done
from migrator.domain.model.spec import Approval
from migrator.domain.observation.sighting import JournalFacts, Sighting
from migrator.domain.steps.estimate import Estimate, Scale
from migrator.domain.steps.step import Needs, Quiet


@dataclass(frozen=True, slots=True)
class Gate(Quiet):
    """Somebody has said yes, or the plan did so beforehand (`approval: auto`)."""

    question: Message
    approval: Approval
    needs: ClassVar[Needs] = frozenset({JournalFacts})
    title: ClassVar[Message] = say("step.gate")
    after_drain: ClassVar[Side | None] = Side.OLD

    def estimate(self, scale: Scale) -> Estimate:
        """Take no time of its own; a person takes as long as a person takes."""
        if self.approval is Approval.MANUAL:
            return Estimate(0.0, None, (say("estimate.asks"),), note=say("estimate.until-yes"))
        return Estimate(0.0, scale.pace.cluster, (say("estimate.approved"),))

    def decide(self, seen: Sighting) -> Decision:
        """Ask, unless there is an answer."""
        if self.approval is Approval.AUTO:
            return Done(say("gate.approved-by-plan"))
        past = seen[JournalFacts]
        said_yes = past.said_yes(code_of(self.question))
        return Done(say("gate.approved", by=past.approved_by)) if said_yes else Ask(self.question)
