"""Pods come and go behind every kind of slot: a node's hostPort, a node port, a group's member, a controller's row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.domain.model.balancer import Backend, Scope
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.planning.reverse import reversed_spec
from tests.fakes.balancer import OLD_POOL, PLAIN
from tests.fakes.gateways import FakeGateways
from tests.fakes.harness import Harness, soaked
from tests.fakes.upheaval import controlled, end, invited, lose, move, once, scale, truthful
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_living import SLOW
from tests.workflow.test_requests import resting

HOST_PORT, NODE_PORT = 9443, 30080
POOLED = replace(PLAIN, weights_of=Scope.POOL, several_listeners=False)
ONE = {"listeners": ("l-1",), "nodes": 3, "replicas": 2}

KINDS: dict[str, Callable[[], FakeWorld]] = {
    "hostPort": lambda: FakeWorld(**ONE, host_port=HOST_PORT),  # type: ignore[arg-type]
    "node port": lambda: FakeWorld(**ONE, node_port=NODE_PORT),  # type: ignore[arg-type]
    "group": lambda: FakeWorld(POOLED, **ONE),  # type: ignore[arg-type]
    "controller": lambda: controlled(FakeWorld(replace(PLAIN, controlled=True), **ONE)),  # type: ignore[arg-type]
    "invited": lambda: invited(FakeWorld(replace(PLAIN, controlled=True, by_invitation=True, batch=1), **ONE)),  # type: ignore[arg-type]
}


def restart(world: FakeWorld) -> None:
    """Replace the old pods; behind a node port one of them, since the rows lead to the others meanwhile."""
    end(world, 1 if any(backend.port == NODE_PORT for backend in world.weights) else None)


EVENTS: dict[str, Callable[[FakeWorld], None]] = {
    "restart": restart,
    "node loss": lambda world: lose(world, 1),
    "moved": move,
    "scaled up": lambda world: scale(world, 3),
}


def serves(world: FakeWorld) -> bool:
    """Say whether the old side alone serves: every old row that leads to a pod has the recorded weight, and nobody else."""
    old = {backend: weight for backend, weight in world.weights.items() if backend.port != NEW_PORT}
    led = [weight for backend, weight in old.items() if world._behind(backend)]
    return bool(led) and set(led) == {100} and set(world.weights) == set(old)


@pytest.mark.parametrize(
    ("kind", "event", "share"),
    [
        pytest.param(kind, event, share, id=f"{kind}, {event}, {share} %")
        for number, kind in enumerate(KINDS)
        for turn, event in enumerate(EVENTS)
        for share in ((10, 50, 90)[(number + turn) % 3],)
    ],
)
def test_behind_every_kind_of_slot_a_rollback_ends_with_the_living_pods_serving(
    make: Make, kind: str, event: str, share: int
) -> None:
    harness = make(truthful(KINDS[kind]()), SLOW)
    step = f"Shift {share} %"
    seen = once(step, lambda: EVENTS[event](harness.world), lambda p: soaked(p, 0.5))
    back = once(step, lambda: harness.ask(RequestKind.ROLLBACK), lambda p: soaked(p, 3.0))

    run = harness.process(leaves=lambda progress: seen(progress) or back(progress))

    assert run.state is State.ROLLED_BACK, harness.words()[-20:]
    assert serves(harness.world), harness.world.weights
    assert harness.world.balancer.harm == []


GIVEN_UP = [kind for kind in KINDS if kind != "controller"]
"""Kinds whose pods can be kept off the balancer while they live. A controller that registers by itself registers them again
as soon as step Detach has removed them, and gives returning pods weight at once; no driver is of that kind today."""


@pytest.mark.parametrize("kind", GIVEN_UP)
def test_behind_every_kind_of_slot_a_run_goes_on_to_the_end_after_a_restart(make: Make, kind: str) -> None:
    harness = make(truthful(KINDS[kind]()), SLOW)

    run = harness.process(leaves=once("Shift 50 %", lambda: restart(harness.world), lambda p: soaked(p, 0.5)))

    assert run.state is State.COMPLETED, harness.words()[-20:]
    assert harness.world.balancer.harm == []


@pytest.mark.parametrize("kind", KINDS)
def test_behind_every_kind_of_slot_the_old_side_is_kept_alive_while_paused(make: Make, kind: str) -> None:
    harness = make(truthful(KINDS[kind]()), SLOW)
    pause = once("Shift 50 %", lambda: harness.ask(RequestKind.PAUSE), lambda p: soaked(p, 0.5))
    harness.process(leaves=lambda progress: pause(progress) or resting(State.PAUSED)(progress))
    share = harness.world.share
    EVENTS["moved" if kind == "hostPort" else "restart"](harness.world)
    turns = iter(range(60))

    harness.process(leaves=lambda _progress: next(turns, None) is None)

    assert share / 2 < harness.world.share <= share + 0.5
    harness.ask(RequestKind.ROLLBACK)
    assert harness.process().state is State.ROLLED_BACK
    assert serves(harness.world), harness.world.weights
    assert harness.world.balancer.harm == []


def ports(weights: dict[Backend, int]) -> set[int]:
    return {backend.port for backend in weights}


@pytest.mark.parametrize("ends", ["completed", "rolled back"])
@pytest.mark.parametrize("kind", GIVEN_UP)
def test_behind_every_kind_of_slot_a_completed_run_is_reversed(make: Make, memory: Path, kind: str, ends: str) -> None:
    world = KINDS[kind]()
    before = world.weights
    there = Harness(memory, world, SLOW)
    assert there.process().state is State.COMPLETED
    world.gateways = FakeGateways(world.clock)
    world.balancer.new_pool = OLD_POOL  # as the plan of the way back names the groups
    weights = world.weights
    harness = make(world, reversed_spec(there.plan, there.run.id))
    back = once("Shift 50 %", lambda: harness.ask(RequestKind.ROLLBACK), lambda p: soaked(p, 0.5))

    run = harness.process(leaves=back if ends == "rolled back" else lambda _progress: False)

    assert run.ended, harness.words()[-20:]
    assert run.state is (State.ROLLED_BACK if ends == "rolled back" else State.COMPLETED), harness.words()[-20:]
    assert world.cluster.workload(DEPLOYMENT if ends == "completed" else DAEMONSET).exists
    assert {backend.port for backend in world.weights} == {
        backend.port for backend in (before if ends == "completed" else weights)
    }
    assert all(world.weights.values())
    assert world.balancer.harm == []
