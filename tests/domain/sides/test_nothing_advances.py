"""Random worlds in which pods of both sides come, go, crash and change address between any two turns, while the cluster, the
balancer and the gateways fall silent or let nobody in: what a run may write then, from the first share to the last deletion.

What is asserted is read off the world itself, never off what the run says of its way back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Action, DeleteObject, Deregister, SetWeights, Tell, Word
from migrator.domain.model.balancer import Backend, Capabilities, Pools, Side
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, TurnBack
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import (
    ConnectionCounts,
    GatewaySignals,
    Judgement,
    Objects,
    Sighting,
    Stale,
    Workloads,
)
from migrator.domain.steps import Detach, Drain, Retire, Step
from migrator.domain.turn.decide import decide
from migrator.domain.turn.invariants import violations
from migrator.domain.turn.journeys import BACK, FORWARD
from tests.domain.seen import OLD_REF, verdict
from tests.domain.sides.ground import ATTACH_OLD, FIRST, NEW, RECORD, RESTORE, WEIGHT, Ground, new_pod, shift
from tests.fakes.world import SPEC

COMES = ("10.0.0.8", "10.0.0.9")
ROUTE: tuple[Step, ...] = (
    shift(10, soak=2.0),
    shift(50, soak=2.0),
    shift(90, soak=2.0),
    shift(100, soak=2.0),
    Drain(Side.OLD, 30.0, OnTimeout.CUT, asks_after=60.0),
    Detach(Side.OLD, OnTimeout.CUT, 0.0, asks_after=60.0),
    Retire(OLD_REF, "u", (), (), asks_after=60.0),
)
BLIND, SLOW = Capabilities(health_at_zero=False), Capabilities(batch=1)
SILENT = verbatim("no answer")
ENOUGH = len(RECORD) * WEIGHT
"""The old side's whole record: what must be able to come back before anything more is given away."""


@dataclass
class World(Ground):
    """A ground on which a whole run goes forward by the journey's own chain of rules; some systems may not answer."""

    cursor: int = 0
    stood: float = 0.0
    signals: dict[str, Word] = field(default_factory=dict)
    dark: set[type[object]] = field(default_factory=set)
    known: dict[type[object], object] = field(default_factory=dict)
    turned: bool = False

    @property
    def step(self) -> Step:
        return ROUTE[self.cursor]

    def looked(self) -> Sighting:
        """Give a sighting as a look gives it: what does not answer is as it was seen last, and called stale."""
        now = super().seen()
        told = GatewaySignals(tuple(self.signals.items()))
        there = {"metadata": {"name": OLD_REF.name, "namespace": OLD_REF.namespace, "uid": "u"}}
        objects = Objects({OLD_REF: {"apiVersion": "apps/v1", "kind": "Deployment", **there}} if self.exists else {})
        # a judge that is always content: only the rules of the way back keep this run from going on
        judged = Judgement(verdict(Ruling.PASS).verdict, at=1000.0 + self.now)
        for facet in (Workloads, Pools, Sides):
            source = Workloads if facet is Sides else facet
            if source in self.dark and facet in self.known:
                now = now.having(self.known[facet])
            else:
                self.known[facet] = now[facet]
        stale = Stale(tuple((facet, SILENT) for facet in (Workloads, Pools) if facet in self.dark))
        counts = ConnectionCounts() if Workloads in self.dark else now[ConnectionCounts]
        return now.having(told).having(objects).having(judged).having(stale).having(counts)

    def advance(self) -> Decision:
        """Take a turn of the run forward; check what it writes against the world as it is."""
        seen = self.looked()
        decision = decide(FORWARD, SPEC, self.step, seen)
        if isinstance(decision, Do):
            self.lawless += violations(decision.action, seen)
            if reason := self.advances(decision.action):
                assert not self.dark, f"{reason} while something does not answer"
                assert self.returnable() >= ENOUGH, f"{reason} with {self.returnable()} of {ENOUGH} to go back to"
            self.carry_out(decision.action)
            self.stood = max(self.stood, self.share)
        watched = not isinstance(decision, Do) and not self.dark and self.step.stands(seen)
        self.soaked += 1.0 if watched else 0.0
        if isinstance(decision, Done) and self.cursor + 1 < len(ROUTE):
            self.cursor, self.soaked, self.entered = self.cursor + 1, 0.0, self.now
        self.turned = isinstance(decision, (TurnBack, Halt, Ask)) or not self.exists
        self.now += 1.0
        return decision

    def advances(self, action: Action) -> str:
        """Say what an action gives away; "" for one that keeps things as they are."""
        match action:
            case SetWeights():
                given = {row.backend: row.weight for row in action.rows}
                more = [b for b in NEW if given.get(b, 0) > self.rows.get(b, 0)]
                after = replace(self, rows={**self.rows, **given})
                return f"more than {self.stood:.1f} %" if more and after.share > self.stood + 0.5 else ""
            case Tell(side=Side.OLD, word=Word.GO):
                return "a word to go"
            case Deregister():
                return "a removal" if any(self.old.get(b.address) for b in action.backends if is_old(b)) else ""
            case DeleteObject():
                return "the deletion"
            case _:
                return ""

    def returnable(self) -> int:
        """Give the recorded weight of the old pods that live now. Before they are told to go, they must be Ready as well."""
        told = self.cursor > DRAIN or Word.GO in self.signals.values()
        return WEIGHT * sum(1 for pod in self.old.values() if not pod.terminating and (told or pod.ready))

    def carry_out(self, action: Action) -> None:
        if isinstance(action, Tell):
            self.signals.update({pod.uid: action.word for pod in action.pods})
        if isinstance(action, DeleteObject):
            self.exists = False
        super().carry_out(action)

    def move(self, address: str) -> None:
        """Let an old pod be replaced by one at another address."""
        self.vanish(address)
        self.come(COMES[0])

    def calm(self, turns: str) -> None:
        """Let so many turns pass in which nothing happens."""
        for _ in range(int(turns)):
            if not self.turned:
                self.advance()


DRAIN = next(i for i, step in enumerate(ROUTE) if isinstance(step, Drain))


def is_old(backend: Backend) -> bool:
    return backend not in NEW


ADDRESSES = (*FIRST, *COMES)
EVENTS: dict[str, Callable[[World, str], None]] = {
    "end": World.end,
    "vanish": World.vanish,
    "come": World.come,
    "unready": lambda world, address: world.come(address, ready=False),
    "move": World.move,
    "dark": lambda world, which: world.dark.add(FACETS[which]),
    "light": lambda world, which: world.dark.discard(FACETS[which]),
    "node gone": lambda world, at: world.new.__setitem__(int(at), None),
    "node back": lambda world, at: world.new.__setitem__(int(at), new_pod(int(at), f"n{world.now:g}")),
    "node unready": lambda world, at: world.new.__setitem__(int(at), new_pod(int(at), f"n{world.now:g}", ready=False)),
    "calm": World.calm,
}
FACETS: dict[str, type[object]] = {"cluster": Workloads, "balancer": Pools}
HAPPENS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("end", "vanish", "come", "unready", "move")), st.sampled_from(ADDRESSES)),
        st.tuples(st.sampled_from(("dark", "light")), st.sampled_from(tuple(FACETS))),
        st.tuples(st.sampled_from(("node gone", "node back", "node unready")), st.sampled_from("01")),
        st.tuples(st.just("calm"), st.integers(1, 30).map(str)),
    ),
    max_size=20,
)
CAPABILITIES = st.sampled_from((Capabilities(), BLIND, SLOW))


def lived(capabilities: Capabilities, begins: int, events: Sequence[tuple[str, str]]) -> World:
    """Let a run that has come to a step of its route meet these events, with a turn after each."""
    world = World(capabilities)
    for _ in range(300):
        if world.cursor >= begins:
            break
        world.advance()
    assert world.cursor >= begins, world.advance()
    for what, how in events:
        EVENTS[what](world, how)
        if not world.turned:
            world.advance()
        assert not world.lawless, world.lawless
    return world


@settings(max_examples=60, deadline=None)
@given(CAPABILITIES, st.integers(0, len(ROUTE) - 1), HAPPENS)
def test_nothing_ever_advances_without_a_fit_way_back_at_that_turn(
    capabilities: Capabilities, begins: int, events: list[tuple[str, str]]
) -> None:
    lived(capabilities, begins, events)


@settings(max_examples=40, deadline=None)
@given(CAPABILITIES, st.integers(0, DRAIN), HAPPENS, st.sampled_from(ADDRESSES))
def test_the_way_back_ends_with_old_serving_wherever_one_old_pod_is_fit(
    capabilities: Capabilities, begins: int, events: list[tuple[str, str]], address: str
) -> None:
    """The cluster may still be silent: the way back goes by the last that was known, and by what the balancer shows."""
    world = lived(capabilities, begins, events)
    world.come(address)
    world.dark.clear()
    world.heading = Heading.BACK
    for step in (ATTACH_OLD, RESTORE):
        world.entered, world.soaked = world.now, 0.0
        for _ in range(200):
            seen = world.looked()
            decision = decide(BACK, SPEC, step, seen)
            if isinstance(decision, Do):
                world.lawless += violations(decision.action, seen)
                world.carry_out(decision.action)
            world.now += 1.0
            if isinstance(decision, Done):
                break
        assert isinstance(decision, Done), decision

    assert not world.lawless, world.lawless
    assert world.share == 0
    assert world.old_weights()[address] > 0


def test_a_run_that_nothing_happens_to_goes_to_its_end() -> None:
    """Else the others would hold of a run that does nothing at all."""
    world = lived(Capabilities(), 0, [("calm", "200")])

    assert not world.exists
    assert world.share == 100
    assert world.state is State.RUNNING
