"""A run between two clusters whose store is lost: it is adopted from the record at home, and goes back in both."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from migrator.adapters.clusters.leasing import Leases
from migrator.app.adopt import record
from migrator.app.adopt.adopting import recorded, require_not_here, taken
from migrator.app.adopt.by_hand import past_of, seen
from migrator.app.adopt.dead_man import Guard, Heard, homeward
from migrator.app.adopt.keeper import Keeper
from migrator.app.wiring import Wired
from migrator.domain.messages.errors import LeaseHeld, Refused
from migrator.domain.model.runs import RequestKind, Run, State
from migrator.domain.model.spec import ClusterSpec, OnSilence, SilenceSpec, Spec
from migrator.domain.ports.outside import ClusterReader
from tests.app.adopt import test_adopting
from tests.app.adopt.test_adopting import SECRET, Surviving, at, place_of
from tests.fakes.clusters import THERE
from tests.fakes.objects import NAMESPACE, OLD
from tests.fakes.two_worlds import TwoWorlds, two
from tests.fakes.world import DAEMONSET, DEPLOYMENT
from tests.workflow.test_back_to_the_first_cluster import gone_over

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


GUARDED = SilenceSpec(200.0, OnSilence.ROLLBACK)


class Guarded(Both):
    """A run between two clusters whose driver is gone; nobody else has its store. Its guard has the home's Lease alone."""

    def __init__(self, folder: Path, world: TwoWorlds | None = None, spec: Spec | None = None) -> None:
        super().__init__(folder, world or TwoWorlds(), replace(spec or two(), on_silence=GUARDED))
        self.until(at("Shift 50 %"))
        self.lose_the_store(folder / "guard")

    @property
    def ports(self) -> Wired:
        lease = self.world.wired.lease
        assert isinstance(lease, Leases)
        return replace(self.world.wired, lease=lease.home_first)

    def heard(self) -> Heard:
        """Let a guard listen for as long as the plan allows, and a little longer."""
        world = self.world
        listening = Guard(world.cluster, HERE, OLD, world.clock.monotonic, lambda _spec: world.readers)
        found = [listening.listen()]
        while len(found) < 42:
            world.clock.sleep(5.0)
            found.append(listening.listen())
        return found[-1]

    def taken_back(self) -> Run:
        """Take the run over as a guard does, and carry the way back out."""
        place, plan = recorded(self.world.cluster, HERE, OLD, nobody)
        with self.store() as store:
            run, _ = taken(store, place, plan, self.ports)
            self._id, self.plan = run.id, store.plan(run.plan_id)
            homeward(store, run)
        return self.process()


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guarded:
    monkeypatch.setattr(test_adopting, "wired", lambda world: world.wired)
    return Guarded(tmp_path)


def test_a_silent_run_is_taken_back_by_its_guard_in_the_first_cluster(guarded: Guarded) -> None:
    assert guarded.heard().due

    ended = guarded.taken_back()

    assert ended.state is State.ROLLED_BACK
    assert guarded.world.weights == guarded.world.originals
    assert guarded.world.other.get(DAEMONSET) is None


def test_a_guard_that_does_not_see_the_other_cluster_brings_the_traffic_back_and_removes_the_new_side_later(
    guarded: Guarded,
) -> None:
    world = guarded.world
    world.silent = True
    assert guarded.heard().due
    place, plan = recorded(world.cluster, HERE, OLD, nobody)
    with guarded.store() as store:
        run, _ = taken(store, place, plan, guarded.ports)
        guarded._id, guarded.plan = run.id, store.plan(run.plan_id)
        homeward(store, run)
    guarded.process(leaves=lambda _progress: world.share == 0.0)
    assert world.originals.items() <= world.weights.items()

    world.silent = False

    assert guarded.process().state is State.ROLLED_BACK
    assert world.other.get(DAEMONSET) is None


def test_a_driver_that_renews_the_other_clusters_lease_alone_keeps_nothing_from_being_taken_back(
    guarded: Guarded,
) -> None:
    guarded.world.other.acquire("driver@cut-off", 3600)

    assert guarded.taken_back().state is State.ROLLED_BACK
    assert guarded.world.weights == guarded.world.originals
    with pytest.raises(LeaseHeld, match="driver@cut-off"):
        guarded.world.other.acquire("eve", 30)


def test_who_has_the_homes_lease_keeps_the_run_from_a_guard(guarded: Guarded) -> None:
    guarded.world.cluster.acquire("driver@ops", 3600)

    with pytest.raises(LeaseHeld):
        guarded.taken_back()


def test_a_plan_back_is_guarded_from_the_gateways_home_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_adopting, "wired", lambda world: world.wired)
    world, back = gone_over(tmp_path)
    began = dict(world.weights)
    (tmp_path / "silent").mkdir()
    run = Guarded(tmp_path / "silent", world, back.spec)
    world.silent = True
    assert run.heard().said.code == "guard.blind"
    world.silent = False
    assert run.heard().due

    assert run.taken_back().state is State.ROLLED_BACK
    assert world.weights == began
    assert world.other.get(DAEMONSET) is not None
