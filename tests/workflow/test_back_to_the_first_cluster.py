"""A plan back from the end of a run into another cluster: the gateway comes home, and the other cluster is left as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import CLUSTER, ObjectRef, mapping
from migrator.domain.model.refs import home, home_side, place, source_ref, target_ref
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.planning.reverse import reversed_spec
from migrator.domain.steps import Deploy, Retire
from migrator.workflow.drive import Progress
from tests.fakes.clusters import THERE
from tests.fakes.gateways import FakeGateways
from tests.fakes.harness import Harness
from tests.fakes.two_worlds import TwoWorlds, two
from tests.fakes.world import DAEMONSET, DEPLOYMENT, SCALER
from tests.words import text


def gone_over(folder: Path) -> tuple[TwoWorlds, Harness]:
    """Take a gateway from one cluster to the other, and give the run back that has been planned since."""
    world = TwoWorlds()
    there = Harness(folder, world, two())
    assert there.process().state is State.COMPLETED
    world.gateways = FakeGateways(world.clock)  # a pod that comes back under its old name is another process
    (folder / "back").mkdir()
    return world, Harness(folder / "back", world, reversed_spec(there.plan, there.run.id))


def soaking(title: str) -> Callable[[Progress], bool]:
    return lambda progress: text(progress.titles[progress.run.cursor]) == title and "soak" in progress.words.code


def services(world: TwoWorlds) -> list[ObjectRef]:
    return [ref for each in (world.cluster, world.other) for ref in each.objects if ref.kind == "Service"]


def test_the_gateways_home_stays_the_first_cluster_whichever_way_it_moves(tmp_path: Path) -> None:
    _, back = gone_over(tmp_path)
    spec = back.plan.spec

    assert (home_side(spec), home(spec).at) == (Side.NEW, "")
    assert (place(spec, Side.OLD).cluster.context, place(spec, Side.NEW).cluster.context) == (THERE, "a")
    assert (source_ref(spec).cluster, target_ref(spec).cluster) == (THERE, "")


def test_each_object_of_the_way_home_is_made_and_removed_in_its_own_cluster(tmp_path: Path) -> None:
    _, back = gone_over(tmp_path)
    deploy = next(step for step in back.plan.steps if isinstance(step, Deploy))
    retire = next(step for step in back.plan.steps if isinstance(step, Retire))

    assert {ref.cluster for ref in deploy.objects} == {""}
    assert not [each for each in back.plan.manifests if CLUSTER in mapping(each, "metadata", "annotations")]
    assert (retire.source.kind, retire.source.cluster) == ("DaemonSet", THERE)
    assert {ref.cluster for ref in retire.spare} <= {THERE}


def test_a_gateway_that_went_to_another_cluster_comes_home_and_leaves_nothing_there(tmp_path: Path) -> None:
    world, back = gone_over(tmp_path)

    assert back.process().state is State.COMPLETED
    assert world.balancer.harm == []
    assert world.share == 0.0
    assert world.cluster.get(DEPLOYMENT) is not None
    assert world.cluster.get(SCALER) is not None
    assert world.other.get(DAEMONSET) is None
    assert services(world) == []


def test_the_way_home_can_be_turned_back_too(tmp_path: Path) -> None:
    world, back = gone_over(tmp_path)
    back.process(leaves=soaking("Shift 50 %"))

    back.ask(RequestKind.ROLLBACK)

    assert back.process().state is State.ROLLED_BACK
    assert world.share == 100.0
    assert world.cluster.get(DEPLOYMENT) is None
    assert world.other.get(DAEMONSET) is not None
