"""A run whose plan says `onBreach: isolate` turns back from a bad gateway and keeps it for a look: nothing else differs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrator.app.adopt.by_hand import kept_of
from migrator.app.inspect.status import status
from migrator.domain.messages.errors import Denied, Refused, Unreachable, UsageError
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Pools
from migrator.domain.model.manifests import Manifest, ObjectRef, items, labels, selects
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import OnBreach
from migrator.domain.planning.survival.adoption import adopted
from migrator.domain.planning.survival.place import placed
from migrator.domain.steps.isolating.mark import MARK
from tests.fakes.apart import Apart
from tests.fakes.harness import Edge, Harness, Killed
from tests.fakes.objects import NAMESPACE
from tests.fakes.world import DAEMONSET, NEW_PORT, SERVICE, FakeWorld
from tests.words import text
from tests.workflow.conftest import Make
from tests.workflow.test_killed import SHORT, small

KEEPING = replace(SHORT, on_breach=OnBreach.ISOLATE)
BAD = "gw-ds-node-1"
STEP = f"Keep {BAD} for a look"


class OneBad(FakeWorld):
    """One of the new gateways answers half of its requests with an error."""

    def _bad(self, pod: str) -> float:
        return 0.5 if pod == BAD else 0.0


def world() -> FakeWorld:
    return OneBad(listeners=("l-1",), nodes=2, replicas=2)


def kept(world: FakeWorld) -> Manifest | None:
    return world.cluster.get(ObjectRef("v1", "Pod", NAMESPACE, BAD))


def assert_all_is_old(harness: Harness, edge: str = "") -> None:
    it = harness.world
    assert it.balancer.harm == [], edge
    assert {backend.port for backend in it.weights} != {NEW_PORT}, edge
    assert NEW_PORT not in {backend.port for backend in it.weights}, edge
    assert set(it.weights.values()) == {100}, edge
    assert it.cluster.get(DAEMONSET) is None, edge
    assert [pod.ref.name for pod in it.cluster.workload(DAEMONSET).pods] == [], edge
    with harness.store() as store:
        assert store.verify_chain(harness.run.id) is None, edge
        assert store.open_write(harness.run.id) is None, edge


def assert_is_kept(harness: Harness, edge: str = "") -> None:
    pod = kept(harness.world)
    assert pod is not None, edge
    assert items(pod, "metadata", "ownerReferences") == [], edge
    assert labels(pod, "metadata", "labels")[MARK] == "true", edge
    service = harness.world.cluster.get(SERVICE)
    assert service is not None, edge
    assert not selects(labels(service, "spec", "selector"), labels(pod, "metadata", "labels")), edge


def test_the_bad_gateway_is_kept_and_the_rest_is_removed_as_always(make: Make) -> None:
    harness = make(world(), KEEPING)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, run.why
    assert_all_is_old(harness)
    assert_is_kept(harness)
    with harness.store() as store:
        assert status(store, run).kept == BAD


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(lambda make: make(world(), SHORT), id="the plan has no such key"),
        pytest.param(lambda make: asked_to_go_back(make), id="a person asked for the way back"),
    ],
)
def test_nobody_is_kept_where_no_breach_of_such_a_plan_turned_the_run_back(make: Make, begun: object) -> None:
    assert callable(begun)
    harness: Harness = begun(make)

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert_all_is_old(harness)
    assert kept(harness.world) is None
    with harness.store() as store:
        assert status(store, run).kept == ""


def asked_to_go_back(make: Make) -> Harness:
    harness = make(small(), KEEPING)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Shift 50 %")
    harness.ask(RequestKind.ROLLBACK)
    return harness


@cache
def edges() -> tuple[Edge, ...]:
    """Give every edge of the way back, and of the step that turns it."""
    with TemporaryDirectory() as folder:
        harness = Harness(Path(folder), world(), KEEPING)
        harness.process()
        near = (STEP, "Detach new", "Remove new")  # dying after a call is dying before the next one
        return tuple(e for e in harness.edges if e.when == "before" and e.step in near)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whichever_write_it_dies_at_the_gateway_is_kept_and_the_way_back_is_whole(make: Make) -> None:
    deadly = edges()
    for edge in deadly:
        harness = make(world(), KEEPING)
        with pytest.raises(Killed):
            harness.process(dies_at=edge)

        run = harness.process()

        assert run.state is State.ROLLED_BACK, f"{edge}: {run.why}"
        assert_all_is_old(harness, str(edge))
        assert_is_kept(harness, str(edge))
    assert {edge.call for edge in deadly} >= {"patch", "delete", "intend", "accept", "settle", "move"}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Refused(verbatim("a webhook says no")), id="refused"),
        pytest.param(Denied(verbatim("pods is forbidden")), id="not allowed"),
        pytest.param(Unreachable(verbatim("no answer within 5 s")), id="no answer"),
    ],
)
def test_a_cluster_that_does_not_take_the_label_keeps_no_way_back_waiting(make: Make, answer: Exception) -> None:
    harness = make(world(), KEEPING)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == STEP)
    harness.world.cluster.orders.fail("patch", answer, times=3)
    before = harness.world.clock.monotonic()

    run = harness.process()

    assert run.state is State.ROLLED_BACK, run.why
    assert_all_is_old(harness)
    assert kept(harness.world) is None
    assert "keep-apart.refused" in str(harness.events())
    assert harness.world.clock.monotonic() - before < 120


def test_a_pod_that_is_gone_is_not_waited_for(make: Make) -> None:
    harness = make(world(), KEEPING)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == STEP)
    harness.world.cluster.lose(ObjectRef("v1", "Pod", NAMESPACE, BAD))

    run = harness.process()

    assert run.state is State.ROLLED_BACK, run.why
    assert "keep-apart.gone" in str(harness.events())


def test_a_successor_without_the_store_walks_the_same_way_back(make: Make) -> None:
    harness = make(world(), KEEPING)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Drain new")
    with harness.store() as store:
        run = harness.run
        route = store.route(run.id, run.heading)
        place = placed(run, "x", harness.plan.digest, route, store.past(run, harness.plan))
    pools = harness.progress[-1].seen
    assert pools is not None
    found = adopted(place, harness.plan, pools[Pools], True, str)

    assert found.home is not None
    assert [step.title for step in found.home] == [step.title for step in route]
    assert kept_of(found.home) == place.kept


def test_a_kept_gateway_is_deleted_by_its_mark_though_its_workload_is_gone(make: Make, memory: Path) -> None:
    harness = make(world(), KEEPING)
    harness.process()
    (memory / "later").mkdir()
    later = Apart(memory / "later", harness.world, KEEPING)

    with pytest.raises(UsageError, match=r"release\.no-workload"):
        later.release(BAD)
    run = later.release(BAD, end=True)

    assert run.state is State.COMPLETED, run.why
    assert kept(harness.world) is None
    assert harness.world.balancer.harm == []
