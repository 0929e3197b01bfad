"""One look at the world for one turn: what the chain and the step need, as a frozen Sighting. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import BalancerWrite, OpState, PodRef
from migrator.domain.model.balancer import Backend, Pools, pools, sides
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.pod_targets import claimed, left_by
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.runs import RequestKind, Run
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sighting import (
    Clocks,
    Configs,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Judgement,
    Objects,
    OpenWrite,
    PreflightResult,
    Probes,
    Requests,
    RunPosition,
    Sighting,
    Stale,
    Witnessed,
    Workloads,
)
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.outside import Clock, Readers
from migrator.domain.steps import Step
from migrator.domain.turn import rules
from migrator.domain.turn import settling as writes
from migrator.domain.turn.journeys import Journey
from migrator.workflow.watching.board import Board

T = TypeVar("T")
Missed: TypeAlias = dict[type[object], Message]
Silence: TypeAlias = "tuple[type[Unreachable] | type[Refused], ...]"

EMPTY: tuple[object, ...] = (
    ConnectionCounts(),
    GatewaySignals(),
    Judgement(),
    Witnessed(),
    Configs(),
    Probes(),
    PreflightResult(None),
)
"""What the watch has not seen yet: nothing is known, which is never good news."""


LISTED_EVERY = 2.0
"""Seconds between two lists of the nodes."""


@dataclass(frozen=True, slots=True)
class Known:
    """The last successful look at each system; it stands in while the system does not answer."""

    workloads: Workloads | None = None
    pools: Pools | None = None
    hosts: Hosts | None = None


class Look:
    """Looks for one run. Remembers only what was last seen, for the turns in which a system does not answer."""

    def __init__(self, readers: Readers, plan: Plan, board: Board, clock: Clock) -> None:
        self._readers, self._plan, self._board, self._clock = readers, plan, board, clock
        self._known = Known()
        self._listed_at = float("-inf")

    def __call__(self, run: Run, step: Step, past: JournalFacts, requests: Requests) -> Sighting:
        """Give the sighting of this turn. Raises Unreachable only while the balancer has never answered at all."""
        missed: Missed = {}
        journey = self._plan.journey(run.heading)
        silence = silences(journey, requests)
        workloads = self._try(Workloads, self._workloads, missed, silence) or self._known.workloads
        hosts = self._try(Hosts, self._hosts, missed, silence) if Hosts in step.needs else None
        hosts = hosts or self._known.hosts
        followed = self._followed(hosts, past) if journey.claims_every_node else ()
        ours = (*self._plan.seen.new, *followed)
        seen = self._try(Pools, lambda: self._pools(workloads, ours, past), missed) or self._known.pools
        if seen is None:
            raise Unreachable(say("look.nothing", why=tuple(missed.values())))
        self._known = Known(workloads, seen, hosts)
        workloads = workloads or presumed(self._plan, past)
        past = replace(past, open=self._polled(past, missed))
        facets: list[object] = [workloads, seen, past, requests, RunPosition(run.state, run.heading, step.title)]
        refs = step.objects + (writes.objects(past.open.action) if past.open else ())
        objects = self._try(Objects, lambda: self._objects(refs), missed, silence)
        if objects is not None:
            facets.append(objects)
        now = Clocks(self._clock.now(), self._clock.monotonic())
        facets += [hosts] if hosts is not None else []
        everything = Sighting(*EMPTY, *self._board.facets(), *facets, now, Stale(tuple(missed.items())))
        return everything.only(rules.NEEDS | step.needs | {Objects})

    def _try(
        self, facet: type[object], reading: Callable[[], T], missed: Missed, silence: Silence = (Unreachable,)
    ) -> T | None:
        try:
            return reading()
        except silence as error:
            missed[facet] = error.message
            return None

    def _workloads(self) -> Workloads:
        spec, cluster = self._plan.spec, self._readers.cluster
        return Workloads(cluster.workload(source_ref(spec)), cluster.workload(target_ref(spec)))

    def _hosts(self) -> Hosts:
        """List the nodes, at most every few seconds: a list of a thousand is megabytes."""
        now = self._clock.monotonic()
        if self._known.hosts is not None and now - self._listed_at < LISTED_EVERY:
            return self._known.hosts
        found = self._readers.cluster.hosts(self._plan.spec.target.node_selector)
        self._listed_at = now
        return Hosts(found)

    def _followed(self, hosts: Hosts | None, past: JournalFacts) -> tuple[Backend, ...]:
        """Give what a follower calls its own besides the plan's backends: what it accounts for, and every node's doors."""
        doors = dict.fromkeys((backend.listener, backend.port) for backend in self._plan.seen.new)
        addresses = [host.address for host in hosts.found if host.address] if hosts else []
        return (*past.weights, *(Backend(name, at, port) for name, port in doors for at in addresses))

    def _pools(self, workloads: Workloads | None, ours: Iterable[Backend], past: JournalFacts) -> Pools:
        balancer, seen = self._readers.balancer, self._plan.seen
        targets, ports = balancer.targets(), seen.scattered.ports
        living = [pod.ref.ip for pod in workloads.old.live] if workloads else []
        new = (*ours, *claimed(ports, workloads.new.pods if workloads else ()))
        of = sides(targets, (row.backend for row in seen.old), new, living, left_by(ports, past.weights))
        return pools(targets, of, balancer.capabilities())

    def _objects(self, refs: tuple[ObjectRef, ...]) -> Objects:
        found = {ref: self._readers.cluster.get(ref) for ref in dict.fromkeys(refs)}
        return Objects({ref: manifest for ref, manifest in found.items() if manifest is not None})

    def _polled(self, past: JournalFacts, missed: Missed) -> OpenWrite | None:
        write = past.open
        if write is None or write.op is None:
            return write
        op = write.op
        if not isinstance(write.action, BalancerWrite) or not op.id:
            return replace(write, state=OpState.DONE)
        state = self._try(Pools, lambda: self._readers.balancer.poll(op), missed)
        return replace(write, state=state or OpState.RUNNING)


def silences(journey: Journey, requests: Requests) -> Silence:
    """Give what counts as no answer of the cluster: when a rollback is asked for, and on some journeys, a refusal too.

    An expired token must not keep weights from going back; only the balancer can do that.
    """
    asked = any(request.kind is RequestKind.ROLLBACK for request in requests.pending)
    return (Unreachable, Refused) if asked or journey.refusals_are_silence else (Unreachable,)


def presumed(plan: Plan, past: JournalFacts) -> Workloads:
    """Give what must be assumed while the cluster has not answered this process once: pods that nobody can read.

    They stand in for connections that are unknown, never 0. The old side is there while this run accounts for its rows.
    """
    spec, seen = plan.spec, plan.seen
    namespace = spec.cluster.namespace
    old = tuple(row.backend for row in seen.old)
    new = (*seen.new, *left_by(seen.scattered.ports, past.weights.keys() - set(old)))
    uid = seen.source_uid if any(backend in past.weights for backend in old) else ""
    return Workloads(
        Workload(source_ref(spec), uid, pods=_unread(namespace, old)),
        Workload(target_ref(spec), pods=_unread(namespace, new)),
    )


def _unread(namespace: str, backends: tuple[Backend, ...]) -> tuple[Pod, ...]:
    addresses = dict.fromkeys(backend.address for backend in backends)
    return tuple(Pod(PodRef(namespace, f"at {address}", "", address), (), ready=False) for address in addresses)
