"""A node that is gone for good: its place is lost, another node that the plan selects takes it up, and the run goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Backend
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.target import Derived, Network
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness, soaked
from tests.fakes.objects import OLD_PORT
from tests.fakes.world import NEW_PORT
from tests.workflow.conftest import Make
from tests.workflow.product.events import EVENTS
from tests.workflow.product.moments import PATIENT
from tests.workflow.product.world import LivingWorld
from tests.workflow.test_requests import at, resting

LOST, REPLACED = (
    next(event for event in EVENTS if event.name == name) for name in ("node lost", "node replaced by another")
)
GONE, CAME = "10.1.0.1", "10.1.0.9"
LONG = 60.0
"""Seconds: many times every patience of the plan."""


def living(make: Make) -> tuple[Harness, LivingWorld]:
    world = LivingWorld()
    return make(world, PATIENT), world


def strike(world: LivingWorld) -> None:
    REPLACED.act(world)
    world.acted()


def after(harness: Harness, seconds: float) -> Callable[[Progress], bool]:
    late = harness.world.clock.monotonic() + seconds
    return lambda _progress: harness.world.clock.monotonic() >= late


def new_side(world: LivingWorld) -> dict[str, int]:
    return {backend.address: weight for backend, weight in world.weights.items() if backend.port == NEW_PORT}


@pytest.mark.parametrize("title", ["AwaitReady", "Attach new", "Shift 10 %", "Keep", "Retire"])
def test_a_run_goes_on_by_itself_when_another_node_comes_for_one_that_is_gone(make: Make, title: str) -> None:
    harness, world = living(make)
    harness.process(leaves=at(title))
    strike(world)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-10:]
    assert new_side(world) == {"10.1.0.2": 100, CAME: 100}
    assert world.referee.faults == []


@pytest.mark.parametrize("title", ["Shift 50 %", "Keep"])
def test_a_run_that_rests_takes_the_node_up_and_keeps_its_share(make: Make, title: str) -> None:
    harness, world = living(make)
    harness.process(leaves=at(title))
    harness.process(leaves=lambda progress: soaked(progress, 0.5))
    harness.ask(RequestKind.PAUSE)
    harness.process(leaves=resting(State.PAUSED))
    share = world.share
    strike(world)

    harness.process(leaves=after(harness, LONG / 2))

    assert harness.run.state is State.PAUSED
    assert new_side(world).keys() == {"10.1.0.2", CAME}
    assert share / 2 < world.share <= share + 0.5
    harness.ask(RequestKind.RESUME)
    assert harness.process().state is State.COMPLETED
    assert new_side(world) == {"10.1.0.2": 100, CAME: 100}
    assert world.referee.faults == []


@pytest.mark.parametrize("title", ["Shift 90 %", "Drain old"])
@pytest.mark.parametrize("when", ["before", "on the way"])
def test_a_way_back_takes_the_new_node_off_too(make: Make, title: str, when: str) -> None:
    harness, world = living(make)
    harness.process(leaves=at(title))
    if when == "before":
        strike(world)
        harness.process(leaves=after(harness, 3.0))
    harness.ask(RequestKind.ROLLBACK)
    harness.process(leaves=lambda progress: progress.run.heading is Heading.BACK)
    if when == "on the way":
        strike(world)

    assert harness.process().state is State.ROLLED_BACK
    assert {backend.port for backend in world.weights} == {OLD_PORT}
    assert set(world.weights.values()) == {100}
    assert world.referee.faults == []


def test_a_node_that_nobody_replaces_is_asked_about_and_a_yes_is_to_that_share(make: Make) -> None:
    harness, world = living(make)
    harness.process(leaves=at("Shift 50 %"))
    LOST.act(world)
    world.acted()

    run = harness.process(leaves=resting(State.WAITING))

    assert run.why is not None
    assert (run.why.code, run.why["share"]) == ("nodes.ask", 50.0)
    harness.ask(RequestKind.APPROVE)
    run = harness.process(leaves=resting(State.WAITING))
    assert run.why is not None
    assert (run.why.code, run.why["share"]) == ("nodes.ask", 90.0)
    assert new_side(world).keys() == {"10.1.0.2"}
    assert world.referee.faults == []


def test_the_question_is_taken_back_when_a_node_comes(make: Make) -> None:
    harness, world = living(make)
    harness.process(leaves=at("Shift 50 %"))
    LOST.act(world)
    world.acted()
    harness.process(leaves=resting(State.WAITING))
    world.cluster.add_node("node-9", CAME, role="gateway")

    assert harness.process().state is State.COMPLETED
    assert new_side(world) == {"10.1.0.2": 100, CAME: 100}
    assert world.referee.faults == []


def test_a_node_that_came_and_goes_again_is_taken_off_and_the_next_one_taken_up(make: Make) -> None:
    harness, world = living(make)
    harness.process(leaves=at("Shift 50 %"))
    strike(world)
    harness.process(leaves=after(harness, 5.0))
    for ref in [ref for ref in world.cluster.objects if ref.name.endswith("node-9")]:
        world.cluster.lose(ref)
    world.cluster.add_node("node-8", "10.1.0.8", role="gateway")
    world.acted()

    assert harness.process().state is State.COMPLETED
    assert new_side(world) == {"10.1.0.2": 100, "10.1.0.8": 100}
    assert world.referee.faults == []


def test_a_node_that_comes_besides_is_taken_up_too(make: Make) -> None:
    harness, world = living(make)
    harness.process(leaves=at("Shift 10 %"))
    world.cluster.add_node("node-9", CAME, role="gateway")
    world.acted()

    assert harness.process().state is State.COMPLETED
    assert new_side(world) == {GONE: 100, "10.1.0.2": 100, CAME: 100}


def test_nodes_that_may_not_be_listed_hold_nothing_and_lose_no_place(make: Make) -> None:
    harness, world = living(make)
    harness.process(leaves=at("Shift 50 %"))
    world.cluster.orders.fail("hosts", Refused(verbatim("403")), times=-1)
    strike(world)

    harness.process(leaves=after(harness, LONG))

    assert (harness.run.state, harness.run.heading) == (State.RUNNING, Heading.FORWARD)
    assert "gateway.short serving" in harness.words()[-1]
    assert world.referee.faults == []


def test_pods_with_a_host_port_are_dialled_at_their_nodes_alone(make: Make) -> None:
    world = LivingWorld()
    assert isinstance(PATIENT.target, Derived)
    harness = make(world, replace(PATIENT, target=replace(PATIENT.target, network=Network.HOST_PORT)))
    give_own_addresses(world)
    world.clock.passing.remove(world._live)  # it knows a pod by its own address alone
    harness.process(leaves=at("Attach new"))
    harness.process(leaves=after(harness, 5.0))

    assert {backend.address for backend in world.weights if backend.port == NEW_PORT} <= {GONE, "10.1.0.2"}
    assert Backend("l-1", GONE, NEW_PORT) in world.weights


def give_own_addresses(world: LivingWorld) -> None:
    """Let the new pods have addresses of their own, as in a network of the pods'."""
    made = world.cluster.make_pod
    count = iter(range(50, 99))

    def make_pod(owner: object, template: object, name: str, node: str, ip: str, workload: str) -> None:
        own = f"10.5.0.{next(count)}" if workload.endswith("-ds") else ip
        made(owner, template, name, node, own, workload)  # type: ignore[arg-type]

    world.cluster.make_pod = make_pod  # type: ignore[method-assign]
