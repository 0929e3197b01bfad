"""The first steps: the pod is marked, gets no new connection, and loses its last one. It stays its controller's meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject, PodRef, SetWeights, Tell, Word
from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Wait
from migrator.domain.model.manifests import Json, ObjectRef, holds
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Objects,
    Sighting,
)
from migrator.domain.sides.batches import next_weights
from migrator.domain.steps.connections import connections_of, is_counted_here
from migrator.domain.steps.estimate import Estimate, Scale, patched, writing
from migrator.domain.steps.isolating.captive import Captive, gone, there
from migrator.domain.steps.step import Attention, Needs, Quiet, elapsed, since


@dataclass(frozen=True, slots=True)
class SetAside(Quiet):
    """The pod carries our mark, and each of its rows has weight 0 that has reached the data plane.

    `mark` is a merge patch of the pod; by what it writes there, the pod can be put back without any store.
    """

    captive: Captive
    mark: Json
    needs: ClassVar[Needs] = frozenset({Pools, Objects, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the pod."""
        return say("step.set-aside", pod=self.captive.pod.name)

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at the pod."""
        return (self.captive.ref,)

    def estimate(self, scale: Scale) -> Estimate:
        """Write the mark, and a batch of weights."""
        return writing(scale, patched((self.captive.ref,)))

    def decide(self, seen: Sighting) -> Decision:
        """Mark it, take its weight as soon as the others carry, and wait for the data plane."""
        pod, pools = there(self.captive.pod, seen), seen[Pools]
        if pod is None:
            return gone(self.captive.pod)
        if not holds(pod, self.mark):
            why = say("aside.mark", pod=self.captive.pod.name)
            return Do(PatchObject(self.captive.ref, self.mark, self.captive.pod.uid), why)
        now = pools.weights()
        heavy = [Weighted(row.backend, 0) for row in self.captive.rows if now.get(row.backend)]
        if batch := next_weights(pools, (), heavy):
            return Do(SetWeights(batch), say("aside.zero", pod=self.captive.pod.name))
        if heavy:
            return Wait(say("aside.last-one", backend=str(heavy[0].backend)))
        left = pools.capabilities.settle - self._quiet_for(seen)
        return Wait(say("aside.settling"), left) if left > 0 else Done(say("aside.done", pod=self.captive.pod.name))

    def _quiet_for(self, seen: Sighting) -> float:
        written = seen[JournalFacts].written_at
        ours = [written[row.backend] for row in self.captive.rows if row.backend in written]
        return min((since(seen, at) for at in ours), default=seen[Pools].capabilities.settle)


@dataclass(frozen=True, slots=True)
class Empty(Quiet):
    """A pod at weight 0 has been told to go and has no live connection, or the deadline passed with consent.

    Nobody cuts anything here: what is left when a person says yes stays connected to the pod.
    """

    pod: PodRef
    timeout: float
    on_timeout: OnTimeout
    tells: bool = True
    needs: ClassVar[Needs] = frozenset({Pools, GatewaySignals, ConnectionCounts, Hosts, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the pod."""
        return say("step.empty", pod=self.pod.name)

    def attends(self, seen: Sighting) -> Attention:
        """Count this pod alone."""
        return Attention((self.pod,))

    def estimate(self, scale: Scale) -> Estimate:
        """Wait for the last connection, or the deadline."""
        worst = None if self.on_timeout is OnTimeout.HOLD else self.timeout + scale.pace.cluster_most
        return Estimate(self.timeout, worst, (say("estimate.empty", pod=self.pod.name),), None)

    def decide(self, seen: Sighting) -> Decision:
        """Tell it to go, then wait for silence."""
        if self.tells and seen[GatewaySignals].word(self.pod) is Word.STAY:
            return Do(Tell(Side.NEW, Word.GO, (self.pod,)), say("empty.tell", pod=self.pod.name))
        left = connections_of(seen, (self.pod,))
        if left == 0 and is_counted_here(seen):
            return Done(say("empty.done", pod=self.pod.name))
        remaining = self.timeout - elapsed(seen)
        if remaining > 0:
            return Wait(say("empty.waiting", pod=self.pod.name, connections=left), remaining)
        if self.on_timeout is OnTimeout.CUT or seen[JournalFacts].said_yes("empty.ask"):
            return Done(say("empty.left", pod=self.pod.name, connections=left))
        return Ask(say("empty.ask", pod=self.pod.name, connections=left, timeout=self.timeout))
