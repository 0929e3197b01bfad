"""Several listeners move as one split: never more than a share apart, and a failure half-way turns all of them back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Capabilities, Scope, Side
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import Spec
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.world import LISTENERS, NEW_PORT, SPEC, FakeWorld, quick
from tests.workflow.conftest import Make
from tests.workflow.test_requests import resting

BOTH: Spec = quick(SPEC, 1.0)
SHARES = [0.0, 10.0, 50.0, 90.0, 100.0]
VENDORS = [
    pytest.param(Capabilities(), id="one call changes both listeners"),
    pytest.param(Capabilities(batch=3, several_listeners=False), id="a listener at a time, three rows a call"),
    pytest.param(
        Capabilities(weight_max=999, several_listeners=False, weights_of=Scope.POOL),
        id="a pool a side, one call a listener",
    ),
]
APART = VENDORS[1:]


def by_listener(world: FakeWorld) -> dict[str, float]:
    """Give the new side's percent of the weights on each listener."""
    found = {}
    for name in LISTENERS:
        rows = [(backend, weight) for backend, weight in world.weights.items() if backend.listener == name]
        whole = sum(weight for _, weight in rows)
        found[name] = 100.0 * sum(weight for backend, weight in rows if backend.port == NEW_PORT) / whole
    return found


def watched(world: FakeWorld, skews: list[tuple[float, float]]) -> Callable[[Progress], bool]:
    """Write down the least and the largest share at every turn, and never leave."""

    def note(_progress: Progress) -> bool:
        found = by_listener(world).values()
        skews.append((min(found), max(found)))
        return False

    return note


def half_way(world: FakeWorld) -> Callable[[Progress], bool]:
    """Leave when one listener has the next share and the other has not."""
    return lambda _progress: min(by_listener(world).values()) < 11.0 and max(by_listener(world).values()) > 49.0


def restored(harness: Harness) -> bool:
    world = harness.world
    old = {backend: weight for backend, weight in world.weights.items() if backend.port != NEW_PORT}
    return old == world.originals and set(by_listener(world).values()) == {0.0} and world.balancer.harm == []


@pytest.mark.parametrize("can", VENDORS)
def test_listeners_are_never_more_than_one_share_apart(make: Make, can: Capabilities) -> None:
    world, skews = FakeWorld(can, 2, 2), list[tuple[float, float]]()
    harness = make(world, BOTH)

    assert harness.process(leaves=watched(world, skews)).state is State.COMPLETED
    assert world.balancer.harm == []
    for least, most in skews:
        below = max(share for share in SHARES if share <= least + 0.3)
        above = min(share for share in SHARES if share >= most - 0.3)
        assert SHARES.index(above) - SHARES.index(below) <= 1


@pytest.mark.parametrize("can", APART)
def test_bad_answers_while_only_one_listener_has_moved_turn_both_back(make: Make, can: Capabilities) -> None:
    world = FakeWorld(can, 2, 2)
    harness = make(world, BOTH)
    harness.process(leaves=half_way(world))
    world.traffic.bad[Side.NEW] = 0.5

    assert harness.process().state is State.ROLLED_BACK
    assert restored(harness)


@pytest.mark.parametrize("can", APART)
def test_a_write_that_is_refused_on_the_second_listener_halts_and_a_rollback_turns_both_back(
    make: Make, can: Capabilities
) -> None:
    world = FakeWorld(can, 2, 2)
    harness = make(world, BOTH)
    harness.process(leaves=half_way(world))
    world.balancer.orders.fail("set_weights", Refused(verbatim("the vendor says no")), times=-1)
    harness.process(leaves=resting(State.HALTED))
    assert half_way(world)(None)  # type: ignore[arg-type]  # it looks at the world only
    world.balancer.orders.forgive()
    harness.ask(RequestKind.ROLLBACK)

    assert harness.process().state is State.ROLLED_BACK
    assert restored(harness)
