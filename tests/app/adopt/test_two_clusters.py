"""A run between two clusters whose store is lost: it is adopted from the record at home, and goes back in both."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from migrator.app.adopt import record
from migrator.app.adopt.adopting import recorded, require_not_here, taken
from migrator.app.adopt.by_hand import past_of, seen
from migrator.app.adopt.dead_man import Guard
from migrator.app.adopt.keeper import Keeper
from migrator.app.wiring import Wired
from migrator.domain.messages.errors import LeaseHeld, Refused, UsageError
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.ports.outside import ClusterReader
from tests.app.adopt import test_adopting
from tests.app.adopt.test_adopting import SECRET, Surviving, at, place_of
from tests.fakes.clusters import THERE
from tests.fakes.objects import NAMESPACE, OLD
from tests.fakes.two_worlds import TwoWorlds, two
from tests.fakes.world import DAEMONSET, DEPLOYMENT
from tests.words import refused

HERE = ClusterSpec(NAMESPACE, "a", "/other/machine")


def nobody(_where: ClusterSpec) -> NoReturn:
    raise AssertionError("the other cluster is asked only when home does not say enough")


class Both(Surviving):
    """A run between two clusters."""

    world: TwoWorlds

    def adopt(self) -> None:
        """Take the run over: the record is read at home."""
        place, plan = recorded(self.world.cluster, HERE, OLD, nobody)
        with self.store() as store:
            require_not_here(store, plan)
            run, _ = taken(store, place, plan, self.world.wired)
            self._id, self.plan = run.id, store.plan(run.plan_id)


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    def wired(world: TwoWorlds) -> Wired:
        return world.wired

    monkeypatch.setattr(test_adopting, "wired", wired)
    harness = Both(tmp_path, TwoWorlds(), two())
    harness.until(at("Shift 50 %"))
    return harness


def test_the_way_back_works_from_the_record_of_the_gateways_home(half: Both, tmp_path: Path) -> None:
    assert half.world.other.get(DAEMONSET) is not None
    assert half.world.cluster.get(DAEMONSET) is None
    assert record.place_ref(NAMESPACE, OLD) in half.world.cluster.objects
    assert not [ref for ref in half.world.other.objects if ref.kind == "ConfigMap"]
    half.lose_the_store(tmp_path / "new")
    half.adopt()
    assert (half.plan.spec.cluster, half.plan.spec.second) == (HERE, ClusterSpec(NAMESPACE, THERE, HERE.kubeconfig))

    half.ask(RequestKind.ROLLBACK)
    ended = half.process()

    assert ended.state is State.ROLLED_BACK
    assert half.world.weights == half.world.originals
    assert half.world.other.get(DAEMONSET) is None
    assert half.world.cluster.get(DEPLOYMENT) is not None


def test_an_adopted_run_goes_on_to_its_end_in_the_other_cluster(half: Both, tmp_path: Path) -> None:
    half.lose_the_store(tmp_path / "new")
    half.adopt()

    half.ask(RequestKind.RESUME)

    assert half.process().state is State.COMPLETED
    assert half.world.share == 100.0
    assert half.world.other.get(DAEMONSET) is not None
    assert half.world.cluster.get(DEPLOYMENT) is None


@pytest.mark.parametrize("other", [False, True], ids=["at home", "in the other cluster"])
def test_who_has_one_of_the_leases_keeps_the_run_and_the_other_one_stays_free(
    half: Both, tmp_path: Path, other: bool
) -> None:
    held, free = (half.world.cluster, half.world.other)[:: -1 if other else 1]
    half.lose_the_store(tmp_path / "new")
    held.acquire("eve@laptop", 30)

    with pytest.raises(LeaseHeld):
        half.adopt()

    free.acquire("bob@laptop", 30)


def test_by_hand_the_other_clusters_backends_are_lowered(half: Both) -> None:
    place, plan = recorded(half.world.cluster, HERE, OLD, nobody)

    stands = seen(plan, past_of(place), half.world.readers)

    assert {row.backend: row.weight for row in stands.old} == half.world.originals
    assert {backend.address[:5] for backend in stands.new} == {"10.2."}


def test_values_that_only_the_other_clusters_workload_has_are_read_there() -> None:
    world = TwoWorlds()
    source: Any = copy.deepcopy(world.cluster.objects[DEPLOYMENT])
    source["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "PASSWORD", "value": SECRET}]
    world.cluster.objects[DEPLOYMENT] = source
    world.clock.advance(5.0)
    plan = world.plan(two())
    Keeper(world.cluster, world.cluster, plan).begin(place_of(plan))
    asked: list[ClusterSpec] = []

    def there(where: ClusterSpec) -> ClusterReader:
        asked.append(where)
        return world.other

    recorded(world.cluster, HERE, OLD, nobody)
    world.cluster.lose(DEPLOYMENT)
    with pytest.raises(Refused):
        recorded(world.cluster, HERE, OLD, there)
    world.other.add({**source, "kind": "DaemonSet", "metadata": {"name": DAEMONSET.name, "namespace": NAMESPACE}})

    assert SECRET in str(recorded(world.cluster, HERE, OLD, there)[1].manifests)
    assert asked == [ClusterSpec(NAMESPACE, THERE, HERE.kubeconfig)] * 2


def test_another_kubeconfig_of_the_plan_stays_the_other_clusters() -> None:
    world, spec = TwoWorlds(), two()
    assert spec.second is not None
    plan = world.plan(replace(spec, second=replace(spec.second, kubeconfig="/b")))
    Keeper(world.cluster, world.cluster, plan).begin(place_of(plan))

    assert recorded(world.cluster, HERE, OLD, nobody)[1].spec.second == ClusterSpec(NAMESPACE, THERE, "/b")


def test_no_guard_takes_back_what_is_in_two_clusters(half: Both) -> None:
    world = half.world
    guard = Guard(world.cluster, HERE, OLD, world.clock.monotonic, lambda _spec: world.readers)

    with refused(UsageError, "guard.holds", run=half.run.id, name=half.run.name):
        guard.listen()
