"""Two sides in plain dicts whose pods come, go, crash and change address; they change only by these and by what is decided."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from migrator.domain.messages.message import Message, verbatim
from migrator.domain.model.actions import Action, Deregister, PodRef, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Scope, Side, Target, Weighted
from migrator.domain.model.decisions import Decision, Do, Done
from migrator.domain.model.pod_targets import Door
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Reading
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    JournalFacts,
    Probes,
    RunPosition,
    Sighting,
    Workloads,
)
from migrator.domain.sides.filling import Footing, filled
from migrator.domain.steps import Attach, Shift, Step
from migrator.domain.turn.invariants import violations
from migrator.domain.turn.rules import keep_the_sides
from tests.domain.seen import NEW_REF, NODES, OLD_REF, at, seen
from tests.fakes.world import SPEC

OLD_PORT, NEW_PORT, WEIGHT = 8080, 80, 100
MUTE = verbatim("no answer")
OLD_GROUP, NEW_GROUP = "group-old", "group-new"
FIRST = ("10.0.0.1", "10.0.0.2", "10.0.0.3")
RECORD = tuple(Weighted(Backend("l-1", address, OLD_PORT, OLD_GROUP), WEIGHT) for address in FIRST)
NEW = tuple(Backend("l-1", node.address, NEW_PORT) for node in NODES)
TICK = 1.0
CALM = 40
POOLED = Capabilities(weights_of=Scope.POOL, several_listeners=False)
COMES = "10.0.0.9"


def old_pod(
    address: str, uid: str, ready: bool = True, terminating: bool = False, made_at: datetime | None = None
) -> Pod:
    """Give an old pod."""
    ref = PodRef("edge", f"gw-{uid}", uid, address)
    return Pod(ref, (), ready=ready and not terminating, terminating=terminating, made_at=made_at)


def new_pod(
    index: int, uid: str, ready: bool = True, terminating: bool = False, made_at: datetime | None = None
) -> Pod:
    """Give the pod of a node."""
    node = NODES[index]
    ref = PodRef("edge", f"ds-{uid}", uid, node.address, node.name)
    return Pod(ref, (), ready=ready and not terminating, terminating=terminating, made_at=made_at)


@dataclass
class Ground:
    """The old side's pods by address, the new side's by node, and the balancer's rows with what the run meant."""

    capabilities: Capabilities = Capabilities()
    old: dict[str, Pod] = field(default_factory=lambda: {a: old_pod(a, f"o{i}") for i, a in enumerate(FIRST)})
    new: list[Pod | None] = field(default_factory=lambda: [new_pod(i, f"n{i}") for i in range(len(NODES))])
    rows: dict[Backend, int] = field(default_factory=dict)
    pool: dict[Backend, str] = field(default_factory=dict)
    meant: dict[Backend, tuple[int, ...]] = field(default_factory=dict)
    written: dict[Backend, datetime] = field(default_factory=dict)
    young: set[str] = field(default_factory=set)
    lowering: frozenset[Side] = frozenset()
    exists: bool = True
    heading: Heading = Heading.FORWARD
    state: State = State.RUNNING
    soaked: float = 0.0
    now: float = 100.0
    entered: float = 100.0
    lawless: list[object] = field(default_factory=list)
    done: list[Action] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Put the record and the new side, at 0, on the balancer."""
        if not self.rows:
            self.rows = {row.backend: row.weight for row in RECORD} | dict.fromkeys(NEW, 0)
            self.pool = {row.backend: OLD_GROUP for row in RECORD} | dict.fromkeys(NEW, NEW_GROUP)
            self.meant = {backend: (weight,) for backend, weight in self.rows.items()}

    # --- seen --------------------------------------------------------------------------------------------------------

    def side(self, backend: Backend) -> Side:
        return Side.NEW if backend.port == NEW_PORT else Side.OLD

    def behind(self, backend: Backend) -> Pod | None:
        """Give who answers at a backend."""
        if self.side(backend) is Side.OLD:
            return self.old.get(backend.address)
        return next((pod for pod in self.new if pod and pod.ref.ip == backend.address), None)

    def health(self, backend: Backend) -> Health:
        """Give what the balancer says: the truth, where it can see it."""
        if not self.rows[backend] and not self.capabilities.health_at_zero:
            return Health.UNKNOWN
        pod = self.behind(backend)
        if backend.address in self.young:
            return Health.PENDING
        return Health.HEALTHY if pod and (pod.ready or pod.terminating) else Health.UNHEALTHY

    def pools(self) -> Pools:
        pooled = self.capabilities.weights_of is Scope.POOL
        names = self.pool if pooled else {}
        rows = [
            Row(Target(replace(b, ref=names.get(b, "")), w, self.health(b), pool=names.get(b, "")), self.side(b))
            for b, w in sorted(self.rows.items())
        ]
        return Pools(tuple(rows), self.capabilities)

    def answer(self, backend: Backend) -> Message | None:
        pod = self.behind(backend)
        return None if pod and pod.ready else MUTE

    def past(self) -> JournalFacts:
        """Give what the run's journal says."""
        return JournalFacts(
            weights=dict(self.meant),
            entered_at=at(self.entered),
            written_at=dict(self.written),
            soaked=self.soaked,
            requests=1000,
        )

    def seen(self) -> Sighting:
        """Give the whole sighting."""
        news = tuple(pod for pod in self.new if pod)
        people = Workloads(
            Workload(OLD_REF, "u" if self.exists else "", pods=tuple(self.old.values())),
            Workload(NEW_REF, "u", pods=news),
        )
        footing = Footing(
            RECORD,
            (Door("l-1", OLD_PORT),),
            (Door("l-1", NEW_PORT),),
            {node.name: node.address for node in NODES},
            at=at(0),
            lowering=self.lowering,
        )
        pools, lived = filled(footing, self.pools(), people, self.past())
        asked = {slot.backend for slot in (*lived.old, *lived.new)}
        probes = Probes(tuple((f"{b.address}:{b.port}", self.answer(b)) for b in asked), 1000.0 + self.now)
        counts = [
            Reading(pod.ref.name, side, 0.0, "1", 0, 0, connections=5 if pod.ready else 1)
            for side in Side
            for pod in people.of(side).pods
        ]
        return seen(
            RunPosition(self.state, self.heading, verbatim("step")),
            Clocks(at(self.now), 1000.0 + self.now),
            self.past(),
            pools,
            people,
            probes,
            ConnectionCounts(tuple(counts), (), 1000.0 + self.now),
        ).having(lived)

    # --- done --------------------------------------------------------------------------------------------------------

    def decide(self, step: Step) -> Decision:
        """Decide as the journey does: the sides are kept, then the step speaks."""
        found = self.seen()
        kept = keep_the_sides(SPEC, step, found)
        return kept if kept is not None else step.decide(found.only(step.needs))

    def turn(self, step: Step) -> Decision:
        """Take a turn; what it writes comes true at once, and must break no rule."""
        decision = self.decide(step)
        if isinstance(decision, Do):
            self.lawless += violations(decision.action, self.seen())
            self.carry_out(decision.action)
        self.now += TICK
        return decision

    def carry_out(self, action: Action) -> None:
        self.done.append(action)
        if isinstance(action, SetWeights):
            for row in action.rows:
                self.rows[row.backend], self.meant[row.backend] = row.weight, (row.weight,)
                self.written[row.backend] = at(self.now)
        elif isinstance(action, Register):
            for backend in action.backends:
                group = self.pool[backend] = backend.ref or NEW_GROUP
                pooled = [w for b, w in self.rows.items() if self.pool[b] == group] if action.standing else []
                self.rows.setdefault(backend, max(pooled, default=0))
                self.meant.setdefault(backend, (self.rows[backend],))
                if action.standing:
                    self.written.setdefault(backend, at(self.now))
        elif isinstance(action, Deregister):
            for backend in action.backends:
                self.rows.pop(backend, None)
                self.meant.pop(backend, None)
                self.written.pop(backend, None)

    def until_done(self, step: Step, turns: int = 200) -> Decision:
        """Take turns until the step is done; give the last decision."""
        self.entered, self.soaked = self.now, 0.0
        for _ in range(turns):
            decision = self.turn(step)
            if isinstance(decision, Done):
                break
        return decision

    def rest(self, step: Step, turns: int = CALM) -> None:
        """Take so many turns."""
        for _ in range(turns):
            self.turn(step)

    # --- what comes and goes -----------------------------------------------------------------------------------------

    def end(self, address: str) -> None:
        """Begin to end an old pod."""
        if pod := self.old.get(address):
            self.old[address] = replace(pod, ready=False, terminating=True)

    def vanish(self, address: str) -> None:
        self.old.pop(address, None)

    def come(self, address: str, ready: bool = True) -> None:
        """Let an old pod have this address, instead of whoever had it."""
        self.old[address] = old_pod(address, f"o{self.now:g}-{address}", ready, made_at=at(self.now))

    def strays(self) -> list[Backend]:
        """Give the rows that are in the other side's group."""
        home = {Side.OLD: OLD_GROUP, Side.NEW: NEW_GROUP}
        return [backend for backend in self.rows if self.pool.get(backend, "") != home[self.side(backend)]]

    def old_weights(self) -> dict[str, int]:
        return {b.address: w for b, w in self.rows.items() if b.port == OLD_PORT}

    @property
    def share(self) -> float:
        return self.pools().share() or 0.0


def shift(share: float, soak: float = 0.0) -> Shift:
    """Give the step of a share."""
    return Shift(Side.NEW, share, RECORD, NODES, soak=soak, settle=30.0, patience=60.0)


ATTACH_OLD = Attach(Side.OLD, tuple(row.backend for row in RECORD), 120.0)
RESTORE = Shift(Side.OLD, 0.0, RECORD, settle=60.0)


def at_share(share: float, capabilities: Capabilities | None = None) -> Ground:
    """Give a ground that stands at a share."""
    ground = Ground(capabilities or Capabilities())
    ground.until_done(shift(share))
    assert not ground.lawless
    ground.done.clear()
    ground.soaked = 5.0
    return ground
