"""A node that is lost at a share, and old pods that crash while traffic goes back to them: held, and mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.workflow.progress import Progress
from tests.fakes import upheaval
from tests.fakes.harness import Harness
from tests.fakes.world import NEW_PORT
from tests.workflow.conftest import Make
from tests.workflow.product.events import EVENTS
from tests.workflow.product.moments import PATIENT
from tests.workflow.product.world import LivingWorld
from tests.workflow.test_requests import at

NODE_LOST = next(event for event in EVENTS if event.name == "node lost")
OUT_OF_MEMORY = next(event for event in EVENTS if event.name == "old out of memory")
LONG = 60.0
"""Seconds: many times every patience of the plan."""


def living(make: Make) -> tuple[Harness, LivingWorld]:
    world = LivingWorld()
    return make(world, PATIENT), world


def after(harness: Harness, seconds: float) -> Callable[[Progress], bool]:
    late = harness.world.clock.monotonic() + seconds
    return lambda _progress: harness.world.clock.monotonic() >= late


def new_weight(world: LivingWorld) -> int:
    return sum(weight for backend, weight in world.weights.items() if backend.port == NEW_PORT)


@pytest.mark.parametrize("title", ["Shift 10 %", "Shift 90 %"])
def test_a_node_that_is_lost_at_a_share_stops_the_run_with_a_question_until_it_is_back(make: Make, title: str) -> None:
    harness, world = living(make)
    harness.process(leaves=at(title))
    share = world.share
    NODE_LOST.act(world)
    world.acted()

    run = harness.process(leaves=after(harness, LONG))

    assert (run.state, run.heading) == (State.WAITING, Heading.FORWARD)
    assert run.why is not None
    assert run.why.code == "nodes.ask"
    assert any("gateway.short" in words for words in harness.words())
    assert world.share <= share

    NODE_LOST.over(world)
    world.acted()

    assert harness.process().state is State.COMPLETED
    assert world.referee.faults == []


def test_a_node_that_never_comes_back_keeps_nobody_from_going_back(make: Make) -> None:
    harness, world = living(make)
    harness.process(leaves=at("Shift 50 %"))
    NODE_LOST.act(world)
    world.acted()
    harness.process(leaves=after(harness, LONG))
    harness.ask(RequestKind.ROLLBACK)

    assert harness.process().state is State.ROLLED_BACK
    assert world.referee.faults == []


def test_a_node_that_is_gone_is_asked_about_and_not_told_of_besides(make: Make) -> None:
    harness, world = living(make)
    harness.process(leaves=at("Shift 50 %"))
    NODE_LOST.act(world)
    world.acted()
    harness.process(leaves=after(harness, LONG))

    told = [event.data["text"] for event in harness.events() if isinstance(event.data.get("text"), dict)]

    assert [each["code"] for each in told if "gateway.short" in str(each)] == []
    assert harness.run.why is not None
    assert harness.run.why.code == "nodes.ask"


def raised(harness: Harness) -> LivingWorld:
    """Bring a run to where the old side has its weight back, and the new one still has its own."""
    world = harness.world
    assert isinstance(world, LivingWorld)
    harness.process(leaves=at("Keep"))
    harness.ask(RequestKind.ROLLBACK)
    harness.process(leaves=lambda _progress: all(world.weights.values()))
    return world


def test_old_pods_that_crash_as_they_get_their_weight_back_leave_the_new_ones_theirs(make: Make) -> None:
    harness, _ = living(make)
    world = raised(harness)
    OUT_OF_MEMORY.act(world)
    world.cluster._acted = -1.0

    harness.process(leaves=lambda progress: progress.words.code == "restore-old.nobody")

    assert new_weight(world) == 200

    OUT_OF_MEMORY.over(world)
    world.acted()

    assert harness.process().state is State.ROLLED_BACK
    assert world.referee.faults == []


def test_old_pods_that_stay_unready_are_taken_at_the_balancers_word_after_a_while(make: Make) -> None:
    """A cluster that has lost its nodes calls nobody Ready who serves all the same."""
    harness, _ = living(make)
    world = raised(harness)
    world.clock.passing.remove(world._live)
    OUT_OF_MEMORY.act(world)
    world.cluster._acted = -1.0

    harness.process(leaves=lambda _progress: not new_weight(world))

    assert harness.run.heading is Heading.BACK
    assert any(words.startswith("restore-old.nobody") for words in harness.words())


def test_one_old_pod_that_is_ready_is_enough_to_go_back_to_at_once(make: Make) -> None:
    harness, _ = living(make)
    world = raised(harness)
    upheaval.lose(world, 2)
    world.cluster._acted = -1.0

    assert harness.process().state is State.ROLLED_BACK
    assert not any(words.startswith("restore-old.nobody") for words in harness.words())
    assert world.referee.faults == []


def test_a_node_that_comes_back_while_a_run_rests_takes_no_share_from_its_side(make: Make) -> None:
    harness, world = living(make)
    harness.process(leaves=lambda progress: progress.words.code == "soak.going-on")
    harness.ask(RequestKind.PAUSE)
    harness.process(leaves=lambda progress: progress.run.state is State.PAUSED)
    NODE_LOST.act(world)
    world.acted()
    harness.process(leaves=after(harness, 10.0))
    weight = new_weight(world)
    NODE_LOST.over(world)
    world.acted()

    harness.process(leaves=after(harness, 10.0))

    assert harness.run.state is State.PAUSED
    assert new_weight(world) == weight > 0
