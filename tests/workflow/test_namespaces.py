"""A run whose sides are in two namespaces: what is each side's is found there, and the record stays where the gateway was."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.messages.findings import Waiver
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.refs import lease_ref
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.target import Derived, Network
from tests.fakes.objects import NAMESPACE, NEW
from tests.fakes.standing import SHORT as TO_ANOTHER
from tests.fakes.world import DEPLOYMENT, SERVICE, FakeWorld
from tests.words import text
from tests.workflow.conftest import Make

THERE = "edge-2"
SECOND = ObjectRef("apps/v1", "Deployment", THERE, NEW)
SHORT = replace(
    TO_ANOTHER,
    target=Derived(NEW, Network.POD, labels=(("version", "v2"),), workload_kind="Deployment", namespace=THERE),
    waivers=(*TO_ANOTHER.waivers, Waiver("selectors.service-elsewhere", "callers have another one there")),
)


def small() -> FakeWorld:
    return FakeWorld(listeners=("l-1",), nodes=2, replicas=2)


def test_a_run_moves_into_another_namespace_and_writes_no_service_of_the_first(make: Make) -> None:
    world = small()
    before = world.cluster.get(SERVICE)
    harness = make(world, SHORT)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    assert world.balancer.harm == []
    assert {backend.address for backend in world.weights} == {pod.ref.ip for pod in world.cluster.workload(SECOND).live}
    assert (world.cluster.get(DEPLOYMENT), world.cluster.get(SERVICE)) == (None, before)
    assert lease_ref(SHORT).namespace == NAMESPACE


def test_a_rollback_leaves_nothing_in_the_other_namespace(make: Make) -> None:
    world = small()
    weights = world.weights
    harness = make(world, SHORT)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Keep")
    harness.ask(RequestKind.ROLLBACK)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, harness.words()[-5:]
    assert (world.weights, world.balancer.harm) == (weights, [])
    assert [ref for ref in world.cluster.objects if ref.namespace == THERE] == []
