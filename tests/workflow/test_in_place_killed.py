"""Whoever is killed before a write of an in-place move is followed by one that ends it as if nothing had been, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrator.domain.model.runs import State
from tests.fakes.harness import Harness
from tests.workflow.conftest import ROOM
from tests.workflow.road import Road, after
from tests.workflow.test_in_place import (
    HERE,
    InPlaceWorld,
    assert_as_before,
    assert_moved,
    replicas,
    scaler,
)

BEFORE = scaler(InPlaceWorld())


def begin(folder: Path) -> Harness:
    """Give a run of an in-place move."""
    return Harness(folder, InPlaceWorld(), HERE)


@pytest.fixture(scope="module")
def forth() -> Iterator[Road]:
    with TemporaryDirectory(dir=ROOM if ROOM.is_dir() else None) as folder:
        yield Road(begin, Path(folder))


@pytest.fixture(scope="module")
def back() -> Iterator[Road]:
    with TemporaryDirectory(dir=ROOM if ROOM.is_dir() else None) as folder:
        yield Road(begin, Path(folder), "Gate")


def standing(harness: Harness) -> tuple[object, ...]:
    """Give how the world stands: the step, weights, who is on which node, how many old pods are wanted, what was harmed."""
    world = harness.world
    pods = [pod for pod in world.cluster.objects if pod.kind == "Pod"]
    assert isinstance(world, InPlaceWorld)
    return harness._step(), dict(world.weights), len(pods), replicas(world), world.harm, world.balancer.harm


def assert_goes_on(road: Road, step: str, following: str) -> None:
    for edge in road.writes(step):
        harness = road.killed(step, edge)

        harness.process(leaves=after(step))

        assert standing(harness) == standing(road.at(following)), str(edge)


@pytest.mark.parametrize(
    ("step", "following"),
    [
        ("Guard", "Deploy"),
        ("Deploy", "Swap node-0"),
        ("Swap node-0", "Swap node-1"),
        pytest.param("Swap node-1", "Swap node-2", marks=pytest.mark.slow),
        pytest.param("Swap node-2", "Gate", marks=pytest.mark.slow),
    ],
)
def test_a_kill_before_a_write_is_followed_to_the_next_step(forth: Road, step: str, following: str) -> None:
    assert_goes_on(forth, step, following)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["Retire", "Confirm new"])
def test_a_kill_before_a_write_at_the_end_is_followed_to_the_end(forth: Road, step: str) -> None:
    for edge in forth.writes(step):
        harness = forth.killed(step, edge)

        run = harness.process()

        assert run.state is State.COMPLETED, (str(edge), harness.words()[-5:])
        assert_moved(harness.world)  # type: ignore[arg-type]  # the road's world


@pytest.mark.parametrize(
    "step",
    [
        "Shed new",
        "Swap node-2 back",
        *(
            pytest.param(step, marks=pytest.mark.slow)
            for step in ("Swap node-1 back", "Swap node-0 back", "Undo guard")
        ),
    ],
)
def test_a_kill_before_a_write_of_the_way_back_is_followed_to_its_end(back: Road, step: str) -> None:
    for edge in back.writes(step):
        harness = back.killed(step, edge)

        run = harness.process()

        assert run.state is State.ROLLED_BACK, (str(edge), harness.words()[-5:])
        assert_as_before(harness.world, BEFORE)  # type: ignore[arg-type]  # the road's world
