"""A run whose nodes change hands one after another is taken over from its record: it goes on, or every node back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.adopt.adopting import recorded
from migrator.app.adopt.by_hand import handed, past_of
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.balancer import Pools
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.planning.homeward import back
from migrator.domain.planning.survival.adoption import adopted
from migrator.domain.steps import Shed, Swap
from migrator.workflow.progress import Progress
from tests.app.adopt.test_adopting import WHERE, Surviving
from tests.fakes.objects import OLD
from tests.words import refused, text
from tests.workflow.test_in_place import HERE, InPlaceWorld, assert_as_before, assert_moved, scaler

FEW = ("Deploy", "Swap node-1")
OTHERS = ("Guard", "Swap node-0", "Swap node-2", "Gate")
STEPS = (*FEW, *(pytest.param(step, marks=pytest.mark.slow) for step in OTHERS))


def at(title: str) -> Callable[[Progress], bool]:
    """Let a process leave in the middle of a step: in a swap, once its node has no weight."""
    turns: list[int] = []

    def over(progress: Progress) -> bool:
        here = text(progress.titles[progress.run.cursor]) == title
        turns.extend([1] if here else [])
        return here and len(turns) > (6 if title.startswith("Swap") else 0)

    return over


@pytest.mark.parametrize("step", STEPS)
def test_a_lost_run_is_taken_over_and_goes_on(tmp_path: Path, step: str) -> None:
    world = InPlaceWorld()
    harness = Surviving(tmp_path, world, HERE)
    harness.until(at(step))
    harness.lose_the_store(tmp_path / "new")
    harness.adopt()

    harness.ask(RequestKind.RESUME)
    ended = harness.process()

    assert ended.state is State.COMPLETED, (ended.why, harness.words()[-5:])
    assert_moved(world)


@pytest.mark.parametrize("step", STEPS)
def test_a_lost_run_is_taken_over_and_taken_back(tmp_path: Path, step: str) -> None:
    world = InPlaceWorld()
    before = scaler(world)
    harness = Surviving(tmp_path, world, HERE)
    harness.until(at(step))
    harness.lose_the_store(tmp_path / "new")
    harness.adopt()

    harness.ask(RequestKind.ROLLBACK)
    ended = harness.process()

    assert ended.state is State.ROLLED_BACK, (ended.why, harness.words()[-5:])
    assert_as_before(world, before)


@pytest.mark.parametrize("step", ["Shed", pytest.param("Swap back node-0", marks=pytest.mark.slow)])
def test_a_way_back_that_is_lost_is_taken_over_where_it_stood(tmp_path: Path, step: str) -> None:
    world = InPlaceWorld()
    before = scaler(world)
    harness = Surviving(tmp_path, world, HERE)
    harness.until(at("Swap node-1"))
    harness.ask(RequestKind.ROLLBACK)
    harness.until(at(step) if step != "Shed" else lambda progress: "shed" in progress.titles[progress.run.cursor].code)
    harness.lose_the_store(tmp_path / "new")
    harness.adopt()
    assert harness.run.heading is Heading.BACK

    harness.ask(RequestKind.RESUME)
    ended = harness.process()

    assert ended.state is State.ROLLED_BACK, (ended.why, harness.words()[-5:])
    assert_as_before(world, before)


def test_a_record_tells_each_way_back_by_its_number_of_steps_and_without_it_every_node_goes(tmp_path: Path) -> None:
    harness = Surviving(tmp_path, InPlaceWorld(), HERE)
    harness.until(at("Swap node-1"))
    place, plan = recorded(harness.world.cluster, WHERE, OLD)
    homeward = replace(place, heading=Heading.BACK, cursor=0)
    nothing = Pools((), harness.world.balancer.capabilities())

    for left in plan.steps[:-2]:
        way = back(plan, left)
        found = adopted(replace(homeward, steps=len(way)), plan, nothing, True, str)
        assert found.home == way

    whole = adopted(replace(homeward, steps=0), plan, nothing, True, str).home or ()
    assert [step.nodes[0].name for step in whole if type(step) is Swap] == ["node-2", "node-1", "node-0"]
    assert any(isinstance(step, Shed) for step in whole)


def test_a_way_back_that_is_taken_over_begins_at_its_first_node_again(tmp_path: Path) -> None:
    harness = Surviving(tmp_path, InPlaceWorld(), HERE)
    harness.until(at("Swap node-1"))
    place, plan = recorded(harness.world.cluster, WHERE, OLD)
    way = back(plan, plan.steps[-3])
    first = next(i for i, step in enumerate(way) if isinstance(step, Swap))
    nothing = Pools((), harness.world.balancer.capabilities())

    cursors = [
        adopted(replace(place, heading=Heading.BACK, cursor=cursor, steps=len(way)), plan, nothing, True, str).cursor
        for cursor in (0, first, first + 2, len(way) - 1)
    ]

    assert cursors == [0, first, first, first]


def test_the_way_back_is_not_told_as_commands(tmp_path: Path) -> None:
    harness = Surviving(tmp_path, InPlaceWorld(), HERE)
    harness.until(at("Swap node-1"))
    place, plan = recorded(harness.world.cluster, WHERE, OLD)

    with refused(UsageError, "hand.in-place", run=1, name=plan.spec.name):
        handed(1, plan.spec.name, plan, past_of(place), pointed=False)
