"""A follower and readiness, on a fake world and a real store: an API server that hangs, kubelets that are silent, kills."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest

from migrator.app.run.standing import begin
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import State
from migrator.domain.model.spec import After
from tests.fakes.follower import AT_ONCE, Follower
from tests.fakes.harness import WRITES, Edge, Killed
from tests.workflow.test_follow import DOOMED, kinds

FAULT = "follow.cluster-fault"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Follower:
    """Give a world after its migration, which takes longer than what is tested behind it."""
    return Follower(tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def f(migrated: Follower, memory: Path) -> Follower:
    return twin_of(migrated, memory)


def rest_for(f: Follower, seconds: float) -> None:
    until = f.world.clock.monotonic() + seconds
    f.turns(lambda: f.world.clock.monotonic() >= until)


def test_while_the_api_server_hangs_for_two_minutes_and_then_half_the_kubelets_nothing_is_lowered(f: Follower) -> None:
    before = f.weights()
    rest_for(f, 5)
    f.world.cluster.orders.lasting(Unreachable(verbatim("no answer within 10 s")), 5.0)
    rest_for(f, 120)
    f.world.cluster.orders.forgive()
    f.silent("node-0", "node-1")
    rest_for(f, 120)

    assert kinds(f) == []
    assert f.weights() == before
    assert FAULT in "; ".join(f.words()[-3:])
    assert f.run.state is State.RUNNING

    f.silent("node-0", "node-1", is_over=True)
    rest_for(f, 10)

    assert kinds(f) == []
    assert FAULT not in f.words()[-1]


def test_one_silent_kubelet_costs_its_node_the_weight_after_the_patience_and_gives_it_back(f: Follower) -> None:
    f.silent("node-1")
    rest_for(f, 20)
    early = f.at("10.1.0.2")
    f.turns(lambda: not any(f.at("10.1.0.2")))
    f.silent("node-1", is_over=True)
    f.turns(lambda: all(f.at("10.1.0.2")))

    assert all(early)
    assert not f.world.balancer.harm


def twin_of(f: Follower, folder: Path) -> Follower:
    twin = f.twin(Path(mkdtemp(dir=folder)))
    assert isinstance(twin, Follower)
    return twin


def lifetime(f: Follower, dies_at: Edge | None = None) -> None:
    """A node leaves and another comes, and a third is not Ready for a while; whoever dies is followed by the next."""
    f.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")
    f.node("node-1", unschedulable=True, taints=DOOMED)
    f.silent("node-2")
    there = {f"l-{listener}/10.1.0.{number}" for listener in (1, 2) for number in (1, 3, 9)}

    def over() -> bool:
        return set(f.weights()) == there and not any(f.at("10.1.0.3")) and all(f.at("10.1.0.9"))

    try:
        f.turns(over, dies_at)
    except Killed:
        f.turns(over)


@pytest.mark.slow
def test_killed_at_each_write_the_next_one_gets_there_and_does_no_harm(f: Follower, memory: Path) -> None:
    model = twin_of(f, memory)
    lifetime(model)
    edges = [edge for edge in dict.fromkeys(model.edges) if edge.call in WRITES]
    assert len(edges) >= 8

    for edge in edges:
        twin = twin_of(f, memory)
        lifetime(twin, edge)

        assert twin.weights() == model.weights(), edge
        assert not twin.world.balancer.harm, edge


def without_its_store(f: Follower, folder: Path) -> Follower:
    """Give a follower of the same world that has lost its store: a plan file is all that it goes by."""
    f._file = folder / "another.db"
    with f.store() as store:
        run, f.plan = begin(store, replace(AT_ONCE, after=After.MIGRATOR), f.world.readers)
    f.spec, f._id = f.plan.spec, run.id
    return f


def test_a_follower_that_has_lost_its_store_raises_what_its_predecessor_had_lowered(f: Follower, memory: Path) -> None:
    full = f.weights()
    f.silent("node-1")
    f.turns(lambda: not any(f.at("10.1.0.2")))
    f.silent("node-1", is_over=True)

    other = without_its_store(f, memory)
    other.turns(lambda: other.weights() == full)

    assert not f.world.balancer.harm


def test_a_follower_by_its_plan_file_drains_and_registers_as_one_that_follows_a_run(f: Follower, memory: Path) -> None:
    other = without_its_store(f, memory)
    other.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")
    other.node("node-1", unschedulable=True, taints=DOOMED)

    other.turns(lambda: not other.at("10.1.0.2") and all(other.at("10.1.0.9")) and len(other.at("10.1.0.9")) == 2)

    assert not other.world.balancer.harm
