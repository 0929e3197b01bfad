"""After a run into another cluster: its gateway is restarted, followed and set apart there, by the run's own plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from migrator.adapters.planfile.read import read_file
from migrator.app.isolating.beginning import Wanted
from migrator.app.isolating.beginning import begin as begun
from migrator.app.isolating.placing import placed
from migrator.app.run.following import begin, stands
from migrator.app.run.installing import followed
from migrator.app.run.restarting import Asked, proposed, spec_of
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.refs import lease_ref
from migrator.domain.model.runs import State
from migrator.domain.model.spec import After, DrainSpec, OnTimeout, Spec
from migrator.domain.ports.outside import ClusterReader
from tests.fakes.clusters import APART, THERE
from tests.fakes.follower import AT_ONCE
from tests.fakes.harness import Harness
from tests.fakes.objects import NAMESPACE
from tests.fakes.two_worlds import TwoWorlds, two
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT
from tests.words import refused

SHORT = two(replace(AT_ONCE, after=After.MIGRATOR, drain=DrainSpec(20.0, OnTimeout.CUT)))
LAB = Path(__file__).parents[3] / "plans" / "lab-two-clusters.yaml"


class GoneOver(Harness):
    """A gateway that has moved into the other cluster. From there on nobody asks the first one any more."""

    world: TwoWorlds

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, TwoWorlds(), SHORT)
        self.moved = self.process()
        assert self.moved.state is State.COMPLETED, self.moved.why
        self.world.clock.advance(120.0)
        self.world.cluster = self.world.other
        self.progress.clear()

    def weights(self) -> dict[str, int]:
        """Give the weight of each node's first row."""
        rows = self.world.balancer.rows.items()
        return {b.address: entry.weight for b, entry in rows if b.port == NEW_PORT}


@pytest.fixture
def gone(tmp_path: Path) -> GoneOver:
    return GoneOver(tmp_path)


def test_the_restart_of_the_run_is_carried_out_in_the_new_sides_cluster(gone: GoneOver) -> None:
    before, pods = gone.weights(), {pod.ref.uid for pod in gone.world.cluster.workload(DAEMONSET).live}
    with gone.store() as store:
        spec = spec_of(store, "1", is_file=False)
        gone.plan = proposed(store, spec, gone.world.readers, Asked(soak=2.0))
        gone.spec, gone._id = gone.plan.spec, store.create_run(gone.plan).id

    ended = gone.process()

    assert ended.state is State.COMPLETED, ended.why
    assert (spec.cluster.context, spec.second) == (THERE, None)
    assert not pods & {pod.ref.uid for pod in gone.world.cluster.workload(DAEMONSET).live}
    assert gone.weights() == before
    assert gone.world.balancer.harm == []


def test_the_nodes_of_the_new_sides_cluster_are_looked_after(gone: GoneOver) -> None:
    world = gone.world
    with gone.store() as store:
        spec = stands(store, gone.moved)
        run, gone.plan = begin(store, gone.moved, world.readers)
    gone.spec, gone._id = gone.plan.spec, run.id
    world.cluster.add_node("far-9", "10.2.0.9", role="gateway")

    gone.process(leaves=lambda _progress: gone.weights().get("10.2.0.9") == 100)

    assert gone.weights()["10.2.0.9"] == 100
    assert (spec.cluster.context, spec.second) == (THERE, None)


def test_a_pod_of_the_new_side_is_set_apart_there_and_put_back(gone: GoneOver) -> None:
    a = gone
    name = sorted(pod.ref.name for pod in a.world.cluster.workload(DAEMONSET).live)[0]
    for end in (None, False):
        with a.store() as store:
            spec = placed(SHORT, name, lambda _own: a.world.cluster)
            a.plan, _ = begun(store, spec, Wanted(name, end), a.world.readers)
            a.spec, a._id = spec, store.create_run(a.plan).id
        ended = a.process()
        assert ended.state is State.COMPLETED, ended.why

    assert spec.cluster.context == THERE
    assert set(a.weights().values()) == {100}
    assert a.world.balancer.harm == []


def test_of_a_plan_with_two_clusters_the_one_that_has_the_pod_is_meant_and_the_other_not_asked_needlessly() -> None:
    world, asked = TwoWorlds(), list[Spec]()
    clusters = {"a": world.cluster, THERE: world.other}
    old = world.cluster.workload(DEPLOYMENT).live[0].ref.name

    def opened(own: Spec) -> ClusterReader:
        asked.append(own)
        return clusters[own.cluster.context or ""]

    assert placed(two(), old, opened).cluster.context == "a"
    assert [own.cluster.context for own in asked] == [THERE, "a"]
    with refused(
        UsageError, "isolate.in-neither", pod="nobody", namespace=NAMESPACE, contexts=("a", THERE), isolated=()
    ):
        placed(two(), "nobody", opened)


def test_a_plan_of_one_cluster_is_meant_as_it_is() -> None:
    def nobody(_own: Spec) -> ClusterReader:
        raise AssertionError("nobody is asked")

    one = replace(APART, second=None)
    assert placed(one, "pod", nobody) is one


def test_whoever_has_the_gateway_there_has_the_same_lease_as_a_run_between_both(gone: GoneOver) -> None:
    with gone.store() as store:
        spec = stands(store, gone.moved)

    assert lease_ref(spec).name == lease_ref(SHORT).name
    assert lease_ref(spec).namespace == lease_ref(SHORT).namespace


def test_a_plan_file_in_the_new_sides_cluster_says_nothing_of_the_other(tmp_path: Path) -> None:
    content = yaml.safe_load(LAB.read_text(encoding="utf-8"))
    content["spec"]["after"] = "migrator"
    (file := tmp_path / "plan.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    (found,) = followed([str(file)])
    (inside := tmp_path / "inside.yaml").write_text(found.file, encoding="utf-8")

    assert read_file(str(inside)).second is None
    assert (found.spec.second, found.spec.cluster.context) == (None, "lab-2")
