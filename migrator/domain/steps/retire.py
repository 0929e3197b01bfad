"""The last steps of a route: the workload that has left is removed, and the side that stays is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.drift.contested import patching
from migrator.domain.judging.newest import newest
from migrator.domain.messages.findings import Waiver
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import DeleteObject, PatchObject
from migrator.domain.model.balancer import Pools, Row, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.model.manifests import ObjectRef, holds, uid_of
from migrator.domain.model.samples import Ruling
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import (
    Clocks,
    JournalFacts,
    Judgement,
    Objects,
    Sighting,
    Workloads,
)
from migrator.domain.sides.split import recorded_now
from migrator.domain.sides.way_back import what_stands
from migrator.domain.steps.estimate import GRACE, READS_ONLY, Estimate, Scale, deleted, patched
from migrator.domain.steps.leave import still_weighted, weighted
from migrator.domain.steps.prepare import is_ours
from migrator.domain.steps.proving.answers import uncompared
from migrator.domain.steps.proving.way_back import held_for_a_way_back
from migrator.domain.steps.step import Needs, Quiet, halt, watched, watched_since
from migrator.domain.steps.traffic import ruled

COMES_WITHIN = 30.0
"""Seconds in which an old pod that came at the very end is Ready, proved and given its weight; longer is waited for nobody."""


@dataclass(frozen=True, slots=True)
class Retire(Quiet):
    """Every way in points at the new side, and the old workload with its companions is deleted. There is no way back.

    `compares`: before that both sides have given the same answers once more, but for what `waivers` accept. Once a way in has
    left the old side there is nobody to compare with: an Istio gateway has its ports from the Services that select it.
    """

    source: ObjectRef
    uid: str
    companions: tuple[tuple[ObjectRef, str], ...]
    repoint: tuple[Change, ...]
    patience: float = 120.0
    spare: tuple[ObjectRef, ...] = ()
    compares: bool = False
    waivers: tuple[Waiver, ...] = ()
    least: float = 1.0
    asks_after: float = 120.0
    needs: ClassVar[Needs] = frozenset(
        {Objects, Workloads, Pools, Sides, Judgement, JournalFacts, Clocks, AnswerParity, AskedOfBoth}
    )
    keeps: ClassVar[tuple[Side, ...]] = (Side.NEW,)
    title: ClassVar[Message] = say("step.retire")
    is_final: ClassVar[bool] = True
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

    def asks_both(self, seen: Sighting) -> bool:
        """Ask both sides until the first way in has left the old one."""
        return self.compares and not any(_has_left(change, seen[Objects]) for change in self.repoint)

    def decide(self, seen: Sighting) -> Decision:
        """Repoint, then delete the workload, from which there is no way back, then its companions; then see its pods go."""
        if rows := weighted(seen[Pools], Side.OLD):
            return still_weighted(Side.OLD, rows, seen[Pools])
        found = seen[Objects]
        source = found.get(self.source)
        if source is not None and uid_of(source) == self.uid and (first := self._first(seen)) is not None:
            return first
        if led := repointing(self.repoint, seen):
            return led
        for ref, uid in ((self.source, self.uid), *self.companions):
            now = found.get(ref)
            if now is not None and uid_of(now) == uid:
                return Do(DeleteObject(ref, uid), say("object.delete", object=str(ref)))
        return removal(self.spare, found) or gone(seen, seen[Workloads].old, self.patience)

    def _first(self, seen: Sighting) -> Decision | None:
        """Give what comes before the deletion: what cannot be taken back waits until the new side is known to do well."""
        if doubt := _doubt(seen):
            return Wait(say("retire.waits", object=str(self.source), doubt=doubt))
        stands = what_stands(seen, drained=True)
        if first := held_for_a_way_back(seen, stands, self.least, self.asks_after):
            return first
        return uncompared(seen, self.waivers) if self.asks_both(seen) else None


def repointing(changes: tuple[Change, ...], seen: Sighting) -> Decision | None:
    """Lead the first way in that does not lead to the new side yet; None when all do. One that was replaced is left alone."""
    for change in changes:
        now = seen[Objects].get(change.ref)
        if now is not None and uid_of(now) == change.uid and not holds(now, change.after):
            patch = PatchObject(change.ref, change.after, change.uid)
            return patching(seen[JournalFacts], patch, now, say("retire.repoint", object=str(change.ref)))
    return None


def _has_left(change: Change, found: Objects) -> bool:
    now = found.get(change.ref)
    return now is not None and uid_of(now) == change.uid and holds(now, change.after)


def _doubt(seen: Sighting) -> Message | None:
    """Say why the new side is not known to do well at this moment: what cannot be taken back is not done then."""
    verdict = newest(seen)
    return (
        None if verdict.ruling in (Ruling.PASS, Ruling.TOO_FEW) else ruled(verdict if seen[Judgement].verdict else None)
    )


def gone(seen: Sighting, workload: Workload, patience: float) -> Decision:
    """Wait for a deleted workload's pods to end; Terminating pods are in no status count, so they are listed.

    The patience begins with the deletion: a run may have been paused, or held, at this step for longer than that before. Nobody
    has seen pods that stay while nobody could look.
    """
    left = patience - watched(seen)
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
    is_final: ClassVar[bool] = True
    needs: ClassVar[Needs] = frozenset({Objects, Pools, Sides, Judgement, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side that serves now."""
        return say("step.confirm", side=self.side)

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what gets its final settings."""
        return tuple(change.ref for change in self.restore)

    @property
    def keeps(self) -> tuple[Side, ...]:
        """Look after the side that serves."""
        return (self.side,)

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
                patch = PatchObject(change.ref, change.patch, uid_of(now))
                return patching(seen[JournalFacts], patch, now, change.why)
        patience = self.window + COMES_WITHIN - watched(seen)
        if (dead := leading_nowhere(seen, self.side)) and patience > 0:  # nobody takes its weight away after this step
            return Wait(say("confirm.leaving", backends=tuple(str(row.backend) for row in dead)), patience)
        if self.side is Side.OLD:
            return self._as_recorded(seen)
        left = self.window - seen[JournalFacts].soaked
        if left > 0:
            return Wait(say("confirm.watching", window=self.window), left)
        return Done(say("confirm.new"))

    def _as_recorded(self, seen: Sighting) -> Decision:
        coming = [slot for slot in seen[Sides].old if slot.live and slot.recorded and not slot.weight]
        left = COMES_WITHIN - _since_they_came(coming, seen)
        if coming and left > 0:  # who came a moment ago is proved and gets its weight before the run leaves it alone
            return Wait(say("confirm.old-coming", backends=tuple(str(slot.backend) for slot in coming)), left)
        weights = seen[Pools].weights()
        due = (*recorded_now(seen[Sides]), *(Weighted(row.backend, 0) for row in leading_nowhere(seen, Side.OLD)))
        wrong = [row for row in due if weights.get(row.backend) != row.weight]
        if wrong:
            rows = tuple(
                say("weight.differs", backend=str(row.backend), now=weights.get(row.backend), recorded=row.weight)
                for row in wrong
            )
            return halt("rollback.not-as-recorded", "balancer", backends=len(wrong), rows=rows)
        return Done(say("confirm.old"))


def _since_they_came(coming: Sequence[Slot], seen: Sighting) -> float:
    """Give the seconds since the newest of them was made, or the step's last write if that is later: a run may have been
    paused at this step for any time before."""
    made = [pod.made_at for slot in coming for pod in slot.live if pod.made_at is not None]
    return min([watched(seen), *(watched_since(seen, moment) for moment in made)])


def leading_nowhere(seen: Sighting, side: Side) -> tuple[Row, ...]:
    """Give the rows of a side that have weight and no pod, beside others that have both; none that a controller takes off."""
    rows = [row for row in seen[Pools].of(side) if row.weight]
    dead = tuple(row for row in rows if row.deserted)
    return dead if len(dead) < len(rows) and not seen[Pools].capabilities.controlled else ()
