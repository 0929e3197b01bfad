"""On the way back the worst gateway is set apart, so that people can look at it after the rest of its side is removed.

It is a favour. The side has no weight and no backend any more when it comes, and whatever keeps it from being done is said,
never waited out: no way back is slower or halts because of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject, PodRef, pod_object
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, both, labels, text
from migrator.domain.model.samples import Tally
from migrator.domain.observation.sighting import Clocks, JournalFacts, Objects, RunPosition, Sighting
from migrator.domain.steps.estimate import Estimate, Scale, patched, writing
from migrator.domain.steps.isolating.captive import OfPod, answers_at, is_controlled, there
from migrator.domain.steps.isolating.mark import Isolated, marking, read, stamp, without
from migrator.domain.steps.step import Needs

TRIES = 3
"""Writes that the cluster may refuse, or leave unanswered: a process that was killed leaves one, too."""

KEPT = "kept"
"""The kind of the tally by which the journal tells which pod was kept."""


@dataclass(frozen=True, slots=True)
class KeepApart(OfPod):
    """The pod has lost the labels by which it was chosen, carries our mark, and no controller owns it: it stays when its
    workload is removed. `labels` are the keys of the labels that it loses."""

    pod: PodRef
    workload: ObjectRef
    labels: tuple[str, ...]
    needs: ClassVar[Needs] = frozenset({Objects, Pools, JournalFacts, RunPosition, Clocks})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    favour: ClassVar[float | None] = 30.0

    @property
    def title(self) -> Message:
        """Name the pod."""
        return say("step.keep-apart", pod=self.pod.name)

    def estimate(self, scale: Scale) -> Estimate:
        """Patch one object, and wait for its controller."""
        return writing(scale, patched((pod_object(self.pod),)))

    def tallies(self, seen: Sighting) -> Mapping[str, Tally]:
        """Keep which pod is there for a look."""
        pod = there(self.pod, seen) if Objects in seen else None
        if pod is None or read(pod) is None or is_controlled(pod):
            return {}
        return {KEPT: {"pod": self.pod.name, "namespace": self.pod.namespace, "node": self.pod.node}}

    def decide(self, seen: Sighting) -> Decision:
        """Mark it and take its labels in one write, then see its controller give it up."""
        pod, name = there(self.pod, seen), self.pod.name
        if pod is None or text(pod, "metadata", "deletionTimestamp"):
            return Done(say("keep-apart.gone", pod=name))
        if seen[JournalFacts].failures >= TRIES:
            return Done(say("keep-apart.refused", pod=name))
        if read(pod) is None:
            if rows := self._rows(pod, seen):
                return Done(say("keep-apart.has-rows", pod=name, backends=rows))
            why = say("keep-apart.let-go", pod=name)
            return Do(PatchObject(pod_object(self.pod), self._patch(pod, seen), self.pod.uid), why)
        if is_controlled(pod):
            return Wait(say("let-go.owned", pod=name))
        return Done(say("keep-apart.done", pod=name, run=seen[RunPosition].run))

    def _rows(self, pod: Manifest, seen: Sighting) -> tuple[str, ...]:
        """Give the new side's rows that still lead to the pod, weight or none: it is kept only off the balancer."""
        at = answers_at(pod)
        return tuple(str(row.backend) for row in seen[Pools].of(Side.NEW) if row.backend.address in at)

    def _patch(self, pod: Manifest, seen: Sighting) -> Json:
        had = labels(pod, "metadata", "labels")
        lost = tuple((key, had[key]) for key in self.labels if key in had)
        at = seen[RunPosition]
        said = Isolated(self.workload, lost, (), at.starter or f"run {at.run}", stamp(seen[Clocks].wall))
        return both(marking(said), without(self.labels))
