"""One look at the world for one turn: what the chain and the step need, as a frozen Sighting. It changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias, TypeVar

from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.messages.errors import Denied, Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import BalancerWrite, Op, OpState
from migrator.domain.model.balancer import Backend, Pools
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.outside.warned import LogLook
from migrator.domain.model.runs import Heading, RequestKind, Run
from migrator.domain.observation.drifted import Drifted, GuardUndone
from migrator.domain.observation.gating import Ahead, Called, Frozen, Heard
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sides import Vouched, Waived
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
from migrator.domain.planning.detour.phases import phased
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.timeline.ahead import ahead
from migrator.domain.ports.outside import Clock, Readers
from migrator.domain.sides.filling import filled
from migrator.domain.sides.vouching import told_of_before, vouching
from migrator.domain.steps import Step
from migrator.domain.turn import rules
from migrator.domain.turn import settling as writes
from migrator.domain.turn.journeys import Journey
from migrator.domain.turn.live import overridden
from migrator.workflow.looking.drifting import drifted
from migrator.workflow.looking.node_lists import NodeLists
from migrator.workflow.looking.whose import People, Standing, presumed, told_apart
from migrator.workflow.noticing.listed import workloads
from migrator.workflow.questions import Questions, Reading
from migrator.workflow.watching.board import Board

log = logging.getLogger(__name__)

T = TypeVar("T")
Missed: TypeAlias = "dict[type[object], Unreachable | Refused]"

EMPTY: tuple[object, ...] = (
    ConnectionCounts(),
    GatewaySignals(),
    Judgement(),
    Witnessed(),
    GuardUndone(),
    Configs(),
    Probes(),
    PreflightResult(None),
    AnswerParity(),
    AskedOfBoth(),
    LogLook(),
    Frozen(looked=False),
    Heard(),
    Called(),
)
"""What the watch has not seen yet: nothing is known, which is never good news."""


CLUSTER_LATE, BALANCER_LATE = say("look.cluster-late"), say("look.balancer-late")

BALANCER_WAIT = 5.0
"""Seconds that a turn waits for the balancer. After that the guard decides on what was seen last."""


@dataclass(frozen=True, slots=True)
class Known:
    """The last successful look at each system; it stands in while the system does not answer."""

    workloads: Workloads | None = None
    pools: Pools | None = None
    hosts: Hosts | None = None


class Look:
    """Looks for one run. Remembers only what was last seen, for the turns in which a system does not answer."""

    def __init__(
        self,
        readers: Readers,
        plan: Plan,
        board: Board,
        clock: Clock,
        questions: Questions,
        vouched: tuple[Vouched, ...] = (),
        starter: str = "",
    ) -> None:
        self._readers, self._plan, self._board, self._clock = readers, plan, board, clock
        self._questions = questions
        self.vouched, self._starter = vouched, starter
        self._known = Known()
        self._strangers: set[Backend] = set()
        self._began = clock.monotonic()
        self._nodes = NodeLists(plan, readers.cluster, clock)
        self._set: Mapping[str, float] = {}
        self._ahead = ahead(plan)

    def __call__(self, run: Run, step: Step, past: JournalFacts, requests: Requests) -> Sighting:
        """Give the sighting of this turn. Raises Unreachable only while the balancer has never answered at all.

        A refusal is no more than silence here: a reason to hold, and never one to look at nothing else.
        """
        missed: Missed = {}
        journey = self._plan.journey(run.heading)
        refs = step.objects + (writes.objects(past.open.action) if past.open else ())
        asked = self._ask(step, past, refs)
        deadline = self._clock.monotonic() + patience(journey, requests)
        people = self._cluster(Workloads, deadline, missed) or self._known.workloads
        # where no step and no row rests on the nodes, a list that cannot be had holds nothing
        rests = Hosts in step.needs or self._nodes.by_node
        hosts = (
            self._cluster(Hosts, deadline, missed if rests else {}) if Hosts in asked else None
        ) or self._known.hosts
        self._known = replace(self._known, workloads=people, hosts=hosts)
        if (standing := self._standing(missed)) is not None:
            self._known = replace(self._known, pools=self._told_apart(standing, past, deadline, journey, missed))
        people, hosts, seen = self._known.workloads, self._known.hosts, self._known.pools
        if seen is None:
            raise Unreachable(say("look.nothing", why=tuple(error.message for error in missed.values())))
        past = replace(past, open=self._polled(past, missed))
        objects = self._cluster(Objects, deadline, missed) if Objects in asked else Objects({})
        position = RunPosition(
            run.state, run.heading, step.title, run.why, run.id, self._plan.digest, run.updated_at, self._starter
        )
        watched = self._board.facets()
        now = Clocks(self._clock.now(), self._clock.monotonic())
        others = self._drifted(seen, watched, past, now) if journey.guarded else Drifted()
        plan = phased(self._plan, people, past)
        people = people or presumed(plan, past)
        seen, lived = filled(self._nodes.ground(plan, hosts, people), seen, people, past)
        if Pools not in missed and Workloads not in missed:
            self.vouched = vouching(self.vouched, lived, seen.capabilities, self._clock.now())
        lived = told_of_before(lived, self.vouched)
        waived = Waived(step.empties if journey.may_empty else frozenset())
        facets = (
            people,
            seen,
            lived,
            past,
            requests,
            others,
            position,
            hosts,
            objects,
            self._coming(run, past),
            waived,
        )
        there = (facet for facet in facets if facet is not None)
        everything = Sighting(*EMPTY, *watched, *there, now, stale(missed))
        return everything.only(rules.NEEDS | step.needs | {Objects, AskedOfBoth, Waived})

    def _coming(self, run: Run, past: JournalFacts) -> Ahead:
        """Give what the plan, and what was set since, say of the step ahead; nothing on a way back, which waits for no gate."""
        if past.live != self._set:
            steps = tuple(overridden(step, past.live) for step in self._plan.steps)
            self._set, self._ahead = past.live, ahead(replace(self._plan, steps=steps))
        forward = run.heading is Heading.FORWARD and run.cursor < len(self._ahead)
        return self._ahead[run.cursor] if forward else Ahead()

    def _drifted(self, seen: Pools, watched: tuple[object, ...], past: JournalFacts, now: Clocks) -> Drifted:
        unlike_since = self._began if self._board.wish.parity else None
        return drifted(self._plan, self._readers, seen, watched, past, now, unlike_since)

    def changed(self) -> None:
        """Take in that this process has just written: what is being asked now says how it was before."""
        self._questions.forget()

    def _ask(self, step: Step, past: JournalFacts, refs: tuple[ObjectRef, ...]) -> frozenset[type[object]]:
        """Begin every question of this turn, side by side, and give the facets that are asked for."""
        balancer, plan = self._readers.balancer, self._plan
        due: dict[type[object], tuple[Reading, object]] = {
            Workloads: (partial(workloads, self._readers.cluster, plan.spec, plan.seen.former), None),
            Pools: (lambda: (balancer.targets(), balancer.capabilities()), None),
        }
        if self._nodes.due(Hosts in step.needs, self._known.workloads):
            due[Hosts] = self._nodes.read, None
        if refs:
            due[Objects] = lambda: self._objects(refs), refs
        if (op := asked_about(past.open)) is not None:
            due[OpState] = lambda: balancer.poll(op), op
        for kind, (reading, of) in due.items():
            self._questions.begin(kind.__name__, reading, of)
        return frozenset(due)

    def _cluster(self, facet: type[T], deadline: float, missed: Missed) -> T | None:
        found: T | None = self._answer(facet.__name__, facet, deadline, CLUSTER_LATE, missed)
        return found

    def _answer(self, name: str, facet: type[object], deadline: float, late: Message, missed: Missed) -> Any:
        try:
            return self._questions.answer(name, deadline - self._clock.monotonic(), late)
        except (Unreachable, Refused) as error:
            missed[facet] = error
        except Exception as error:  # whatever a library raises, it ends no driver
            log.debug("look.broken what=%s", name, exc_info=True)
            missed[facet] = Unreachable(say("look.broken", what=name, error=type(error).__name__))
        return None

    def _followed(self, hosts: Hosts | None, past: JournalFacts) -> tuple[Backend, ...]:
        """Give what a follower calls its own besides the plan's backends: what it accounts for, and every node's ports."""
        ports = dict.fromkeys((backend.listener, backend.port) for backend in self._plan.seen.new)
        addresses = [host.address for host in hosts.found if host.address] if hosts else []
        return (*past.weights, *(Backend(name, at, port) for name, port in ports for at in addresses))

    def _standing(self, missed: Missed) -> Standing | None:
        deadline = self._clock.monotonic() + BALANCER_WAIT
        found: Standing | None = self._answer(Pools.__name__, Pools, deadline, BALANCER_LATE, missed)
        return found

    def _told_apart(
        self, standing: Standing, past: JournalFacts, deadline: float, journey: Journey, missed: Missed
    ) -> Pools:
        """Tell whose each row is. Before one is called foreign, pods and nodes are listed afresh: it may have come with a pod
        that was made after they were listed."""
        seen = self._whose(standing, past, journey)
        strangers = {row.backend for row in seen.of(None) if row.weight} - {
            row.backend for row in self._plan.seen.strangers
        }
        if strangers <= self._strangers or missed:
            return seen
        plan = self._plan
        afresh = partial(workloads, self._readers.cluster, plan.spec, plan.seen.former, afresh=True)
        self._questions.begin(Workloads.__name__, afresh, "afresh")
        self._known = replace(
            self._known, workloads=self._cluster(Workloads, deadline, missed) or self._known.workloads
        )
        if self._nodes.by_node and not missed:
            self._questions.begin(Hosts.__name__, self._nodes.read)
            self._known = replace(self._known, hosts=self._cluster(Hosts, deadline, missed) or self._known.hosts)
        seen = self._whose(standing, past, journey)
        self._strangers = set() if missed else {row.backend for row in seen.of(None) if row.weight}
        return seen

    def _whose(self, standing: Standing, past: JournalFacts, journey: Journey) -> Pools:
        known = self._known
        ours = self._followed(known.hosts, past) if journey.claims_every_node else ()
        hosts = known.hosts.found if known.hosts else ()
        plan = phased(self._plan, known.workloads, past)
        return told_apart(plan, standing, People(known.workloads, hosts, ours), past)

    def _objects(self, refs: tuple[ObjectRef, ...]) -> Objects:
        found = {ref: self._readers.cluster.get(ref) for ref in dict.fromkeys(refs)}
        return Objects({ref: manifest for ref, manifest in found.items() if manifest is not None})

    def _polled(self, past: JournalFacts, missed: Missed) -> OpenWrite | None:
        write = past.open
        if write is None or write.op is None:
            return write
        if asked_about(write) is None:
            return replace(write, state=OpState.DONE)
        deadline = self._clock.monotonic() + BALANCER_WAIT
        state = self._answer(OpState.__name__, Pools, deadline, BALANCER_LATE, missed)
        return replace(write, state=state or OpState.RUNNING)


def asked_about(write: OpenWrite | None) -> Op | None:
    """Give what the balancer is asked about an open write; None where it has nothing to say."""
    op = write.op if write is not None and isinstance(write.action, BalancerWrite) else None
    return op if op is not None and op.id else None


def patience(journey: Journey, requests: Requests) -> float:
    """Give the seconds that a turn waits for the cluster: few on the way back, or when that is asked for."""
    asked = any(request.kind is RequestKind.ROLLBACK for request in requests.pending)
    return journey.back.waits if asked and journey.back is not None else journey.waits


def stale(missed: Missed) -> Stale:
    """Give what could not be looked at, and which of it because nobody lets us in."""
    denied = frozenset(facet for facet, error in missed.items() if isinstance(error, Denied))
    return Stale(tuple((facet, error.message) for facet, error in missed.items()), denied)
