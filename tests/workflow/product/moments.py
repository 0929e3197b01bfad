"""Every moment of a run at which something can happen: a heading, a step, a state. Runs are walked once and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import NoDataSpec, PrometheusSpec, Spec, WayBackSpec
from migrator.workflow.progress import Progress
from tests.fakes.harness import WRITES, Harness
from tests.fakes.world import NEW_PORT, SPEC, on, quick
from tests.words import text
from tests.workflow.product.world import FakePrometheus, LivingWorld

PATIENT = replace(
    quick(on(replace(SPEC, traffic=replace(SPEC.traffic, soak=2.0, max_soak=6.0)), "l-1"), 2.0),
    way_back=WayBackSpec(1.0, 5.0),
    judge=replace(SPEC.judge, no_data=NoDataSpec(rollback_after=8.0)),
)
BY_PROMETHEUS = replace(
    PATIENT, judge=replace(PATIENT.judge, scrape=None, prometheus=PrometheusSpec("http://prometheus", 1.0, 3.0))
)
PATIENCE = 40.0
"""Seconds in which a step asks, or halts, or does not."""
LEFT_AT = ("Drain old", "Retire")
"""Where the routes back begin: the old side told to go, and off the balancer."""
ASKING = ("Shift", "Drain", "Detach new", "Remove new")
"""How the titles of the steps begin that may ask a person something in this plan."""
STATES = (State.RUNNING, State.PAUSED, State.WAITING, State.HALTED)


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a run's life. `left` is the step at which it turned back."""

    heading: Heading
    step: str
    nth: int
    state: State
    left: str = ""

    def __str__(self) -> str:
        turned = f" (from {self.left})" if self.left else ""
        return f"{self.state} at {self.step}{turned}"


class Walks:
    """Runs of one plan, walked step by step. `at` gives a copy of the run as it was at a moment."""

    def __init__(self, folder: Path, make: Callable[[LivingWorld, Spec], Harness], spec: Spec) -> None:
        self._folder = folder
        world = LivingWorld()
        world.prometheus = FakePrometheus(world) if spec.judge.prometheus else None
        self._there: dict[Moment, Harness | None] = {}
        first = make(world, spec)
        self._walk(first, Heading.FORWARD, "")

    def moments(self) -> list[Moment]:
        """Give every moment that may be; whether a run can be in that state there is found by `at`."""
        running = [each for each in self._there if each.state is State.RUNNING]
        return [replace(each, state=state) for each in running for state in STATES if may_be(state, each.step)]

    def at(self, moment: Moment) -> Harness | None:
        """Give the run at this moment; None where no run can be in that state."""
        if moment not in self._there:
            running = self.at(replace(moment, state=State.RUNNING))
            assert running is not None
            self._there[moment] = _BROUGHT[moment.state](self._twin(running), moment)
        found = self._there[moment]
        return self._twin(found) if found else None

    def _twin(self, harness: Harness) -> Harness:
        return harness.twin(Path(mkdtemp(dir=self._folder)))

    def _walk(self, harness: Harness, heading: Heading, left: str) -> None:
        """Keep the run at each step of its route, and walk the ways back from some of them."""
        for nth in count():
            step = title(harness)
            if harness.run.ended:
                return
            self._there[Moment(heading, step, nth, State.RUNNING, left)] = self._twin(harness)
            if heading is Heading.FORWARD and step in LEFT_AT:
                back = self._twin(harness)
                back.process(leaves=some(4))
                back.ask(RequestKind.ROLLBACK)
                back.process(leaves=lambda progress: progress.run.heading is Heading.BACK)
                self._walk(back, Heading.BACK, step)
            cursor = harness.run.cursor
            harness.process(leaves=lambda progress, at=cursor: progress.run.cursor != at)  # type: ignore[misc]


def may_be(state: State, step: str) -> bool:
    """Say whether a run can be in a state at a step: only some ask anything."""
    return state is not State.WAITING or step.startswith(ASKING)


def title(harness: Harness) -> str:
    """Give the title of the step at which a run is."""
    run = harness.run
    if run.ended:
        return str(run.state)
    with harness.store() as store:
        return text(store.route(run.id, run.heading)[run.cursor].title)


def some(turns: int) -> Callable[[Progress], bool]:
    """Leave after so many turns."""
    left: Iterator[int] = iter(range(turns - 1))
    return lambda _progress: next(left, None) is None


def _paused(harness: Harness, _moment: Moment) -> Harness:
    harness.ask(RequestKind.PAUSE)
    harness.process(leaves=lambda progress: progress.run.state is State.PAUSED)
    return harness


def _waiting(harness: Harness, moment: Moment) -> Harness | None:
    """Let the step ask a question: too few requests, connections that stay, new connections that are refused."""
    world = harness.world
    assert isinstance(world, LivingWorld)
    world.traffic.rate = 1.0
    world.traffic.stuck = {Side.OLD, Side.NEW}
    world.traffic.refused = moment.heading is Heading.BACK
    return _rests(harness, State.WAITING)


def _halted(harness: Harness, moment: Moment) -> Harness | None:
    """Let another hand change a weight of ours; where that halts nothing, let a write be refused."""
    world = harness.world
    if moment.heading is Heading.FORWARD:
        ours = sorted(world.weights, key=lambda backend: backend.port == NEW_PORT)[0]
        before = world.weights[ours]
        world.balancer.hand(ours, 3)
        halted = _rests(harness, State.HALTED)
        world.balancer.hand(ours, before)
        return halted
    for orders in (world.balancer.orders, world.cluster.orders, world.gateways.orders):
        for write in WRITES:
            orders.fail(write, Refused(verbatim("it says no")))
    halted = _rests(harness, State.HALTED)
    for orders in (world.balancer.orders, world.cluster.orders, world.gateways.orders):
        orders.forgive()
    return halted


def _rests(harness: Harness, state: State) -> Harness | None:
    cursor, clock = harness.run.cursor, harness.world.clock
    late = clock.monotonic() + PATIENCE

    def leaves(progress: Progress) -> bool:
        return progress.run.state is state or progress.run.cursor != cursor or clock.monotonic() > late

    harness.process(leaves=leaves)
    return harness if harness.run.state is state and harness.run.cursor == cursor else None


_BROUGHT = {State.PAUSED: _paused, State.WAITING: _waiting, State.HALTED: _halted}
