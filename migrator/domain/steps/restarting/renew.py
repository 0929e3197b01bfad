"""The step that takes a few nodes out, lets their gateways be made anew, proves them, and gives them their weight back.

What is decided depends on what is seen alone: a process that was killed anywhere looks, and carries on with the same node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.judging.newest import newest
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import DeleteObject, PodRef, Tell, Word, pod_object
from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Wait
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import DrainSpec
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sighting import (
    Clocks,
    Configs,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Judgement,
    Objects,
    Probes,
    RunPosition,
    Sighting,
    Workloads,
)
from migrator.domain.sides.telling import TELL_AT_ONCE
from migrator.domain.steps.estimate import Estimate, Scale, WayBack
from migrator.domain.steps.prepare import next_change
from migrator.domain.steps.restarting.leaving import ask_cut, may_end, may_go, why_still
from migrator.domain.steps.restarting.place import NodeRows, Place, place
from migrator.domain.steps.restarting.presence import leaves, next_presence, silence
from migrator.domain.steps.restarting.proof import Proof, is_asked, is_told, peer, why_not
from migrator.domain.steps.restarting.zone import Zone, spared
from migrator.domain.steps.step import Attention, Needs, Quiet, standing
from migrator.domain.steps.traffic import ruled

LEAVES, ENDS, STARTS = 10.0, 10.0, 10.0
"""Seconds that clients usually take to leave a gateway that asks them to, its pod to end then, and the next one to be Ready:
its image is on the node already, or comes beside that. The deadlines of all three are in the worst time."""

FEW_AFTER = 3.0
"""So many soaks without requests enough for a verdict are watched; then the next node's turn comes."""


@dataclass(frozen=True, slots=True)
class Renew(Quiet):
    """The gateways of these nodes are of the wanted revision, proved, and have the weight that their nodes had.

    `changes` are what the DaemonSet must hold meanwhile. `rest` is the part of the other nodes' weight that must be well
    before a node is taken out (0: whatever is left); of the nodes of each of `zones` some carry all the time. Forward a node
    that is not fit by its deadline turns the run back; on the way back it is waited for.
    """

    towards: Side
    nodes: tuple[NodeRows, ...]
    changes: tuple[Change, ...]
    drain: DrainSpec
    proof: Proof
    soak: float = 0.0
    rest: float = 1.0
    zones: tuple[Zone, ...] = ()
    needs: ClassVar[Needs] = frozenset(
        {Pools, Workloads, Hosts, Probes, Configs, GatewaySignals, ConnectionCounts, Judgement, JournalFacts, Clocks}
    ) | {Objects, RunPosition, AnswerParity, AskedOfBoth}

    @property
    def title(self) -> Message:
        """Name the nodes."""
        return say("step.renew", nodes=tuple(node.name for node in self.nodes))

    @property
    def climbs(self) -> bool:
        """Be on the climb while more nodes come to the new revision."""
        return self.towards is Side.NEW

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at the DaemonSet."""
        return tuple(dict.fromkeys(change.ref for change in self.changes))

    @property
    def watches(self) -> float:
        """Soak."""
        return self.soak

    @property
    def compares(self) -> bool:
        """Ask both revisions the same questions, where the plan has any."""
        return self.proof.asks and self.towards is Side.NEW

    def asks_both(self, seen: Sighting) -> bool:
        """Ask while a gateway is to be proved."""
        coming = any(at.ready and not at.wrong and at.behind for at in self._places(seen))
        return self.compares and coming and is_asked(seen)

    def stands(self, seen: Sighting) -> bool:
        """Take samples once all have their weight."""
        return all(at.is_done for at in self._places(seen)) if Hosts in seen and Workloads in seen else False

    def estimate(self, scale: Scale) -> Estimate:
        """Take out, drain, end, start, prove, put back, soak."""
        pace, proof, can = scale.pace, self.proof, scale.can
        writes = 2 * len(self.nodes)
        away, joined = (silence(can), can.registers) if leaves(can) else (0.0, 0.0)
        gone = max(min(LEAVES, self.drain.timeout), away)
        expected = 2 * pace.balancer + gone + min(ENDS, proof.grace) + min(STARTS, proof.ready) + joined
        drained = max(self.drain.timeout, away)
        worst = 2 * pace.balancer_most + drained + proof.grace + proof.ready + proof.patience
        calls = (
            say("estimate.renew-weights", weights=writes),
            say("estimate.renew-pods", nodes=len(self.nodes)),
        )
        back = WayBack(weights=pace.balancer, rest=expected)
        return Estimate(expected + self.soak, worst + FEW_AFTER * self.soak, calls, back)

    def attends(self, seen: Sighting) -> Attention:
        """Watch both revisions; prove those that come."""
        coming = [at for at in self._places(seen) if at.right and not at.wrong and at.behind]
        probed = tuple(row.backend for at in coming for row in at.rows)
        compared = tuple(pod.ref for at in coming for pod in at.ready) if self.proof.compares else ()
        model = peer(self.nodes, seen) if compared else ()
        return Attention((), probed, model, compared, both=True)

    def decide(self, seen: Sighting) -> Decision:
        """Give the first duty that is due for any of the nodes; then say what is waited for."""
        if due := next_change(self.changes, seen):
            return due
        places = [at for at in self._places(seen) if not self._is_done(at, seen)]
        if not places:
            return self._soaked(seen)
        for duty in (self._stay, self._weigh, self._go, self._end):
            if (done := duty(places, seen)) is not None:
                return done
        return self._pending(places, seen)

    def _is_done(self, at: Place, seen: Sighting) -> bool:
        return at.is_done

    def _leaves(self, at: Place, seen: Sighting) -> bool:
        """Say whether a node is to lose its weight first."""
        return bool(at.wrong)

    def _places(self, seen: Sighting) -> tuple[Place, ...]:
        return tuple(place(node, self.towards, seen) for node in self.nodes)

    def _stay(self, places: Sequence[Place], seen: Sighting) -> Do | None:
        """Tell those to stay that were to be renewed, and are to serve as they are."""
        told = [pod.ref for at in places if not at.wrong for pod in at.right if is_told(pod, seen)]
        return _tell(self.towards, Word.STAY, told)

    def _weigh(self, places: Sequence[Place], seen: Sighting) -> Do | None:
        raises = tuple(
            Weighted(row.backend, at.recorded[row.backend])
            for at in places
            if at.ready and not self._leaves(at, seen)
            for row in at.out
            if why_not(at, row, self.proof, seen) is None
        )
        leaving = [at for at in places if self._leaves(at, seen)]
        lowers = tuple(row for at in leaving for row in at.heavy) if self._may_be_spared(seen) else ()
        return next_presence(seen[Pools], raises, lowers)

    def _may_be_spared(self, seen: Sighting) -> bool:
        """Say whether the other nodes carry what they should: else nobody else is taken out."""
        mine = {row.backend for node in self.nodes for row in node.rows}
        others = [row for row in seen[Pools].rows if row.side is not None and row.backend not in mine and row.weight]
        for listener in seen[Pools].listeners:
            here = [row for row in others if row.backend.listener == listener]
            if sum(row.carrying for row in here) < self.rest * sum(row.weight for row in here):
                return False
        return spared(self.zones, seen[Pools], mine)

    def _go(self, places: Sequence[Place], seen: Sighting) -> Do | None:
        if not self.proof.tells:
            return None
        staying = [
            pod.ref
            for at in places
            if may_go(at, seen)
            for pod in at.wrong
            if seen[GatewaySignals].word(pod.ref) is Word.STAY
        ]
        return _tell(self.towards.other, Word.GO, staying)

    def _end(self, places: Sequence[Place], seen: Sighting) -> Do | None:
        for at in places:
            if may_go(at, seen) and may_end(at, self.drain, seen):
                pod = at.wrong[0].ref
                return Do(DeleteObject(pod_object(pod), pod.uid), say("renew.end", pod=pod.name, node=at.node.name))
        return None

    def _pending(self, places: Sequence[Place], seen: Sighting) -> Decision:
        """Say what the first of them waits for; a person's yes and a way back come before any wait."""
        said = [self._why(at, seen) for at in places]
        first = next((each for each in said if not isinstance(each, Wait)), said[0])
        return ask_cut(places, self.drain, seen) if isinstance(first, Ask) else first

    def _why(self, at: Place, seen: Sighting) -> Decision:
        if self._leaves(at, seen):
            return why_still(at, self.drain, self._may_be_spared(seen), seen)
        return self.proof.lacking(at, seen, forward=self.towards is Side.NEW)

    def _soaked(self, seen: Sighting) -> Decision:
        past, verdict = seen[JournalFacts], newest(seen)
        left = self.soak - past.soaked
        if self.towards is Side.OLD or left <= 0:
            return Done(say("renew.done", nodes=len(self.nodes), requests=past.requests))
        if verdict.ruling is Ruling.TOO_FEW and standing(seen) >= FEW_AFTER * self.soak:
            return Done(say("renew.done-few", nodes=len(self.nodes), requests=past.requests))
        judge = ruled(seen[Judgement].verdict)
        return Wait(say("renew.soaking", soaked=past.soaked, soak=self.soak, judge=judge), left)


def _tell(side: Side, word: Word, pods: Sequence[PodRef]) -> Do | None:
    now = tuple(pods[:TELL_AT_ONCE])
    return Do(Tell(side, word, now), say("gateways.tell", gateways=len(now), side=side, word=word)) if now else None
