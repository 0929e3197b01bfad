"""A run whose old side holds the host ports that the new one needs: it is led over temporary node ports, and back."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.target import PortConflict
from tests.fakes.harness import Edge, Harness, Killed
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SERVICE, SPEC, FakeWorld, on, quick
from tests.words import text
from tests.workflow.conftest import Make

LED = on(quick(replace(SPEC, target=replace(SPEC.target, port_conflict=PortConflict.NODE_PORT))), "l-1")  # type: ignore[arg-type]
RARE = ("note", "verdict", "ruled", "passed")
OVER = (
    "Preflight", "Guard", "Open node ports", "Start stand-ins", "Lead over node ports", "Vacate host ports",
    "End old on host ports",
)  # fmt: skip
AFTER = (
    "Deploy", "AwaitReady", "VerifyConfig", "Attach new", "Shift 10 %", "Shift 50 %", "Shift 90 %", "Shift 100 %", "Keep",
    "Drain old", "Gate", "Detach old",
)  # fmt: skip


def holding() -> FakeWorld:
    """Give a world in which an old pod holds the new side's port on every node."""
    return FakeWorld(listeners=("l-1",), host_port=NEW_PORT)


def spec_of(world: FakeWorld) -> Manifest:
    """Give what the old Deployment wants, but for how many pods."""
    return {
        key: value for key, value in mapping(world.cluster.get(DEPLOYMENT) or {}, "spec").items() if key != "replicas"
    }


def going_back(harness: Harness, step: str) -> None:
    """Drive to a step and turn back there."""
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == step)
    harness.ask(RequestKind.ROLLBACK)


def assert_as_before(world: FakeWorld, before: Manifest) -> None:
    """Assert that the old side is on its host ports, and nothing of the run is left."""
    assert world.weights == world.originals
    assert spec_of(world) == before
    assert world.cluster.get(DAEMONSET) is None
    assert [ref.name for ref in world.cluster.objects if ref.kind == "Service"] == [SERVICE.name]
    assert world.balancer.harm == []


def test_the_old_side_is_led_over_node_ports_and_the_new_one_takes_its_host_ports(make: Make) -> None:
    world = holding()
    harness = make(world, LED)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    assert tuple(text(step.title) for step in harness.plan.steps) == (
        *OVER, *AFTER, "Retire", "Close node ports", "Confirm new",
    )  # fmt: skip
    assert world.balancer.harm == []
    assert {(backend.address, backend.port) for backend in world.weights} == {
        (f"10.1.0.{index}", NEW_PORT) for index in (1, 2, 3)
    }
    assert "gw-node-port" not in {ref.name for ref in world.cluster.objects}


@pytest.mark.parametrize("step", [*OVER[1:], *AFTER])
def test_a_rollback_from_anywhere_brings_the_old_pods_back_to_their_host_ports(make: Make, step: str) -> None:
    world = holding()
    before = spec_of(world)
    harness = make(world, LED)
    going_back(harness, step)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, harness.words()[-5:]
    assert_as_before(world, before)


@cache
def edges(back_from: str) -> tuple[Edge, ...]:
    """Give the first edge of each kind of call in every step."""
    with TemporaryDirectory() as folder:
        harness = Harness(Path(folder), holding(), LED)
        if back_from:
            going_back(harness, back_from)
            harness.edges.clear()
        harness.process()
        return tuple(e for e in harness.edges if e.when == "before" and e.nth <= 1 and e.call not in RARE)


@pytest.mark.parametrize("step", [*OVER[2:], "Close node ports"])
def test_the_next_process_finishes_what_a_killed_one_began(make: Make, step: str) -> None:
    deadly = [edge for edge in edges("") if edge.step == step]
    assert deadly
    for edge in deadly:
        world = holding()
        harness = make(world, LED)

        with pytest.raises(Killed):
            harness.process(dies_at=edge)
        run = harness.process()

        assert run.state is State.COMPLETED, (str(edge), harness.words()[-5:])
        assert world.balancer.harm == [], str(edge)


@pytest.mark.parametrize(
    "step", ["Start old on host ports", "Lead to host ports", "Vacate node ports", "End stand-ins"]
)
def test_the_next_process_finishes_a_way_back_that_a_killed_one_began(make: Make, step: str) -> None:
    deadly = [edge for edge in edges("Shift 50 %") if edge.step == step]
    assert deadly
    for edge in deadly:
        world = holding()
        before = spec_of(world)
        harness = make(world, LED)
        going_back(harness, "Shift 50 %")

        with pytest.raises(Killed):
            harness.process(dies_at=edge)
        run = harness.process()

        assert run.state is State.ROLLED_BACK, (str(edge), harness.words()[-5:])
        assert_as_before(world, before)
