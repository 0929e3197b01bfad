"""The first step back from Retire: what had been led to the new pods leads to the old ones again. It deletes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.actions import PatchObject
from migrator.domain.decisions import Decision, Do, Done
from migrator.domain.manifests import ObjectRef, holds, uid_of
from migrator.domain.plan import Change
from migrator.domain.sighting import Objects, Sighting
from migrator.domain.steps.step import Needs, Quiet


@dataclass(frozen=True, slots=True)
class PointBack(Quiet):
    """Every way in that Retire pointed at the new side is guarded again, as it was before: Undo takes it from there.

    It comes before the old side is given any traffic: an Istio gateway has its listener ports from these Services.
    """

    changes: tuple[Change, ...]
    needs: ClassVar[Needs] = frozenset({Objects})
    title: ClassVar[str] = "Point back"

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what was pointed at the new side."""
        return tuple(change.ref for change in self.changes)

    def decide(self, seen: Sighting) -> Decision:
        """Guard the last one again that leads to the new pods."""
        for change in reversed(self.changes):
            now = seen[Objects].get(change.ref)
            if now is not None and uid_of(now) == change.uid and holds(now, change.after):
                return Do(PatchObject(change.ref, change.back, change.uid), f"{change.ref} leads to the old pods again")
        return Done("every way in leads to the old pods")
