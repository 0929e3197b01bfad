"""Old pods come and go while a run goes on: the way back stays, forward completes, and no listener is ever without traffic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.balancer import ProbeWay
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import WayBackSpec
from migrator.domain.observation.sides import WayBack
from migrator.workflow.progress import Progress
from tests.fakes.balancer import PLAIN
from tests.fakes.harness import Harness, soaked
from tests.fakes.objects import OLD_PORT
from tests.fakes.upheaval import end, followed, lose, old_pods, once, scale, settled, truthful
from tests.fakes.world import NEW_PORT, SPEC, FakeWorld, on, quick
from tests.workflow.conftest import Make
from tests.workflow.test_requests import resting

pytestmark = pytest.mark.no_cover  # whole runs: what they pass through has tests of its own

SLOW = quick(on(replace(SPEC, traffic=replace(SPEC.traffic, soak=6.0, max_soak=12.0)), "l-1"), 1.0)

EVENTS: dict[str, Callable[[FakeWorld], None]] = {
    "restart": end,
    "eviction": lambda world: end(world, 1),
    "node loss": lambda world: lose(world, 1),
    "crash of all": lose,
    "scaled up": lambda world: scale(world, 4),
}


def world() -> FakeWorld:
    return truthful(FakeWorld(listeners=("l-1",), nodes=2, replicas=3))


def living(of: FakeWorld) -> dict[str, int]:
    """Give the old side's weights by address, and that they are those of pods that live."""
    rows = {backend.address: weight for backend, weight in of.weights.items() if backend.port == OLD_PORT}
    assert set(rows) == {str(pod["status"]["podIP"]) for pod in old_pods(of)}  # type: ignore[index, call-overload]
    return rows


def well(harness: Harness) -> bool:
    """Say whether no listener was ever without a healthy weight, and nothing was removed with weight."""
    return harness.world.balancer.harm == []


@pytest.mark.parametrize("share", [10, 50, 90])
@pytest.mark.parametrize("event", EVENTS)
def test_after_any_event_of_the_old_pods_a_rollback_ends_with_the_living_ones_serving(
    make: Make, event: str, share: int
) -> None:
    harness = make(world(), SLOW)
    step = f"Shift {share} %"
    seen = once(step, lambda: EVENTS[event](harness.world), lambda p: soaked(p, 0.5))
    back = once(step, lambda: harness.ask(RequestKind.ROLLBACK), lambda p: soaked(p, 3.0))

    run = harness.process(leaves=lambda progress: seen(progress) or back(progress))

    assert run.state is State.ROLLED_BACK, harness.words()[-20:]
    assert set(living(harness.world).values()) == {100}
    assert well(harness)


@pytest.mark.parametrize("event", EVENTS)
def test_after_any_event_of_the_old_pods_the_run_goes_on_to_the_end(make: Make, event: str) -> None:
    harness = make(world(), SLOW)

    run = harness.process(leaves=once("Shift 50 %", lambda: EVENTS[event](harness.world), lambda p: soaked(p, 0.5)))

    assert run.state is State.COMPLETED, harness.words()[-20:]
    assert well(harness)


@pytest.mark.parametrize("event", EVENTS)
def test_while_paused_the_old_side_is_kept_alive_and_the_share_stays(make: Make, event: str) -> None:
    harness = make(world(), SLOW)
    pause = once("Shift 90 %", lambda: harness.ask(RequestKind.PAUSE), lambda p: soaked(p, 0.5))
    harness.process(leaves=lambda progress: pause(progress) or resting(State.PAUSED)(progress))
    share = harness.world.share
    EVENTS[event](harness.world)
    turns = iter(range(60))

    harness.process(leaves=lambda _progress: next(turns, None) is None)

    assert all(living(harness.world).values())
    assert share / 2 < harness.world.share <= share + 0.5
    harness.ask(RequestKind.ROLLBACK)
    assert harness.process().state is State.ROLLED_BACK
    assert set(living(harness.world).values()) == {100}
    assert well(harness)


PATIENT = replace(SLOW, way_back=WayBackSpec(1.0, 5.0))


def at_ten(harness: Harness, act: Callable[[FakeWorld], None]) -> Callable[[Progress], bool]:
    return once("Shift 10 %", lambda: act(harness.world), lambda p: soaked(p, 0.5))


def test_the_new_side_gets_no_more_while_the_way_back_is_short_and_a_yes_holds_for_the_rest_of_the_run(
    make: Make,
) -> None:
    harness = make(world(), PATIENT)
    short = at_ten(harness, lambda of: scale(of, 2))

    asked = harness.process(leaves=lambda progress: short(progress) or resting(State.WAITING)(progress))

    assert asked.state is State.WAITING
    assert asked.why is not None
    assert (asked.why.code, asked.why["fit"], asked.why["slots"]) == ("way-back.ask", 2, 3)
    assert round(harness.world.share) <= 10

    harness.ask(RequestKind.APPROVE)
    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-10:]
    assert sum(event.kind == "asked" for event in harness.events()) == 1
    assert well(harness)


def test_a_question_about_the_way_back_is_taken_back_once_it_is_whole_again(make: Make) -> None:
    harness = make(world(), PATIENT)
    short = at_ten(harness, lambda of: scale(of, 2))
    harness.process(leaves=lambda progress: short(progress) or resting(State.WAITING)(progress))
    scale(harness.world, 3)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-10:]


def test_a_run_whose_old_side_is_scaled_to_nothing_does_not_turn_back_to_nobody(make: Make) -> None:
    harness = make(world(), PATIENT)
    gone = once("Shift 50 %", lambda: scale(harness.world, 0), lambda p: soaked(p, 0.5))

    run = harness.process(leaves=lambda progress: gone(progress) or resting(State.WAITING)(progress))

    assert (run.state, run.heading) == (State.WAITING, Heading.FORWARD)
    assert harness.progress[-1].way_back == WayBack(slots=3, gone=True)
    assert well(harness)


class Remote(FakeWorld):
    """A world in which our own requests get no answer from pods; those in the nodes' network give one."""

    def probe(self, address: str, port: int, host: str, path: str, way: ProbeWay = ProbeWay.AUTO) -> Message | None:
        silence = say("probe.no-answer", address=address, port=port, path=path, host=host, words="")
        return silence if port == OLD_PORT else super().probe(address, port, host, path, way)


def test_where_nobody_sees_the_old_side_at_0_the_way_back_is_what_was_seen_before_and_the_next_process_knows_it(
    make: Make,
) -> None:
    blind = replace(PLAIN, health_at_zero=False)
    harness = make(truthful(Remote(blind, listeners=("l-1",), nodes=2, replicas=3)), SLOW)
    pause = once("Keep", lambda: harness.ask(RequestKind.PAUSE))
    harness.process(leaves=lambda progress: pause(progress) or resting(State.PAUSED)(progress))
    assert harness.world.share == 100
    turns = iter(range(3))

    harness.process(leaves=lambda _progress: next(turns, None) is None)

    assert harness.progress[-1].way_back == WayBack(3, 3, 1.0, earlier=3)
    harness.ask(RequestKind.ROLLBACK)
    assert harness.process().state is State.ROLLED_BACK, harness.words()[-10:]
    assert well(harness)


@pytest.mark.parametrize("saw", ["nothing", "the rows of those who came"])
def test_a_run_begins_with_the_pods_that_came_since_its_plan(make: Make, saw: str) -> None:
    def replaced(of: FakeWorld) -> None:
        end(of, 1)
        (settled if saw == "nothing" else followed)(of)

    harness = make(world(), SLOW, meanwhile=replaced)
    back = once("Shift 50 %", lambda: harness.ask(RequestKind.ROLLBACK), lambda p: soaked(p, 1.0))

    run = harness.process(leaves=back)

    assert run.state is State.ROLLED_BACK, harness.words()[-20:]
    assert set(living(harness.world).values()) == {100}
    assert well(harness)


def test_a_process_that_never_saw_the_cluster_brings_back_the_old_side_that_its_run_took_off(make: Make) -> None:
    harness = make(world(), SLOW)
    gone = once("Shift 10 %", lambda: end(harness.world, 1), lambda p: soaked(p, 0.5))
    harness.process(leaves=lambda p: gone(p) or p.words.code == "detach.floor")
    assert {backend.port for backend in harness.world.weights} == {NEW_PORT}
    for call in ("workload", "get", "list_objects", "hosts"):
        harness.world.cluster.orders.fail(call, Unreachable(verbatim("silence")), times=-1)
    harness.ask(RequestKind.ROLLBACK)
    turns = iter(range(80))

    harness.process(leaves=lambda _progress: next(turns, None) is None)

    assert set(living(harness.world).values()) == {100}
    assert harness.world.share == 0
    assert well(harness)
