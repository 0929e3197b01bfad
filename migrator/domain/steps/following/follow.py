"""The step that is never done: looking after the DaemonSet's nodes once the run is over. Foreign rows are never touched.

What is decided depends on what is seen alone, so a follower that was killed anywhere looks and carries on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Pools, Row, Weighted
from migrator.domain.model.decisions import Decision, Wait
from migrator.domain.observation.nodes import LEAVING, Hosts
from migrator.domain.observation.sighting import (
    Clocks,
    Configs,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Probes,
    Sighting,
    Workloads,
)
from migrator.domain.sides.batches import is_pooled
from migrator.domain.sides.fitness import why_mute
from migrator.domain.steps.estimate import Estimate, Scale
from migrator.domain.steps.following.duties import Duties
from migrator.domain.steps.following.fitness import peers
from migrator.domain.steps.following.position import Disposition, Position
from migrator.domain.steps.following.survey import (
    Survey,
    groundless,
    heavy,
    steady,
    survey,
)
from migrator.domain.steps.step import Attention, Needs, since
from migrator.domain.weights.floors import safe_lowers

MOST_SAID = 3
"""The most troubles in one sentence."""

HELD = "leaving.held"
"""The code that says that the plan holds a node whose connections have not ended by the deadline."""


@dataclass(frozen=True, slots=True)
class Follow(Duties):
    """Every node with a Ready gateway has its peers' weight, and no leaving node is on the balancer. It is never done.

    What it owes each node is in `Duties`; here is the order of the duties, and what a person is told.
    """

    needs: ClassVar[Needs] = frozenset(
        {Pools, Workloads, Hosts, Probes, Configs, GatewaySignals, ConnectionCounts, JournalFacts, Clocks}
    )
    title: ClassVar[Message] = say("step.follow")

    def estimate(self, scale: Scale) -> Estimate:
        """Never be done."""
        return Estimate(0.0, None, (say("estimate.follows"),), None, say("estimate.never-done"))

    def decide(self, seen: Sighting) -> Decision:
        """Raise what is fit and lower what leaves; keep, tell to go, remove, register: the first that is due."""
        if why := groundless(seen):
            return Wait(why)
        view = survey(seen, self.policy)
        for duty in (self._weigh, self._keep_open, self._tell_to_go, self._remove, self._register):
            if (due := duty(view, seen)) is not None:
                return due
        troubles = self._told_of(view, seen)[:MOST_SAID]
        return Wait(say("follow.waiting", tally=_tally(view), underway=self._underway(view, seen), troubles=troubles))

    def attends(self, seen: Sighting) -> Attention:
        """Watch the gateways that come or go, and nobody else."""
        view = survey(seen, self.policy)
        coming = self._coming(view)
        going = [place for place in view.places if place.fate is Disposition.LEAVE or not place.live]
        pods = tuple(pod.ref for place in (*coming, *going) for pod in place.pods if pod.ref.ip)
        probed = tuple(b for place in coming for b in (*self._missing(place), *(r.backend for r in self._idle(place))))
        serving = tuple(place.live[0].ref for place in peers(view)[:1]) if self.tells else ()
        return Attention(pods, probed, serving, tuple(pod.ref for place in coming for pod in place.live))

    def troubles(self, seen: Sighting) -> tuple[Message, ...]:
        """Say what a person should know: drift, nodes that cannot leave, gateways that do not get ready for traffic."""
        if why := groundless(seen):
            return (why,)
        return self._told_of(survey(seen, self.policy), seen)

    # --- weights ---------------------------------------------------------------------------------------------------

    def _underway(self, view: Survey, seen: Sighting) -> tuple[Message, ...]:
        """Say what is on its way and needs nobody."""
        going = [p for p in view.places if p.fate is Disposition.LEAVE and p.rows and not any(r.weight for r in p.rows)]
        leaving = [
            say(
                "follow.leaves",
                node=place.name,
                why=place.why,
                still=self._why_still(place, seen) or say("follow.next"),
            )
            for place in going
        ]
        coming = [place for place in self._coming(view) if place.fate is Disposition.SERVE]
        comes = [say("follow.comes", node=place.name, why=self._why_unfit(place, view, seen)) for place in coming]
        return (*leaving, *comes)

    def _why_unfit(self, place: Position, view: Survey, seen: Sighting) -> Message:
        if self._missing(place) and not steady(place, seen):
            return say("coming.new")
        if self._is_told(place, seen):
            return say("coming.drains")
        reasons = [why_mute(b, seen) for b in self._missing(place)]
        reasons += [self._why_not(place, row, view, seen) for row in self._idle(place)]
        return next(filter(None, reasons), say("follow.next"))

    def _told_of(self, view: Survey, seen: Sighting) -> tuple[Message, ...]:
        serving = {place.address for place in view.places if place.fate is not Disposition.LEAVE}
        said = [view.fault] if view.fault else []
        said += [
            say("follow.drift", backend=str(hand.backend), change=hand.problem)
            for hand in view.hands
            if hand.backend in seen[Pools].weights() or hand.backend.address in serving
        ]
        said += [
            say("follow.last-one", backend=str(row.backend), node=place.name, fate=place.fate, why=place.why)
            for place, row in self._kept(view, seen)
        ]
        for place in view.places:
            said += self._of(place, view, seen)
        return tuple(said)

    def _kept(self, view: Survey, seen: Sighting) -> list[tuple[Position, Row]]:
        rows = heavy(view, Disposition.LEAVE) if is_pooled(seen) else heavy(view, Disposition.LEAVE, Disposition.REST)
        safe = {each.backend for each in safe_lowers(seen[Pools], [Weighted(row.backend, 0) for row in rows])}
        of = {row.backend: place for place in view.places for row in place.rows}
        return [(of[row.backend], row) for row in rows if row.backend not in safe]

    def _of(self, place: Position, view: Survey, seen: Sighting) -> list[Message]:
        if place.fate in (Disposition.REST, Disposition.STAY):
            return [say("follow.idle", node=place.name, fate=place.fate, why=place.why)] if place.rows else []
        if place.fate is Disposition.LEAVE:
            why = self._why_still(place, seen)
            held = why is not None and why.code == HELD and place.rows
            return [say("follow.held", node=place.name)] if held else []
        said = []
        if place.host and place.host.cordoned:
            said.append(say("follow.cordoned", node=place.name, taint=LEAVING))
        if self._unfit_for_long(place, seen):
            said.append(say("follow.not-ready", node=place.name, why=self._why_unfit(place, view, seen)))
        return said

    def _unfit_for_long(self, place: Position, seen: Sighting) -> bool:
        written = since(seen, seen[JournalFacts].settled_at or seen[JournalFacts].entered_at)
        ready = max((since(seen, pod.ready_since) for pod in place.live if pod.ready), default=0.0)
        return min(ready, written) > self.healthy and bool(self._missing(place) or self._idle(place))


def _tally(view: Survey) -> Message:
    nodes = [place for place in view.places if place.host is not None]
    serving = [
        p
        for p in nodes
        if p.fate in (Disposition.SERVE, Disposition.STAY) and p.rows and all(row.weight for row in p.rows)
    ]
    return say("follow.tally", serving=len(serving), nodes=len(nodes))
