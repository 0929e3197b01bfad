"""A stage for the follower: nodes, pods, rows and clients in plain dicts, which change only by the actions it decides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import Action, Deregister, PodRef, Register, SetWeights, Tell, Word
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Scope, Side, Target
from migrator.domain.model.decisions import Decision, Do
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Reading
from migrator.domain.model.spec import DrainSpec, FollowSpec, OnTimeout
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.nodes import Host, Hosts
from migrator.domain.observation.sighting import (
    Clocks,
    Configs,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Probes,
    RunPosition,
    Sighting,
    Workloads,
)
from migrator.domain.steps import Follow
from migrator.domain.steps.following.position import ListenerPort
from migrator.domain.turn.invariants import violations
from tests.domain.seen import NEW_REF, OLD_REF, at

PORT, WEIGHT, POOL = 80, 100, "tg-new"
LONG_AGO = at(-10_000)
TICK = 5.0
CALM = 8
"""Turns without a write after which nothing more will be done: longer than any deadline."""

NO_ANSWER, GOES = verbatim("no answer"), say("node.deleted")
"""What our own request says where nobody answers, and why a node goes."""


@dataclass
class Spot:
    """One address: its node (None: gone), its gateway (None: no pod), and what clients and balancer make of it."""

    number: int
    host: Host | None = None
    pod: Pod | None = None
    well: bool = True
    word: Word | None = Word.STAY
    connections: int | None = 0
    polite: bool = True

    @property
    def address(self) -> str:
        """Give the address."""
        return f"10.1.0.{self.number}"

    @property
    def name(self) -> str:
        """Give the node's name."""
        return f"n-{self.number}"

    @property
    def ready(self) -> bool:
        """Say whether a Ready gateway runs there."""
        return self.pod is not None and self.pod.ready


def spot(number: int, ready: bool = True, gone: bool = False, **more: object) -> Spot:
    """Give a node with a gateway; `leaving`, `cordoned`, `node_ready`, `terminating`, `podless` say what is wrong."""
    made = Spot(number)
    host_keys = {"leaving", "cordoned", "changed_at"}
    told = {key: value for key, value in more.items() if key in host_keys}
    if not gone:
        up = bool(more.get("node_ready", True))
        made.host = Host(made.name, made.address, ready=up, **told)  # type: ignore[arg-type]
    if not more.get("podless"):
        ref = PodRef("edge", f"gw-{number}", f"uid-{number}", made.address, made.name)
        ending = bool(more.get("terminating"))
        since = LONG_AGO if ready else None
        unready = None if ready else more.get("unready_since", LONG_AGO)
        made.pod = Pod(ref, (), ready and not ending, terminating=ending, ready_since=since, unready_since=unready)  # type: ignore[arg-type]
    for key in ("well", "word", "connections", "polite"):
        if key in more:
            setattr(made, key, more[key])
    return made


@dataclass
class Stage:
    """The world of a follower. `rows` holds weights; `meant` what its journal accounts for; `finds_well` whom the
    balancer calls healthy whatever the cluster says."""

    spots: list[Spot]
    rows: dict[Backend, int] = field(default_factory=dict)
    meant: dict[Backend, tuple[int, ...]] = field(default_factory=dict)
    capabilities: Capabilities = Capabilities()
    strangers: dict[Backend, int] = field(default_factory=dict)
    listeners: tuple[str, ...] = ("l-1",)
    written_at: dict[Backend, datetime] = field(default_factory=dict)
    on_timeout: OnTimeout = OnTimeout.CUT
    policy: FollowSpec = FollowSpec()
    tells: bool = True
    exists: bool = True
    finds_well: frozenset[int] = frozenset()
    unlike: tuple[tuple[str, tuple[str, ...]], ...] = ()
    now: float = 100.0
    done: list[Action] = field(default_factory=list)

    @property
    def step(self) -> Follow:
        """Give the step."""
        ports = tuple(ListenerPort(name, PORT, WEIGHT) for name in self.listeners)
        return Follow(7, ports, DrainSpec(20.0, self.on_timeout), self.policy, self.tells, 60.0)

    def stand(self, number: int, weight: int = WEIGHT, meant: int | None = None) -> None:
        """Put an address on every listener, by this follower's own hand unless something else was `meant`."""
        for name in self.listeners:
            backend = Backend(name, f"10.1.0.{number}", PORT)
            self.rows[backend] = weight
            self.meant[backend] = (weight if meant is None else meant,)

    # --- seen --------------------------------------------------------------------------------------------------------

    def health(self, backend: Backend) -> Health:
        """Give what the balancer says: a Ready gateway that is well is healthy."""
        here = next((s for s in self.spots if s.address == backend.address), None)
        if not self.rows.get(backend) and not self.capabilities.health_at_zero:
            return Health.UNKNOWN
        if here and here.number in self.finds_well:
            return Health.HEALTHY
        return Health.HEALTHY if here and here.ready and here.well else Health.UNHEALTHY

    def pools(self) -> Pools:
        """Give every row with its side."""
        pool = POOL if self.capabilities.weights_of is Scope.POOL else ""
        ours = [Row(Target(b, w, self.health(b), pool=pool), Side.NEW) for b, w in sorted(self.rows.items())]
        others = [Row(Target(b, w, Health.HEALTHY, pool="tg-other"), None) for b, w in sorted(self.strangers.items())]
        return Pools((*ours, *others), self.capabilities)

    def configs(self) -> Configs:
        """Give the comparison of every gateway with its peers."""
        return Configs(tuple(s.pod.ref.name for s in self.spots if s.pod), self.unlike)

    def seen(self) -> Sighting:
        """Give the whole sighting."""
        pods = tuple(s.pod for s in self.spots if s.pod is not None)
        readings = tuple(
            Reading(s.pod.ref.name, Side.NEW, 0.0, "1", 0, 0, connections=s.connections) for s in self.spots if s.pod
        )
        words = tuple((s.pod.ref.uid, s.word) for s in self.spots if s.pod and s.word)
        probes = tuple((f"{s.address}:{PORT}", None if s.ready and s.well else NO_ANSWER) for s in self.spots)
        return Sighting(
            RunPosition(State.RUNNING, Heading.FORWARD, say("step.follow")),
            Clocks(at(self.now), 1000.0 + self.now),
            JournalFacts(weights=dict(self.meant), entered_at=at(0), written_at=dict(self.written_at)),
            self.pools(),
            Workloads(Workload(OLD_REF), Workload(NEW_REF, "u" if self.exists else "", pods=pods)),
            Hosts(tuple(s.host for s in self.spots if s.host)),
            ConnectionCounts(readings, (), 1000.0 + self.now),
            GatewaySignals(words),
            Probes(probes),
            self.configs(),
        )

    def decide(self) -> Decision:
        """Decide, shown only what the step needs."""
        return self.step.decide(self.seen().only(self.step.needs))

    # --- done --------------------------------------------------------------------------------------------------------

    def carry_out(self, action: Action) -> None:
        """Do it at once and in whole, and settle it; no rule may be broken by it."""
        seen = self.seen()
        assert (broken := violations(action, seen)) == [], broken
        self.done.append(action)
        if isinstance(action, Tell):
            for each in self.spots:
                each.word = action.word if each.pod and each.pod.ref in action.pods else each.word
        elif isinstance(action, SetWeights):
            for row in action.rows:
                assert row.backend in self.rows, "a row that is not there"
                self.rows[row.backend], self.meant[row.backend] = row.weight, (row.weight,)
                self.written_at[row.backend] = at(self.now)
        elif isinstance(action, Register):
            self.rows |= dict.fromkeys(action.backends, WEIGHT if action.standing else 0)
            self.meant |= {} if action.standing else dict.fromkeys(action.backends, (0,))
        else:
            self._remove(action)

    def _remove(self, action: Action) -> None:
        assert isinstance(action, Deregister)
        for backend in action.backends:
            self.rows.pop(backend, None)
            self.meant.pop(backend, None)
            self.written_at.pop(backend, None)

    def turn(self) -> Decision:
        """Take a turn, and let some time pass in which polite clients of a gateway that was told to go leave."""
        decision = self.decide()
        if isinstance(decision, Do):
            self.carry_out(decision.action)
        self.now += TICK
        for each in self.spots:
            if each.word is Word.GO and each.polite and each.connections:
                each.connections -= 1
        return decision

    def settle(self, turns: int = 400) -> Decision:
        """Take turns until nothing has been done for longer than any deadline; one that never rests fails."""
        idle = 0
        for _ in range(turns):
            decision = self.turn()
            idle = 0 if isinstance(decision, Do) else idle + 1
            if idle > CALM:
                return decision
        raise AssertionError(f"still busy after {turns} turns: {self.done[-5:]}")

    def change(self, number: int, **more: object) -> None:
        """Replace what is at an address."""
        index = next(i for i, each in enumerate(self.spots) if each.number == number)
        before = self.spots[index]
        self.spots[index] = spot(number, **{"word": before.word, "connections": before.connections, **more})  # type: ignore[arg-type]

    def at(self, number: int) -> list[int]:
        """Give an address's weights."""
        return [weight for backend, weight in self.rows.items() if backend.address == f"10.1.0.{number}"]


def three(**more: object) -> Stage:
    """Give three nodes that serve."""
    made = Stage([spot(1), spot(2), spot(3)], **more)  # type: ignore[arg-type]
    for number in (1, 2, 3):
        made.stand(number)
    return made


def pooled(**more: object) -> Capabilities:
    """Give the capabilities of a balancer whose weights are target groups'."""
    return replace(Capabilities(weights_of=Scope.POOL, several_listeners=False), **more)  # type: ignore[arg-type]


def said(stage: Stage) -> str:
    """Give what a person is told."""
    return "; ".join(map(str, stage.step.troubles(stage.seen())))


def kinds(stage: Stage) -> list[str]:
    """Give the kinds of the writes, in their order."""
    return [type(action).__name__ for action in stage.done]


def four(**more: object) -> Stage:
    """Three nodes that serve, and a fourth that is new."""
    stage = three()
    stage.spots.append(spot(4, **more))  # type: ignore[arg-type]
    return stage
