"""The guard against drift: a thread's look at what the run rests on in the cluster. It reads, compares and publishes.

Every look is cheap: a list of each kind that configures gateways (specs only), and one object at a time for the rest. What
is silent hides nothing of what answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from migrator.domain.drift.hands import written_by
from migrator.domain.drift.in_two import reached_in
from migrator.domain.drift.meaning import meaning
from migrator.domain.drift.recalled import Recalled, watched_kinds
from migrator.domain.drift.standing import KUBE_SYSTEM, Moved, Rests, Standing, moved
from migrator.domain.drift.surroundings import nodes_moved
from migrator.domain.drift.told import finding
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, holds, items, ref_of, uid_of
from migrator.domain.model.refs import place, source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.observation.drifted import GuardUndone, Undone, WorldDrift
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.outside import Clock, ClusterReader
from migrator.workflow.questions import Questions
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.cluster_reads import ClusterReads

EVERY = 3.0
"""Seconds between two looks: soon enough that an operator sees the cause, seldom enough that the API server does not notice."""

NODES_EVERY = 30.0
"""Seconds between two lists of the nodes."""


@dataclass(frozen=True, slots=True)
class Rested:
    """What is guarded: what the plan rests on, the run's own changes, and what the gateways' own matrix must know.

    `lent`: what a detour makes of the old template for a while, which is nobody else's hand either.
    """

    rests: Rests
    changes: tuple[Change, ...]
    recalled: Recalled
    lent: tuple[Change, ...] = ()

    @property
    def spec(self) -> Spec:
        """Give the spec that names both sides."""
        return self.recalled.spec


def rested(plan: Plan) -> Rested:
    """Give what is guarded for a plan's run."""
    seen, target = plan.seen, target_ref(plan.spec)
    made = (thing for thing in plan.manifests if isinstance(thing, dict) and ref_of(thing) == target)
    source = seen.source if isinstance(seen.source, dict) and seen.source else None
    ports = frozenset(backend.port for backend in seen.new)
    recalled = Recalled(plan.spec, source, next(made, {}), seen.rests.ground, seen.nodes, ports)
    return Rested(seen.rests, plan.changes, recalled, (plan.detour.lend,) if plan.detour else ())


class Guarding:
    """Looks, and publishes what others have changed. It remembers what the new workload was when this process saw it first."""

    def __init__(
        self, rested: Rested, cluster: ClusterReader, board: Board, clock: Clock, questions: Questions
    ) -> None:
        self._rested, self._board, self._clock = rested, board, clock
        self._reads = ClusterReads(cluster, clock, questions)
        self._made: Json = None
        self._nodes: tuple[Message, ...] = ()
        self._listed_at = float("-inf")

    def __call__(self) -> None:
        """Look once. What does not answer is as it was seen last, and the look as old as the oldest of that."""
        rested, reads = self._rested, self._reads
        reads.begin()
        standing, new = self._standing(), self._of_the_new()
        undone = tuple(one for change in rested.changes for one in self._off(change))
        at = reads.oldest
        ours = (*rested.changes, *rested.lent)
        found, led = ([*moved(rested.rests, standing, ours, led), *new] for led in (False, True))
        told = [(one, self._told(one)) for one in (*found, *(each for each in led if each not in found))]
        here = tuple(said for one, said in told if one in found)
        there = tuple(said for one, said in told if one in led)
        self._board.publish(WorldDrift(here, at, there, (*self._around(), *reads.told)), GuardUndone(undone))

    def _standing(self) -> Standing:
        rests, got, spec = self._rested.rests, self._reads.got, self._rested.spec
        at = dict.fromkeys(place(spec, side).at for side in (Side.OLD, Side.NEW))
        here, *there = self._recalled(tuple(at))
        found = reached_in(here, there[0] if there else None)
        objects = {ref: thing for ref, _ in rests.objects for thing in got(ref)}
        first, *second = (self._identity(cluster) for cluster in at)
        return Standing(first, found, objects, second[0] if second else None)

    def _recalled(self, clusters: tuple[str, ...]) -> tuple[Recalled, ...]:
        """Give what the matrix must know, with each cluster's objects as they are now. A kind that one of them does not show
        is left out of both: its objects would seem to be in the other alone."""
        listed = {
            kind.key: [self._reads.listed(kind, cluster) for cluster in clusters]
            for kind in watched_kinds(self._rested.spec)
        }
        shown = {key: rows for key, rows in listed.items() if None not in rows}
        return tuple(
            replace(self._rested.recalled, objects=tuple((key, rows[number] or ()) for key, rows in shown.items()))
            for number in range(len(clusters))
        )

    def _identity(self, cluster: str) -> str | None:
        spaces = self._reads.got(replace(KUBE_SYSTEM, cluster=cluster))
        return next((uid_of(thing) for thing in spaces if thing is not None), None)

    def _of_the_new(self) -> list[Moved]:
        """Give what somebody did to the new workload's template since this process saw it first."""
        ref = target_ref(self._rested.spec)
        for now in self._reads.got(ref):
            self._made = None if now is None else self._made or meaning(now)
            if now is not None:
                return list(moved(Rests(objects=((ref, self._made),)), Standing(objects={ref: now}), ()))
        return []

    def _told(self, one: Moved) -> Finding:
        whole = next(iter(self._reads.got(one.ref)), None)
        return finding(one, whole, source_ref(self._rested.spec))

    def _off(self, change: Change) -> tuple[Undone, ...]:
        """Give the change when it does not stand in each of its forms: which is the right one is for the turn to say."""
        now = next(iter(self._reads.got(change.ref)), None)
        if now is None or uid_of(now) != change.uid:
            return ()
        guarded, leads = holds(now, change.patch), change.after is not None
        led = leads and holds(now, change.after)
        if guarded and (led or not leads):
            return ()
        among = tuple(each for each in self._rested.changes if each.ref == change.ref)
        return (Undone(change, written_by(now), among, guarded, led, self._reads.seen_at(change.ref)),)

    def _around(self) -> tuple[Message, ...]:
        """Tell which nodes have come and gone; a list of a thousand is megabytes, so they are listed seldom.

        They are told and hold nothing, so a list that cannot be had blinds nobody.
        """
        planned, now = self._rested.recalled.nodes, self._clock.monotonic()
        if planned and now - self._listed_at >= NODES_EVERY:
            self._listed_at = now
            spec = self._rested.spec
            hosts = self._reads.hosts(spec.target.node_selector, place(spec, Side.NEW).at)
            if hosts is not None:
                tolerations = items(self._rested.recalled.new_pod, "tolerations")
                self._nodes = nodes_moved({node.name for node in planned}, hosts, tolerations)
        return self._nodes
