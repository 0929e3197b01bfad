"""Whichever write a process dies at, the next one finishes: nothing is lost, doubled, or left with a foot in the air.

Dying after a write is dying before the next one, so every edge is looked at when each call's *before* is. Between two
calls nothing is kept in memory that counts.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import DrainSpec, OnTimeout, Strategy
from tests.fakes.harness import Edge, Harness, Killed
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SCALER, SERVICE, SPEC, FakeWorld, on, quick
from tests.words import text
from tests.workflow.conftest import Make

pytestmark = pytest.mark.no_cover  # whole runs: what they pass through has tests of its own

RARE = ("note", "verdict", "ruled", "passed")
SHORT = quick(
    on(replace(SPEC, traffic=replace(SPEC.traffic, soak=2.0), drain=DrainSpec(20.0, OnTimeout.CUT)), "l-1"), 1.0
)
AT_ONCE = replace(SHORT, strategy=Strategy.BLUE_GREEN)
FORWARD = (
    "Preflight", "Guard", "Deploy", "AwaitReady", "VerifyConfig", "Attach new", "Shift 10 %", "Shift 50 %", "Shift 90 %",
    "Shift 100 %", "Keep", "Drain old", "Gate", "Detach old", "Retire", "Confirm new",
)  # fmt: skip
BACK = (
    "Tell old to stay", "Attach old", "Restore old", "Drain new", "Detach new", "Remove new", "Undo guard", "Confirm old",
)  # fmt: skip


def small(weight: int = 100) -> FakeWorld:
    """Give a world of two old pods and two nodes."""
    return FakeWorld(listeners=("l-1",), nodes=2, replicas=2, weight=weight)


def going_back(harness: Harness) -> None:
    """Drive up to 100 % and ask for the way back."""
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Keep")
    harness.ask(RequestKind.ROLLBACK)


@cache
def edges(back: bool, often: int = 1) -> tuple[Edge, ...]:
    """Give the edges of a whole route, from one run that nobody kills: the first of each call at each step, or more."""
    with TemporaryDirectory() as folder:
        harness = Harness(Path(folder), small(), AT_ONCE if back else SHORT)
        if back:
            going_back(harness)
            harness.edges.clear()
        harness.process()
        return tuple(e for e in harness.edges if e.when == "before" and e.nth <= (1 if e.call in RARE else often))


@pytest.mark.slow
@pytest.mark.parametrize("step", FORWARD)
def test_the_next_process_finishes_what_a_killed_one_began(make: Make, step: str) -> None:
    """Traffic climbs 10, 50, 90, 100 and never falls; nothing weighted is ever removed."""
    deadly = [edge for edge in edges(back=False) if edge.step == step]
    for edge in deadly:
        dies_and_is_finished(make(small(), SHORT), edge)
    assert deadly


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("step", FORWARD)
def test_the_second_and_third_write_of_a_kind_are_no_different(make: Make, step: str) -> None:
    for edge in set(edges(back=False, often=3)) - set(edges(back=False)):
        if edge.step == step:
            dies_and_is_finished(make(small(), SHORT), edge)


def dies_and_is_finished(harness: Harness, edge: Edge) -> None:
    with pytest.raises(Killed):
        harness.process(dies_at=edge)

    run = harness.process()

    assert run.state is State.COMPLETED, f"{edge}: {run.why}"
    assert_all_is_new(harness, str(edge))


def assert_all_is_new(harness: Harness, edge: str) -> None:
    assert {10, 50, 90, 100} <= {round(share) for share in harness.world.shares}, edge
    assert_all_is_new_at_once(harness, edge)


def assert_all_is_new_at_once(harness: Harness, edge: str) -> None:
    world = harness.world
    assert world.balancer.harm == [], edge
    assert world.shares == sorted(world.shares), edge
    assert {backend.port for backend in world.weights} == {NEW_PORT}, edge
    assert all(world.weights.values()), edge
    assert [world.cluster.get(ref) for ref in (DEPLOYMENT, SCALER)] == [None, None], edge
    with harness.store() as store:
        assert store.verify_chain(harness.run.id) is None, edge
        assert store.open_write(harness.run.id) is None, edge


@pytest.mark.slow
@pytest.mark.parametrize("step", [*BACK, "Keep"])
def test_a_killed_way_back_is_finished_by_the_next_process(make: Make, step: str) -> None:
    """The recorded weights return exactly, what was made is gone, what was changed is undone."""
    deadly = [edge for edge in edges(back=True) if edge.step == step]
    for edge in deadly:
        harness = make(small(), AT_ONCE)
        guarded = [harness.world.cluster.get(ref) for ref in (SERVICE, SCALER)]
        going_back(harness)
        with pytest.raises(Killed):
            harness.process(dies_at=edge)

        run = harness.process()

        assert run.state is State.ROLLED_BACK, f"{edge}: {run.why}"
        assert_all_is_as_before(harness, guarded, str(edge))


@pytest.mark.slow
def test_a_rollback_after_a_death_anywhere_in_retire_finds_the_old_side_whole_or_already_gone(make: Make) -> None:
    """Until the old workload's deletion is certain, everything returns: what Retire had pointed at the new side as well."""
    ends = set()
    for edge in (edge for edge in edges(back=False, often=3) if edge.step == "Retire"):
        harness = make(small(), AT_ONCE)
        guarded = [harness.world.cluster.get(ref) for ref in (SERVICE, SCALER)]
        with pytest.raises(Killed):
            harness.process(dies_at=edge)
        there = harness.world.cluster.get(DEPLOYMENT) is not None
        harness.ask(RequestKind.ROLLBACK)

        run = harness.process()

        ends.add(run.state)
        if run.state is State.ROLLED_BACK:
            assert there, edge
            assert harness.world.cluster.get(DEPLOYMENT) is not None, edge
            assert_all_is_as_before(harness, guarded, str(edge))
        else:
            assert run.state is State.COMPLETED, f"{edge}: {run.why}"
            assert_all_is_new_at_once(harness, str(edge))
    assert ends == {State.ROLLED_BACK, State.COMPLETED}


def assert_all_is_as_before(harness: Harness, guarded: list[object], edge: str) -> None:
    world = harness.world
    assert world.balancer.harm == [], edge
    assert world.weights == world.originals, edge
    assert world.cluster.get(DAEMONSET) is None, edge
    assert [_spec(world.cluster.get(ref)) for ref in (SERVICE, SCALER)] == [_spec(found) for found in guarded], edge
    top = world.shares.index(max(world.shares))
    assert world.shares[top:] == sorted(world.shares[top:], reverse=True), edge


def _spec(manifest: object) -> object:
    assert isinstance(manifest, dict)
    return manifest["spec"]


@pytest.mark.parametrize("seed", range(4))
def test_a_run_whose_processes_die_again_and_again_gets_there_all_the_same(make: Make, seed: int) -> None:
    chance = random.Random(seed)
    harness = make(small(weight=10), SHORT)
    harness.many_lives(chance, 40)

    assert harness.run.state is State.COMPLETED
    assert_all_is_new(harness, f"seed {seed}")


@pytest.mark.parametrize("seed", range(3))
def test_a_way_back_whose_processes_die_again_and_again_gets_there_all_the_same(make: Make, seed: int) -> None:
    chance = random.Random(seed)
    harness = make(small(weight=10), SHORT)
    guarded: list[object] = [harness.world.cluster.get(ref) for ref in (SERVICE, SCALER)]
    going_back(harness)
    harness.many_lives(chance, 25)

    assert harness.run.state is State.ROLLED_BACK
    assert_all_is_as_before(harness, guarded, f"seed {seed}")


def test_the_edges_cover_every_write_of_the_route() -> None:
    calls = {edge.call for edge in (*edges(back=False), *edges(back=True))}

    assert calls >= {"register", "set_weights", "deregister", "apply", "patch", "delete", "tell"}
    assert calls >= {"intend", "accept", "settle", "move", "passed", "obeyed"}
    assert {edge.step for edge in edges(back=False)} - {""} <= set(FORWARD)
