"""A run whose old side holds the host ports that the new one needs: it is led over temporary node ports, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Manifest, labels, mapping, text
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import PortConflict
from migrator.domain.observation.detour import STAND_IN
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.upheaval import scale
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SERVICE, SPEC, FakeWorld, on, quick
from tests.words import text as words
from tests.workflow.conftest import ROOM, Make
from tests.workflow.road import Road, after, now_at, until


def asking(at_a_time: int) -> Spec:
    """Give a plan that leads so many nodes at a time over node ports; 0: all beside each other."""
    target = replace(SPEC.target, port_conflict=PortConflict.NODE_PORT, at_a_time=at_a_time)  # type: ignore[arg-type]
    return on(quick(replace(SPEC, target=target)), "l-1")


BESIDE, IN_TURN = asking(0), asking(1)
BEFORE = ("Preflight", "Guard", "Open node ports")
OVER = ("Start stand-ins", "Lead over node ports", "Vacate host ports", "End old on host ports")
TURNS = tuple(
    f"{what} {number}/3"
    for number in (1, 2, 3)
    for what in ("Free host ports", "Exchange for stand-ins", "Lead over node ports")
)
AFTER = (
    "Deploy", "AwaitReady", "VerifyConfig", "Attach new", "Shift 10 %", "Shift 50 %", "Shift 90 %", "Shift 100 %", "Keep",
    "Drain old", "Gate", "Detach old",
)  # fmt: skip
BACK = ("Start old on host ports", "Lead to host ports", "Vacate node ports", "End stand-ins")
BACK_IN_TURN = tuple(
    f"{what} {number}/3"
    for number in (1, 2, 3)
    for what in ("Free node ports", "Exchange for old on host ports", "Lead to host ports")
)


def holding() -> FakeWorld:
    """Give a world in which an old pod holds the new side's port on every node."""
    return FakeWorld(listeners=("l-1",), host_port=NEW_PORT)


def spec_of(world: FakeWorld) -> Manifest:
    """Give what the old Deployment wants, but for how many pods."""
    return {
        key: value for key, value in mapping(world.cluster.get(DEPLOYMENT) or {}, "spec").items() if key != "replicas"
    }


Roads = Callable[..., Road]


def begin(spec: Spec, folder: Path) -> Harness:
    """Give a run of such a plan."""
    return Harness(folder, holding(), spec)


@pytest.fixture(scope="module")
def roads() -> Iterator[Roads]:
    """Give the roads of this module."""
    with TemporaryDirectory(dir=ROOM if ROOM.is_dir() else None) as folder:
        known: dict[tuple[Spec, str], Road] = {}

        def road(spec: Spec, back_from: str = "") -> Road:
            begun = partial(begin, spec)
            return known.setdefault((spec, back_from), Road(begun, Path(folder), back_from))

        yield road


BEGAN = spec_of(holding())
"""What the old Deployment wants before anything is changed."""


def assert_as_before(world: FakeWorld) -> None:
    """Assert that the old side is on its host ports, and nothing of the run is left."""
    assert world.weights == world.originals
    assert spec_of(world) == BEGAN
    assert world.cluster.get(DAEMONSET) is None
    assert [ref.name for ref in world.cluster.objects if ref.kind == "Service"] == [SERVICE.name]
    assert world.balancer.harm == []


def assert_led_over(world: FakeWorld) -> None:
    """Assert that the old side is behind node ports alone, with stand-ins alone, and has its weights."""
    assert {(backend.address, backend.port): weight for backend, weight in world.weights.items()} == {
        (f"10.1.0.{index}", 30000): 100 for index in (1, 2, 3)
    }
    pods = [thing for ref, thing in world.cluster.objects.items() if ref.kind == "Pod"]
    live = [pod for pod in pods if not text(pod, "metadata", "deletionTimestamp")]
    assert [STAND_IN[0] in labels(pod, "metadata", "labels") for pod in live] == [True] * 3
    assert "minReadySeconds" not in spec_of(world)
    assert world.balancer.harm == []


@pytest.mark.parametrize(("spec", "over"), [(BESIDE, OVER), (IN_TURN, (*TURNS, OVER[-1]))], ids=["beside", "in turn"])
def test_the_old_side_is_led_over_node_ports_and_the_new_one_takes_its_host_ports(
    make: Make, spec: Spec, over: tuple[str, ...]
) -> None:
    world = holding()
    harness = make(world, spec)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    assert tuple(words(step.title) for step in harness.plan.steps) == (
        *BEFORE, *over, *AFTER, "Retire", "Close node ports", "Confirm new",
    )  # fmt: skip
    assert world.balancer.harm == []
    assert {(backend.address, backend.port) for backend in world.weights} == {
        (f"10.1.0.{index}", NEW_PORT) for index in (1, 2, 3)
    }
    assert "gw-node-port" not in {ref.name for ref in world.cluster.objects}


def test_two_thirds_of_the_old_side_carry_on_at_every_moment_while_its_nodes_go_over_in_turn(roads: Roads) -> None:
    harness = roads(IN_TURN).at("Free host ports 1/3")
    carried: list[int] = []
    ready: list[int] = []

    def watch(progress: Progress) -> bool:
        carried.append(sum(harness.world.balancer.steering().values()))
        ready.append(harness.world.cluster.workload(DEPLOYMENT).ready)
        return now_at(progress) == "Deploy"

    harness.process(leaves=watch)

    assert (min(carried), min(ready)) == (200, 2)
    assert_led_over(harness.world)


@pytest.mark.parametrize(
    ("spec", "step"),
    [
        *((BESIDE, step) for step in (*BEFORE[1:], *AFTER)),
        *((IN_TURN, step) for step in ("Open node ports", "Deploy", "Shift 50 %", "Detach old")),
    ],
)
def test_a_rollback_from_before_and_after_brings_the_old_pods_back_to_their_host_ports(
    roads: Roads, spec: Spec, step: str
) -> None:
    assert_goes_back(roads(spec).at(step))


@pytest.mark.parametrize(("spec", "step"), [*((BESIDE, step) for step in OVER), *((IN_TURN, step) for step in TURNS)])
def test_a_rollback_from_anywhere_on_the_way_over_brings_them_back_too(roads: Roads, spec: Spec, step: str) -> None:
    assert_goes_back(roads(spec).at(step))


def assert_goes_back(harness: Harness) -> None:
    """Assert that a run which is turned back ends with the old side as it was."""
    harness.ask(RequestKind.ROLLBACK)
    run = harness.process()

    assert run.state is State.ROLLED_BACK, harness.words()[-5:]
    assert_as_before(harness.world)


@pytest.mark.parametrize("step", OVER)
def test_the_next_process_finishes_what_a_killed_one_began(roads: Roads, step: str) -> None:
    road = roads(BESIDE)
    for edge in road.edges(step):
        harness = road.killed(step, edge)

        harness.process(leaves=until("Deploy"))

        assert_led_over(harness.world)


def standing(harness: Harness) -> tuple[object, ...]:
    """Give how the world stands where a run has come to: the step, weights, the old Deployment, its pods by node and kind."""
    world = harness.world
    pods = [thing for ref, thing in world.cluster.objects.items() if ref.kind == "Pod"]
    live = [pod for pod in pods if not text(pod, "metadata", "deletionTimestamp")]
    kinds = sorted((text(pod, "spec", "nodeName"), STAND_IN[0] in labels(pod, "metadata", "labels")) for pod in live)
    return harness._step(), dict(world.weights), spec_of(world), kinds, world.balancer.harm


@pytest.mark.parametrize(
    ("back_from", "step", "following"),
    [
        *(("", step, following) for step, following in pairwise((*TURNS, OVER[-1], "Deploy"))),
        *(("Deploy", step, following) for step, following in pairwise((*BACK_IN_TURN, BACK[-1], "Close node ports"))),
    ],
)
def test_whoever_is_killed_in_a_turn_is_followed_by_one_that_comes_to_the_next_step_as_if_nothing_had_been(
    roads: Roads, back_from: str, step: str, following: str
) -> None:
    road = roads(IN_TURN, back_from)
    for edge in road.edges(step):
        harness = road.killed(step, edge)

        harness.process(leaves=after(step))

        assert standing(harness) == standing(road.at(following)), str(edge)


def test_a_kill_while_the_node_ports_are_closed_is_finished_too(roads: Roads) -> None:
    for edge in roads(BESIDE).edges("Close node ports"):
        harness = roads(BESIDE).killed("Close node ports", edge)

        run = harness.process()

        assert run.state is State.COMPLETED, (str(edge), harness.words()[-5:])
        assert harness.world.balancer.harm == [], str(edge)


@pytest.mark.parametrize("step", BACK)
def test_the_next_process_finishes_a_way_back_that_a_killed_one_began(roads: Roads, step: str) -> None:
    road = roads(BESIDE, "Deploy")
    for edge in road.edges(step):
        harness = road.killed(step, edge)

        run = harness.process()

        assert run.state is State.ROLLED_BACK, (str(edge), harness.words()[-5:])
        assert_as_before(harness.world)


def test_a_node_that_carries_nothing_is_the_first_to_go_over(roads: Roads) -> None:
    harness = roads(IN_TURN).at("Free host ports 1/3")
    harness.world.balancer.trouble.sick_rows.add(Backend("l-1", "10.1.0.2", NEW_PORT))

    harness.process(leaves=until("Exchange for stand-ins 1/3"))

    assert {backend.address for backend in harness.world.weights} == {"10.1.0.1", "10.1.0.3"}


@pytest.mark.parametrize("step", ["Open node ports", "Free host ports 1/3", "Exchange for stand-ins 2/3"])
def test_a_pod_that_comes_while_nodes_go_over_halts_nothing(make: Make, step: str) -> None:
    world = holding()
    harness = make(world, IN_TURN)
    harness.process(leaves=until(step))
    world.cluster.add_node("node-9", "10.1.0.9")
    scale(world, 4)

    run = harness.process(leaves=until("Deploy"))

    assert run.state is State.RUNNING, (run.why, harness.words()[-5:])
    assert not [row for row in world.weights if row.port == NEW_PORT]
    assert world.balancer.harm == []
