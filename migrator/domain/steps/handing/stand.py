"""The step in place of Deploy for a workload that stands already: it is there, as the plan saw it. It writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.drift.meaning import digest
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Decision, Done
from migrator.domain.model.manifests import ObjectRef, uid_of
from migrator.domain.observation.sighting import Objects, Sighting
from migrator.domain.steps.estimate import Estimate, Scale, looking
from migrator.domain.steps.step import Needs, Quiet, halt


@dataclass(frozen=True, slots=True)
class Stand(Quiet):
    """The workload stands, and its template is the one that the plan saw (`says` is a digest of what it means).

    `alike`: its configuration can be compared with the old side's, for what their names differ in is known.
    """

    ref: ObjectRef
    uid: str
    says: str
    alike: bool = True
    needs: ClassVar[Needs] = frozenset({Objects})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    title: ClassVar[Message] = say("step.stand")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at the workload."""
        return (self.ref,)

    def estimate(self, scale: Scale) -> Estimate:
        """Read it again."""
        return looking(say("estimate.stands", object=str(self.ref)))

    def decide(self, seen: Sighting) -> Decision:
        """Halt where it is gone, or another one than the plan was made for; nothing has been changed yet."""
        found = seen[Objects].get(self.ref)
        if found is None:
            return halt("stand.missing", str(self.ref))
        if uid_of(found) != self.uid:
            return halt("stand.replaced", str(self.ref), planned=self.uid, found=uid_of(found))
        if digest(found) != self.says:
            return halt("stand.changed", str(self.ref))
        return Done(say("stand.done", object=str(self.ref)))
