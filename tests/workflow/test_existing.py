"""A run to a workload that stands already: the same turns, nothing of it is ever written, and it stays on the way back."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrator.app.inspect.status import status
from migrator.domain.model.actions import Word
from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Existing
from migrator.domain.steps import HandOver
from tests.fakes.harness import Edge, Harness, Killed
from tests.fakes.objects import NEW
from tests.fakes.standing import MAPPED, SHORT, daemon_set, deployment, owned, standing
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SCALER, SERVICE, FakeWorld
from tests.words import text
from tests.workflow.conftest import Make

RARE = ("note", "verdict", "ruled", "passed")
FORWARD = (
    "Preflight", "Guard", "Stand", "AwaitReady", "VerifyConfig", "Attach new", "Shift 10 %", "Shift 50 %", "Shift 90 %",
    "Shift 100 %", "Keep", "Drain old", "Gate", "Detach old", "Retire", "Confirm new",
)  # fmt: skip
BACK = (
    "Tell old to stay", "Attach old", "Restore old", "Drain new", "Detach new", "Tell new to stay", "Undo guard", "Confirm old",
)  # fmt: skip


def made(world: FakeWorld) -> Manifest:
    """Give the workload that stands, as a person would read it: but for its status."""
    found = world.cluster.get(DAEMONSET) or {}
    return {"metadata": found.get("metadata"), "spec": found.get("spec")}


def going_back(harness: Harness) -> None:
    """Drive to the last share's keep and turn back there."""
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Keep")
    harness.ask(RequestKind.ROLLBACK)


def test_a_run_moves_to_a_workload_that_stands_and_writes_nothing_of_it(make: Make) -> None:
    world = standing()
    before = made(world)
    harness = make(world, SHORT)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    assert [text(step.title) for step in harness.plan.steps] == list(FORWARD)
    assert {10, 50, 90, 100} <= {round(share) for share in world.shares}
    assert world.balancer.harm == []
    assert {backend.port for backend in world.weights} == {NEW_PORT}
    assert made(world) == before
    assert world.cluster.applied == []
    assert [world.cluster.get(ref) for ref in (DEPLOYMENT, SCALER)] == [None, None]


def test_a_rollback_leaves_the_workload_standing_and_told_to_stay(make: Make) -> None:
    world = standing()
    before, weights = made(world), world.weights
    harness = make(world, SHORT)
    going_back(harness)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, harness.words()[-5:]
    assert made(world) == before
    assert world.weights == weights
    assert {world.gateways.process(pod).word for pod in world.news()} == {Word.STAY}


@pytest.mark.parametrize("step", [*BACK])
def test_the_way_back_has_a_step_for_each_of_these(make: Make, step: str) -> None:
    assert step in {edge.step for edge in edges(back=True)}


@cache
def edges(back: bool) -> tuple[Edge, ...]:
    """Give the first edge of each kind of call in every step."""
    with TemporaryDirectory() as folder:
        harness = Harness(Path(folder), standing(), SHORT)
        if back:
            going_back(harness)
            harness.edges.clear()
        harness.process()
        return tuple(e for e in harness.edges if e.when == "before" and e.nth <= 1 and e.call not in RARE)


@pytest.mark.parametrize("step", ["Stand", "Attach new", "Shift 50 %", "Retire"])
def test_the_next_process_finishes_what_a_killed_one_began(make: Make, step: str) -> None:
    deadly = [edge for edge in edges(back=False) if edge.step == step]
    for edge in deadly:
        world = standing()
        before = made(world)
        harness = make(world, SHORT)
        with pytest.raises(Killed):
            harness.process(dies_at=edge)

        run = harness.process()

        assert run.state is State.COMPLETED, f"{edge}: {run.why}"
        assert world.balancer.harm == [], str(edge)
        assert world.shares == sorted(world.shares), str(edge)
        assert made(world) == before, str(edge)
    assert deadly


@pytest.mark.parametrize("step", ["Restore old", "Detach new", "Tell new to stay"])
def test_a_killed_way_back_is_finished_by_the_next_process(make: Make, step: str) -> None:
    deadly = [edge for edge in edges(back=True) if edge.step == step]
    for edge in deadly:
        world = standing()
        before, weights = made(world), world.weights
        service = mapping(world.cluster.get(SERVICE), "spec")
        harness = make(world, SHORT)
        going_back(harness)
        with pytest.raises(Killed):
            harness.process(dies_at=edge)

        run = harness.process()

        assert run.state is State.ROLLED_BACK, f"{edge}: {run.why}"
        assert world.balancer.harm == [], str(edge)
        assert (world.weights, made(world)) == (weights, before), str(edge)
        assert mapping(world.cluster.get(SERVICE), "spec") == service, str(edge)
    assert deadly


@pytest.mark.parametrize("seed", range(2))
def test_a_run_whose_processes_die_again_and_again_gets_there_all_the_same(make: Make, seed: int) -> None:
    world = standing()
    before = made(world)
    harness = make(world, SHORT)
    harness.many_lives(random.Random(seed), 40)

    assert harness.run.state is State.COMPLETED
    assert made(world) == before
    assert world.balancer.harm == []


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(daemon_set(host=False), id="a DaemonSet in the pods' network"),
        pytest.param(deployment(3), id="pods"),
    ],
)
def test_pods_that_stand_in_their_own_network_are_dialled_themselves(make: Make, new: Manifest) -> None:
    world = standing(new)
    kind = str(new["kind"])
    harness = make(world, of_kind(kind))

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    pods = {pod.ref.ip for pod in world.cluster.workload(harness.plan.seen.rests.objects[-1][0]).live}
    assert {backend.address for backend in world.weights} == pods


def of_kind(kind: str) -> Spec:
    return replace(SHORT, target=Existing(NEW, kind, MAPPED))


def hands_over(world: FakeWorld, spec: Spec, make: Make) -> Harness:
    """Drive until a person is told what to do."""
    harness = make(world, spec)
    harness.process(leaves=lambda progress: progress.words.code == "hand-over.waiting")
    return harness


def test_an_owned_workload_is_left_until_a_person_has_deleted_its_owner(make: Make) -> None:
    world = owned(standing())
    before = {ref: world.cluster.get(ref) for ref in (DEPLOYMENT, SCALER, SERVICE)}
    harness = hands_over(world, SHORT, make)
    assert harness.run.state is State.RUNNING
    with harness.store() as store:
        told = status(store, harness.run).newest
        noted = [event.data for event in store.events(harness.run.id) if event.data.get("about") == "hand-over"]
    assert told is not None
    assert told.says is not None
    assert (told.says.code, len(noted)) == ("hand-over.waiting", 1)
    assert {ref: mapping(world.cluster.get(ref), "spec") for ref in before} == {
        ref: mapping(found, "spec") for ref, found in before.items()
    }

    for ref in before:  # as its controller does
        world.cluster.lose(ref)
    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    assert world.balancer.harm == []
    assert not {edge.call for edge in harness.edges} & {"patch", "delete", "apply"}


def test_a_hand_over_that_nobody_has_begun_can_be_rolled_back(make: Make) -> None:
    harness = hands_over(owned(standing()), SHORT, make)
    step = next(step for step in harness.plan.steps if isinstance(step, HandOver))
    assert step.orders

    harness.ask(RequestKind.ROLLBACK)
    run = harness.process()

    assert run.state is State.ROLLED_BACK, "until a person has begun, the old side can take everything back"
    assert harness.world.weights == harness.world.originals


def test_a_killed_hand_over_tells_the_same_again(make: Make) -> None:
    harness = hands_over(owned(standing()), SHORT, make)
    harness.process(leaves=lambda progress: progress.words.code == "hand-over.waiting")

    harness.world.cluster.lose(DEPLOYMENT)
    assert harness.process().state is State.COMPLETED
