"""The steps that put the new side in place: check, guard, deploy. None of them touches the balancer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.drift.contested import patching
from migrator.domain.drift.marking import marked
from migrator.domain.messages.findings import Waiver, blocking, counted
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import ApplyObject, PatchObject
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Decision, Do, Done, Halt, Wait
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, holds, labels, mapping, ref_of, uid_of
from migrator.domain.observation.sighting import (
    JournalFacts,
    Objects,
    PreflightResult,
    RunPosition,
    Sighting,
    Workloads,
)
from migrator.domain.steps.estimate import GRACE, Estimate, Scale, applied, looking, patched, writing
from migrator.domain.steps.step import Needs, Quiet, halt

MANAGED_BY = "app.kubernetes.io/managed-by"
MANAGER = "migrator"
DIGEST = "migrator.dev/digest"


@dataclass(frozen=True, slots=True)
class Preflight(Quiet):
    """Every check has run and no finding blocks that nobody waived."""

    waivers: tuple[Waiver, ...] = ()
    needs: ClassVar[Needs] = frozenset({PreflightResult})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    title: ClassVar[Message] = say("step.preflight")

    def estimate(self, scale: Scale) -> Estimate:
        """Read everything again."""
        return looking(say("estimate.checks"))

    def decide(self, seen: Sighting) -> Decision:
        """Wait for the checks, then halt on what blocks."""
        findings = seen[PreflightResult].findings
        if findings is None:
            return Wait(say("preflight.running"))
        if found := blocking(findings, self.waivers):
            return Halt(found)
        return Done(say("preflight.counted", counts=counted(findings, self.waivers)))


@dataclass(frozen=True, slots=True)
class Guard(Quiet):
    """Other controllers can no longer change what the run uses: journaled changes, which the route back undoes."""

    changes: tuple[Change, ...]
    needs: ClassVar[Needs] = frozenset({Objects, Workloads, RunPosition, JournalFacts})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    title: ClassVar[Message] = say("step.guard")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at every object that is to be changed."""
        return tuple(change.ref for change in self.changes)

    def estimate(self, scale: Scale) -> Estimate:
        """Patch what has a patch; the way back patches all of it."""
        calls = patched(change.ref for change in self.changes if change.patch)
        return writing(scale, calls, scale.pace.cluster * len(self.changes))

    def decide(self, seen: Sighting) -> Decision:
        """Patch the first object that is not yet as the plan wants it."""
        if seen[Workloads].old.rolling:
            return Wait(say("guard.old-rolls", workload=str(seen[Workloads].old.ref)))
        due = next_change(self.changes, seen)
        return due or Done(say("guard.done", objects=sum(1 for change in self.changes if change.patch)))


def next_change(changes: tuple[Change, ...], seen: Sighting) -> Decision | None:
    """Give the patch for the first change that is not true yet; a replaced or missing object halts, and one that somebody
    keeps taking off holds."""
    for change in changes:
        now = seen[Objects].get(change.ref)
        if now is None or uid_of(now) != change.uid:
            return halt(
                "guard.object-replaced",
                str(change.ref),
                planned=change.uid,
                found=uid_of(now) if now else "",
            )
        if not holds(now, change.patch):
            patch = marked(change, changes, seen[RunPosition])
            return patching(seen[JournalFacts], PatchObject(change.ref, patch, change.uid), now, change.why)
    return None


class Lead(Guard):
    """The node ports that the balancer is to dial lead to the new pods, which are Ready: weights alone could not tell."""

    __slots__ = ()
    title: ClassVar[Message] = say("step.lead")


@dataclass(frozen=True, slots=True)
class Deploy(Quiet):
    """The new side's objects are applied. An object of that name that is not ours halts."""

    manifests: tuple[Json, ...]
    needs: ClassVar[Needs] = frozenset({Objects})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    title: ClassVar[Message] = say("step.deploy")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at every object that is to be made."""
        return tuple(ref_of(manifest) for manifest in self.manifests if isinstance(manifest, dict))

    def estimate(self, scale: Scale) -> Estimate:
        """Apply each manifest; the way back deletes them and waits for the pods to end."""
        return writing(scale, applied(self.manifests), scale.pace.cluster * len(self.manifests) + GRACE)

    def decide(self, seen: Sighting) -> Decision:
        """Apply the first manifest that the cluster does not hold yet."""
        for manifest in self.manifests:
            assert isinstance(manifest, dict)
            found = seen[Objects].get(ref_of(manifest))
            if found is not None and not is_ours(found):
                return halt(
                    "deploy.not-ours",
                    str(ref_of(manifest)),
                    uid=uid_of(found),
                    label=MANAGED_BY,
                    manager=MANAGER,
                )
            if found is None or not is_applied(found, manifest):
                return Do(ApplyObject(manifest), say("deploy.make", object=str(ref_of(manifest))))
        return Done(say("deploy.done", objects=len(self.manifests)))


class Restore(Deploy):
    """What was removed with the workload that returned is there again: what scales it."""

    __slots__ = ()
    keeps: ClassVar[tuple[Side, ...]] = (Side.NEW,)
    title: ClassVar[Message] = say("step.restore")
    is_final: ClassVar[bool] = True


def is_ours(found: Manifest) -> bool:
    """Say whether migrator made this object."""
    return labels(found, "metadata", "labels").get(MANAGED_BY) == MANAGER


def is_applied(found: Manifest, manifest: Manifest) -> bool:
    """Say whether the cluster holds this manifest: servers add defaults, so the digest in the annotation decides."""
    wanted = mapping(manifest, "metadata", "annotations").get(DIGEST)
    return wanted is not None and mapping(found, "metadata", "annotations").get(DIGEST) == wanted
