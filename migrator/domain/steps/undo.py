"""The steps that take back what a run made and changed. An object that is not ours, or was replaced, is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.drift.contested import patching
from migrator.domain.drift.marking import mark
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Decision, Do, Done
from migrator.domain.model.manifests import Manifest, ObjectRef, both, holds, uid_of
from migrator.domain.observation.sighting import Clocks, JournalFacts, Objects, RunPosition, Sighting, Workloads
from migrator.domain.steps.estimate import GRACE, READS_ONLY, Estimate, Scale, deleted, patched, writing
from migrator.domain.steps.leave import still_weighted, weighted
from migrator.domain.steps.retire import gone, removal
from migrator.domain.steps.step import Needs, Quiet


@dataclass(frozen=True, slots=True)
class Remove(Quiet):
    """What this run made is gone again. An object that is not ours is never deleted."""

    made: tuple[ObjectRef, ...]
    patience: float = 120.0
    needs: ClassVar[Needs] = frozenset({Objects, Workloads, Pools, JournalFacts, Clocks})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    title: ClassVar[Message] = say("step.remove")
    dismantles: ClassVar[bool] = True

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what was made."""
        return self.made

    def estimate(self, scale: Scale) -> Estimate:
        """Delete, and wait for the pods to end."""
        calls, pace = deleted(self.made), scale.pace
        return Estimate(
            pace.cluster * len(calls) + GRACE, pace.cluster_most * len(calls) + self.patience, calls or READS_ONLY
        )

    def decide(self, seen: Sighting) -> Decision:
        """Delete the first that is still there; then see the pods go."""
        if rows := weighted(seen[Pools], Side.NEW):
            return still_weighted(Side.NEW, rows, seen[Pools])
        return removal(self.made, seen[Objects]) or gone(seen, seen[Workloads].new, self.patience)


@dataclass(frozen=True, slots=True)
class Undo(Quiet):
    """The changes of Guard are undone, the last first. An object that was replaced meanwhile is left alone."""

    changes: tuple[Change, ...]
    needs: ClassVar[Needs] = frozenset({Objects, JournalFacts})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    title: ClassVar[Message] = say("step.undo")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what was changed."""
        return tuple(change.ref for change in self.changes)

    def estimate(self, scale: Scale) -> Estimate:
        """Patch each object back."""
        return writing(scale, patched(change.ref for change in self.changes))

    def decide(self, seen: Sighting) -> Decision:
        """Undo the last change that still stands."""
        change = _last(self.changes, seen[Objects], lambda change, now: not holds(now, change.undo))
        if change is not None:
            patch, why = PatchObject(change.ref, change.undo, change.uid), say("undo.change", change=change.why)
            return patching(seen[JournalFacts], patch, seen[Objects].found[change.ref], why)
        return Done(say("undo.done", changes=len(self.changes)))


def _last(changes: tuple[Change, ...], found: Objects, due: Callable[[Change, Manifest], bool]) -> Change | None:
    """Give the last change that is due, of an object that has not been replaced."""
    for change in reversed(changes):
        now = found.get(change.ref)
        if now is not None and uid_of(now) == change.uid and due(change, now):
            return change
    return None


class LeadBack(Undo):
    """The node ports lead to the old pods again before the new ones are removed: others may come in by them."""

    __slots__ = ()
    title: ClassVar[Message] = say("step.lead-back")


class PointBack(Undo):
    """Every way in that Retire pointed at the new side is guarded again, as it was before: Undo takes it from there.

    It comes before the old side is given any traffic: an Istio gateway has its listener ports from these Services. While
    the cluster cannot be seen the weights do not wait for it: what answers our requests may have them.
    """

    __slots__ = ()
    needs: ClassVar[Needs] = frozenset({Objects, RunPosition})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD, Side.NEW)
    title: ClassVar[Message] = say("step.point-back")
    may_follow: ClassVar[bool] = True

    def decide(self, seen: Sighting) -> Decision:
        """Guard the last one again that leads to the new pods."""
        change = _last(self.changes, seen[Objects], lambda change, now: holds(now, change.after))
        if change is not None:
            guarded = both(change.back, mark(change, self.changes, seen[RunPosition]))
            return Do(PatchObject(change.ref, guarded, change.uid), say("point-back.change", object=str(change.ref)))
        return Done(say("point-back.done"))


class PointBackAfterAll(PointBack):
    """The same once the old side has its weights, for a cluster that could not be seen before. Nothing is removed earlier."""

    __slots__ = ()
    may_follow: ClassVar[bool] = False

    def estimate(self, scale: Scale) -> Estimate:
        """Find everything as `PointBack` has left it."""
        return Estimate(0.0, scale.pace.cluster_most * len(self.changes), READS_ONLY)
