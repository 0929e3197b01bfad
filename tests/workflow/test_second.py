"""A run to a second Deployment: a new version of the first, whose pods the balancer dials themselves; and back again."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.target import Derived, Network
from tests.fakes.objects import NAMESPACE, NEW
from tests.fakes.standing import SHORT as TO_ANOTHER
from tests.fakes.world import DEPLOYMENT, FakeWorld
from tests.words import text
from tests.workflow.conftest import Make

SECOND = ObjectRef("apps/v1", "Deployment", NAMESPACE, NEW)
SHORT = replace(
    TO_ANOTHER,
    target=Derived(NEW, Network.POD, labels=(("version", "v2"),), workload_kind="Deployment"),
)


def small() -> FakeWorld:
    return FakeWorld(listeners=("l-1",), nodes=2, replicas=2)


def test_a_run_moves_to_a_second_deployment_and_removes_the_first(make: Make) -> None:
    world = small()
    harness = make(world, SHORT)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    assert world.balancer.harm == []
    assert {backend.address for backend in world.weights} == {pod.ref.ip for pod in world.cluster.workload(SECOND).live}
    assert world.cluster.get(DEPLOYMENT) is None


def test_a_rollback_takes_the_second_deployment_away_again(make: Make) -> None:
    world = small()
    weights = world.weights
    harness = make(world, SHORT)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Keep")
    harness.ask(RequestKind.ROLLBACK)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, harness.words()[-5:]
    assert (world.weights, world.cluster.get(SECOND), world.balancer.harm) == (weights, None, [])
