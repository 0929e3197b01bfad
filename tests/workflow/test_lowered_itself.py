"""A gateway's pod ends while no process of its run lives, and the container beside it takes it off: the run goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.side.companion import By, CompanionSpec
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived
from tests.fakes.harness import soaked
from tests.fakes.objects import NAMESPACE
from tests.fakes.world import DAEMONSET, NEW_PORT, FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_living import SLOW
from tests.workflow.test_requests import at

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # whole runs: the rule has tests of its own

GONE = "10.1.0.1"


def having(companion: CompanionSpec | None) -> Spec:
    assert isinstance(SLOW.target, Derived)
    return replace(SLOW, target=replace(SLOW.target, harden=True, companion=companion))


def end_one(world: FakeWorld) -> None:
    """Let the first node's pod end as its container lets it, and the next one come; nobody of the run is there."""
    world.clock.advance(60.0)
    world.balancer.hand(Backend("l-1", GONE, NEW_PORT), 0)
    world.cluster.lose(ObjectRef("v1", "Pod", NAMESPACE, "gw-ds-node-0"))
    world.cluster.workload(DAEMONSET)
    world.clock.advance(10.0)


@pytest.mark.parametrize("asks", [None, RequestKind.ROLLBACK], ids=["goes on", "goes back"])
def test_the_weight_that_it_took_off_is_no_foreign_hands(make: Make, asks: RequestKind | None) -> None:
    world = FakeWorld(listeners=("l-1",), nodes=3, replicas=3)
    harness = make(world, having(CompanionSpec("registry.example.com/migrator:1", By.BALANCER)))
    harness.process(leaves=at("Shift 50 %"))
    harness.process(leaves=lambda progress: soaked(progress, 0.5))
    end_one(world)
    if asks is not None:
        harness.ask(asks)

    run = harness.process()

    assert run.state is (State.COMPLETED if asks is None else State.ROLLED_BACK), run.why
    assert world.balancer.harm == []
    news = {backend.address: weight for backend, weight in world.weights.items() if backend.port == NEW_PORT}
    assert news == ({} if asks else dict.fromkeys(("10.1.0.1", "10.1.0.2", "10.1.0.3"), 100))


def test_where_no_container_does_so_it_is_one(make: Make) -> None:
    world = FakeWorld(listeners=("l-1",), nodes=3, replicas=3)
    harness = make(world, having(None))
    harness.process(leaves=at("Keep"))
    end_one(world)

    run = harness.process(leaves=lambda progress: progress.run.state is State.HALTED)

    assert run.state is State.HALTED
