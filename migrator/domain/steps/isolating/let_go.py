"""A pod leaves its workload by its labels, and comes back to it by them; what the controllers make of it is read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import DeleteObject, PatchObject, PodRef, Tell, Word, pod_object
from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.model.manifests import Json, ObjectRef, holds, text
from migrator.domain.model.workload import Pod
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Objects,
    Sighting,
    Workloads,
)
from migrator.domain.steps.estimate import Estimate, Scale, deleted, patched, writing
from migrator.domain.steps.isolating.captive import (
    HEARS,
    Captive,
    OfPod,
    gone,
    heavy,
    is_controlled,
    is_ready,
    listed_in,
    there,
)
from migrator.domain.steps.step import Attention, Needs, Quiet, halt, standing


@dataclass(frozen=True, slots=True)
class LetGo(Quiet):
    """The pod has lost the labels by which it was chosen: no controller owns it, no EndpointSlice lists it, and the
    controller has made another.

    `shares_node`: the other pod needs the ports that this one has, so it waits without a node and that is as it should be.
    `slices` are the EndpointSlices that listed the pod. `patience` is how many seconds another pod may take to be Ready.
    `rows` are the pod's, which have no weight: a pod that was put back meanwhile keeps its labels.
    """

    pod: PodRef
    patch: Json
    slices: tuple[ObjectRef, ...]
    shares_node: bool
    patience: float
    rows: tuple[Weighted, ...] = ()
    needs: ClassVar[Needs] = frozenset({Objects, Pools, Workloads, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the pod."""
        return say("step.let-go", pod=self.pod.name)

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at the pod and at the lists that it was in."""
        return (pod_object(self.pod), *self.slices)

    def estimate(self, scale: Scale) -> Estimate:
        """Write the labels, and wait for another pod."""
        cost = writing(scale, patched((pod_object(self.pod),)))
        return Estimate(cost.expected, cost.expected + self.patience, cost.calls, None)

    def decide(self, seen: Sighting) -> Decision:
        """Take the labels, then wait for what the controllers make of it."""
        pod = there(self.pod, seen)
        if pod is None:
            return gone(self.pod)
        if not holds(pod, self.patch):
            if backends := heavy(self.rows, seen):
                return halt("isolate.has-weight", pod_object(self.pod).name, pod=self.pod.name, backends=backends)
            why = say("let-go.labels", pod=self.pod.name)
            return Do(PatchObject(pod_object(self.pod), self.patch, self.pod.uid), why)
        if is_controlled(pod):
            return self._waiting(seen, say("let-go.owned", pod=self.pod.name))
        found = [each for ref in self.slices if (each := seen[Objects].get(ref)) is not None]
        if named := listed_in(found, self.pod):
            return self._waiting(seen, say("let-go.listed", pod=self.pod.name, slices=tuple(named)))
        return self._replaced(seen)

    def _replaced(self, seen: Sighting) -> Decision:
        workload = seen[Workloads].new
        if self.shares_node:
            if shared := [pod for pod in workload.live if pod.ready and pod.ref.ip == self.pod.ip]:
                return halt("isolate.shares-port", pod_object(self.pod).name, other=shared[0].ref.name)
            waiting = [pod for pod in workload.live if not pod.ref.node]
            if len(workload.live) < workload.wanted:
                return self._waiting(seen, say("let-go.none-yet", workload=str(workload.ref)))
            return Done(say("let-go.pending", pods=tuple(pod.ref.name for pod in waiting)))
        ready = sum(pod.ready for pod in workload.live)
        if ready < workload.wanted:
            return self._waiting(seen, _unready(workload.live, ready, workload.wanted))
        return Done(say("let-go.replaced", ready=ready))

    def _waiting(self, seen: Sighting, why: Message) -> Decision:
        left = self.patience - standing(seen)
        return Wait(why, left) if left > 0 else halt("isolate.not-replaced", pod_object(self.pod).name, why=why)


def _unready(pods: tuple[Pod, ...], ready: int, wanted: int) -> Message:
    trouble = next((pod.trouble for pod in pods if not pod.ready and pod.trouble), None)
    return say("let-go.unready", ready=ready, wanted=wanted, trouble=trouble)


@dataclass(frozen=True, slots=True)
class PutBack(OfPod):
    """The pod has its labels again, its workload's controller owns it, and there is no pod too many.

    Which pod goes is the controller's choice; room was made before. `room` is the pod that goes, and its rows, which have no
    weight: where it is gone meanwhile and others are there in its stead, no room is made, and the labels stay away.
    """

    pod: PodRef
    patch: Json
    patience: float
    room: Captive | None = None
    needs: ClassVar[Needs] = frozenset(
        {Objects, Pools, Workloads, GatewaySignals, ConnectionCounts, JournalFacts, Clocks}
    )

    @property
    def title(self) -> Message:
        """Name the pod."""
        return say("step.put-back", pod=self.pod.name)

    def attends(self, seen: Sighting) -> Attention:
        """Hear what this pod was told."""
        return Attention((self.pod,))

    def estimate(self, scale: Scale) -> Estimate:
        """Write the labels, and wait until the controller has made up its mind."""
        cost = writing(scale, patched((pod_object(self.pod),)))
        return Estimate(cost.expected, cost.expected + self.patience, cost.calls, None)

    def decide(self, seen: Sighting) -> Decision:
        """Tell it to stay, give it its labels, wait for the controller."""
        pod = there(self.pod, seen)
        if pod is None:
            return gone(self.pod)
        if seen[GatewaySignals].word(self.pod) is Word.GO:
            told = say("put-back.tell", pod=self.pod.name)
            return Wait(told) if standing(seen) < HEARS else Do(Tell(Side.NEW, Word.STAY, (self.pod,)), told)
        if not is_ready(pod):  # the controller deletes such a one first
            return self._waiting(seen, say("put-back.unready", pod=self.pod.name))
        if not holds(pod, self.patch):
            if not self._has_room(seen):
                return halt("isolate.no-room", pod_object(self.pod).name, pod=self.pod.name)
            why = say("put-back.labels", pod=self.pod.name)
            return Do(PatchObject(pod_object(self.pod), self.patch, self.pod.uid), why)
        workload = seen[Workloads].new
        ours = [each for each in workload.live if each.ref.uid == self.pod.uid]
        if not ours or len(workload.live) > workload.wanted:
            return self._waiting(seen, say("put-back.waiting", pods=len(workload.live), wanted=workload.wanted))
        return Done(say("put-back.done", pod=self.pod.name))

    def _has_room(self, seen: Sighting) -> bool:
        """Say whether nobody has to go for this pod, or who goes has no weight."""
        workload = seen[Workloads].new
        others = [each.ref for each in workload.live if each.ready and each.ref.uid != self.pod.uid]
        if workload.ref.kind == "DaemonSet":
            too_many = [each for each in others if each.node == self.pod.node]
        else:
            too_many = others if len(others) >= workload.wanted else []
        if not too_many:
            return True
        room = self.room
        return room is not None and room.pod.uid in {each.uid for each in too_many} and not heavy(room.rows, seen)

    def _waiting(self, seen: Sighting, why: Message) -> Decision:
        left = self.patience - standing(seen)
        return Wait(why, left) if left > 0 else halt("isolate.not-adopted", pod_object(self.pod).name, why=why)


@dataclass(frozen=True, slots=True)
class EndPod(OfPod):
    """The pod that was set apart is deleted and gone. Nothing sends it new connections: none of its `rows` has weight."""

    pod: PodRef
    rows: tuple[Weighted, ...] = ()
    needs: ClassVar[Needs] = frozenset({Objects, Pools})

    @property
    def title(self) -> Message:
        """Name the pod."""
        return say("step.end-pod", pod=self.pod.name)

    def estimate(self, scale: Scale) -> Estimate:
        """Delete one object."""
        return writing(scale, deleted((pod_object(self.pod),)))

    def decide(self, seen: Sighting) -> Decision:
        """Delete it once, and wait until it is gone."""
        pod = there(self.pod, seen)
        if pod is None:
            return Done(say("end-pod.done", pod=self.pod.name))
        if text(pod, "metadata", "deletionTimestamp"):
            return Wait(say("end-pod.ending", pod=self.pod.name))
        if backends := heavy(self.rows, seen):
            return halt("isolate.has-weight", pod_object(self.pod).name, pod=self.pod.name, backends=backends)
        return Do(DeleteObject(pod_object(self.pod), self.pod.uid), say("end-pod.delete", pod=self.pod.name))
