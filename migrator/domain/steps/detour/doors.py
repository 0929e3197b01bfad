"""The steps that open the temporary node ports and close them again: one Service of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.decisions import Decision, Done
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.observation.sighting import Objects, Sighting
from migrator.domain.steps.estimate import Estimate, Scale, deleted, writing
from migrator.domain.steps.prepare import Deploy
from migrator.domain.steps.retire import removal
from migrator.domain.steps.step import Needs, Quiet, halt


class OpenDoors(Deploy):
    """The Service with the temporary node ports is there; it leads to nobody yet."""

    __slots__ = ()
    title: ClassVar[Message] = say("step.open-doors")


@dataclass(frozen=True, slots=True)
class CloseDoors(Quiet):
    """The Service with the temporary node ports is gone; the balancer dials none of them any more.

    `end`: the run ends with it on the new side, and the old one is gone.
    """

    service: ObjectRef
    ports: tuple[int, ...]
    end: bool = False
    needs: ClassVar[Needs] = frozenset({Objects, Pools})
    title: ClassVar[Message] = say("step.close-doors")

    @property
    def is_final(self) -> bool:
        """Rest on the old side as long as there is one."""
        return self.end

    @property
    def keeps(self) -> tuple[Side, ...]:
        """Look after the side that serves."""
        return (Side.NEW,) if self.end else (Side.OLD,)

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at the Service."""
        return (self.service,)

    def estimate(self, scale: Scale) -> Estimate:
        """Delete it."""
        return writing(scale, deleted((self.service,)))

    def decide(self, seen: Sighting) -> Decision:
        """Delete it, unless the balancer still sends somebody there."""
        dialled = [row for row in seen[Pools].rows if row.backend.port in self.ports and row.weight]
        if dialled:
            return halt("doors.still-dialled", str(dialled[0].backend), weight=dialled[0].weight)
        return removal((self.service,), seen[Objects]) or Done(say("doors.closed", object=str(self.service)))
