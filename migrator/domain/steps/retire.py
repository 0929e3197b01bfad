"""The last steps of a route: the workload that has left is removed, and the side that stays is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import DeleteObject, PatchObject
from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.model.manifests import ObjectRef, holds, uid_of
from migrator.domain.model.samples import Ruling
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import Clocks, JournalFacts, Judgement, Objects, Sighting, Workloads
from migrator.domain.steps.estimate import GRACE, READS_ONLY, Estimate, Scale, deleted, patched
from migrator.domain.steps.leave import still_weighted, weighted
from migrator.domain.steps.prepare import is_ours
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt
from migrator.domain.steps.traffic import ruled


@dataclass(frozen=True, slots=True)
class Retire(Quiet):
    """Every way in points at the new side, and the old workload with its companions is deleted. There is no way back."""

    source: ObjectRef
    uid: str
    companions: tuple[tuple[ObjectRef, str], ...]
    repoint: tuple[Change, ...]
    patience: float = 120.0
    spare: tuple[ObjectRef, ...] = ()
    needs: ClassVar[Needs] = frozenset({Objects, Workloads, Pools, Judgement, JournalFacts, Clocks})
    title: ClassVar[Message] = say("step.retire")
    after_drain: ClassVar[Side | None] = Side.OLD

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what is repointed and what is deleted."""
        gone = (self.source, *(ref for ref, _ in self.companions))
        return (*gone, *(change.ref for change in self.repoint), *self.spare)

    def estimate(self, scale: Scale) -> Estimate:
        """Patch, delete, and wait for the pods to end; from here there is no way back."""
        gone = (self.source, *(ref for ref, _ in self.companions), *self.spare)
        calls = (*patched(change.ref for change in self.repoint), *deleted(gone))
        pace, note = scale.pace, say("estimate.no-way-back")
        return Estimate(
            pace.cluster * len(calls) + GRACE, pace.cluster_most * len(calls) + self.patience, calls, None, note
        )

    def decide(self, seen: Sighting) -> Decision:
        """Repoint, then delete the workload, from which there is no way back, then its companions; then see its pods go."""
        if rows := weighted(seen[Pools], Side.OLD):
            return still_weighted(Side.OLD, rows)
        found = seen[Objects]
        source = found.get(self.source)
        if source is not None and uid_of(source) == self.uid and (doubt := _doubt(seen)):
            return Wait(say("retire.waits", object=str(self.source), doubt=doubt))
        for change in self.repoint:
            now = found.get(change.ref)
            if now is not None and uid_of(now) == change.uid and not holds(now, change.after):
                return Do(
                    PatchObject(change.ref, change.after, change.uid), say("retire.repoint", object=str(change.ref))
                )
        for ref, uid in ((self.source, self.uid), *self.companions):
            now = found.get(ref)
            if now is not None and uid_of(now) == uid:
                return Do(DeleteObject(ref, uid), say("object.delete", object=str(ref)))
        return removal(self.spare, found) or gone(seen, seen[Workloads].old, self.patience)


def _doubt(seen: Sighting) -> Message | None:
    """Say why the new side is not known to do well at this moment: what cannot be taken back is not done then."""
    verdict = seen[Judgement].verdict
    return None if verdict is not None and verdict.ruling in (Ruling.PASS, Ruling.TOO_FEW) else ruled(verdict)


def gone(seen: Sighting, workload: Workload, patience: float) -> Decision:
    """Wait for a deleted workload's pods to end; Terminating pods are in no status count, so they are listed."""
    left = patience - elapsed(seen)
    if workload.pods and left > 0:
        return Wait(say("object.ending", pods=len(workload.pods), object=str(workload.ref)), left)
    if workload.pods:
        return Done(say("object.gone-late", object=str(workload.ref), pods=len(workload.pods), patience=patience))
    return Done(say("object.gone", object=str(workload.ref)))


def removal(made: tuple[ObjectRef, ...], found: Objects) -> Do | None:
    """Give the removal of the first that is still there and ours; None when none is."""
    for ref in made:
        now = found.get(ref)
        if now is not None and is_ours(now):
            return Do(DeleteObject(ref, uid_of(now)), say("object.delete-ours", object=str(ref)))
    return None


@dataclass(frozen=True, slots=True)
class Confirm(Quiet):
    """The end is what was promised: watched once more (new), or exactly what was recorded (old)."""

    side: Side
    window: float
    restore: tuple[Change, ...] = ()
    originals: tuple[Weighted, ...] = ()
    needs: ClassVar[Needs] = frozenset({Objects, Pools, Judgement, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side that serves now."""
        return say("step.confirm", side=self.side)

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what gets its final settings."""
        return tuple(change.ref for change in self.restore)

    @property
    def watches(self) -> float:
        """Watch the window."""
        return self.window

    def estimate(self, scale: Scale) -> Estimate:
        """Patch what is restored and watch one more window."""
        calls, pace = patched(change.ref for change in self.restore), scale.pace
        writes = len(calls) + 1
        return Estimate(
            pace.cluster * writes + self.window,
            pace.cluster_most * writes + 2 * self.window,
            calls or READS_ONLY,
            None,
        )

    def decide(self, seen: Sighting) -> Decision:
        """Restore the final settings, then watch one more window."""
        for change in self.restore:
            now = seen[Objects].get(change.ref)
            if now is not None and not holds(now, change.patch):
                return Do(PatchObject(change.ref, change.patch, uid_of(now)), change.why)
        if self.side is Side.OLD:
            return self._as_recorded(seen)
        left = self.window - seen[JournalFacts].soaked
        if left > 0:
            return Wait(say("confirm.watching", window=self.window), left)
        return Done(say("confirm.new"))

    def _as_recorded(self, seen: Sighting) -> Decision:
        weights = seen[Pools].weights()
        wrong = [row for row in self.originals if weights.get(row.backend) != row.weight]
        if wrong:
            rows = tuple(
                say("weight.differs", backend=str(row.backend), now=weights.get(row.backend), recorded=row.weight)
                for row in wrong
            )
            return halt("rollback.not-as-recorded", "balancer", backends=len(wrong), rows=rows)
        return Done(say("confirm.old"))
