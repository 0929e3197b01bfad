"""What holds behind one listener holds no other: each goes back by itself, and what cannot go back is said."""

from __future__ import annotations

import pytest

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness, soaked
from tests.fakes.world import NEW_PORT, SPEC, FakeWorld, quick
from tests.workflow.conftest import Make
from tests.workflow.test_requests import resting
from tests.workflow.test_trouble import nobody_was_hurt

TWO = quick(SPEC)


def sick_behind(world: FakeWorld, listener: str) -> None:
    world.balancer.trouble.sick_rows = {b for b in world.weights if b.listener == listener and b.port != NEW_PORT}


def new_weight(world: FakeWorld, listener: str) -> int:
    return sum(weight for b, weight in world.weights.items() if b.listener == listener and b.port == NEW_PORT)


def half_way(make: Make) -> Harness:
    harness = make(FakeWorld(listeners=("l-1", "l-2"), nodes=2), TWO)
    harness.process(leaves=lambda progress: soaked(progress, 0.5) and harness.world.share > 40)
    return harness


@pytest.mark.parametrize("why", ["errors", "a person"])
def test_a_listener_without_an_old_pod_keeps_its_traffic_and_the_other_one_goes_back(make: Make, why: str) -> None:
    harness = half_way(make)
    world = harness.world
    sick_behind(world, "l-2")
    if why == "errors":
        world.traffic.bad[Side.NEW] = 1.0
    else:
        harness.ask(RequestKind.ROLLBACK)

    halted = harness.process(leaves=resting(State.HALTED))

    assert (halted.heading, halted.state) == (Heading.BACK, State.HALTED), harness.words()[-5:]
    assert new_weight(world, "l-1") == 0
    assert new_weight(world, "l-2") > 0
    assert "old.nobody-fit" in str(halted.why)
    assert "l-2" in str(halted.why)
    assert "l-1" not in str(halted.why)

    world.balancer.trouble.sick_rows = set()
    world.traffic.bad[Side.NEW] = 0.0
    harness.ask(RequestKind.RESUME)
    assert harness.process().state is State.ROLLED_BACK
    assert world.weights == world.originals
    assert nobody_was_hurt(harness)


def test_status_says_behind_which_listener_nothing_protects(make: Make) -> None:
    harness = half_way(make)
    sick_behind(harness.world, "l-2")
    harness.process(leaves=waits_for_the_way_back)
    with harness.store() as store:
        told = store.process_records(1)[-1].look.protection

    assert told is not None
    assert (told.idle, told.bare) == (None, ("l-2",))
    assert said(told.watched) == "protection.but"


def said(message: Message) -> str:
    return message.code


def waits_for_the_way_back(progress: Progress) -> bool:
    return progress.way_back is not None and progress.way_back.ratio == 0.0
