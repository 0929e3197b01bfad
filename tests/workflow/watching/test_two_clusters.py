"""The guard, the watch of pods and the lists of nodes of sides in two clusters: each side is looked at in its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.app.plan.digest import digest
from migrator.domain.drift.standing import KUBE_SYSTEM
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json, Manifest, merged
from migrator.domain.observation.drifted import PodsMoved, WorldDrift
from migrator.domain.observation.world import Beyond
from migrator.domain.planning.make_plan import make
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.proposal import propose
from migrator.workflow.looking.node_lists import NodeLists
from migrator.workflow.noticing.pods import noticing_of
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.guarding import Guarding, rested
from tests.fakes.clusters import APART, THERE, TwoClusters
from tests.fakes.harness import Direct
from tests.fakes.objects import NAMESPACE
from tests.fakes.world import DEPLOYMENT, SPEC, FakeWorld

GATEWAY: Manifest = {
    "apiVersion": "networking.istio.io/v1",
    "kind": "Gateway",
    "metadata": {"name": "public", "namespace": NAMESPACE},
    "spec": {"selector": {"app": "gw"}, "servers": [{"hosts": ["*"]}]},
}
OTHER: Manifest = {**GATEWAY, "spec": {"selector": {"app": "gw"}, "servers": [{"hosts": ["other"]}]}}


def space(uid: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system", "uid": uid}}


@pytest.fixture
def both() -> TwoClusters:
    """Give two clusters that hold the same, and the old side in the first."""
    made, world = TwoClusters(), FakeWorld()
    for manifest in world.cluster.objects.values():
        made.home.add(manifest)
    for number, cluster in enumerate((made.home, made.other), 1):
        cluster.add(GATEWAY)
        cluster.add(space(f"c-{number}"))
    return made


def plan() -> Plan:
    """Give a plan of a world whose two clusters hold this Gateway."""
    look = FakeWorld().look(APART)
    lists: tuple[tuple[str, tuple[Json, ...]], ...] = (("Gateway", (GATEWAY,)),)
    here, there = ((*lists, ("Namespace", (space(f"c-{number}"),))) for number in (1, 2))
    objects = (*(row for row in look.objects if row[0] != "Namespace"), *here)
    world = replace(look, objects=objects, beyond=Beyond(there))
    return make(propose(world, APART), FakeWorld().clock.now(), "me", digest)


def guarded(both: TwoClusters) -> WorldDrift:
    """Look once, and give what was published."""
    board = Board()
    Guarding(rested(plan()), both.reader, board, both.clock, Direct())()
    return next(facet for facet in board.facets() if isinstance(facet, WorldDrift))


def names(drift: WorldDrift) -> set[str]:
    return {str(row.subject) for row in drift.found}


def test_clusters_that_hold_the_same_have_not_drifted(both: TwoClusters) -> None:
    assert guarded(both).found == ()


@pytest.mark.parametrize("side", list(Side))
def test_an_object_that_was_changed_in_one_cluster_alone_is_drift_of_that_side(both: TwoClusters, side: Side) -> None:
    (both.home if side is Side.OLD else both.other).add(OTHER)

    assert {row.code for row in guarded(both).found} == {"drift.one-sided"}


def test_an_object_that_was_changed_alike_in_both_is_nobodys_drift(both: TwoClusters) -> None:
    both.home.add(OTHER)
    both.other.add(OTHER)

    assert guarded(both).found == ()


def test_another_cluster_by_the_second_name_is_drift(both: TwoClusters) -> None:
    both.other.lose(KUBE_SYSTEM)
    both.other.add(space("c-3"))

    assert {row.code for row in guarded(both).found} == {"drift.cluster"}


def test_a_silent_second_cluster_hides_nothing_of_the_first(both: TwoClusters) -> None:
    both.other.orders.lasting(Unreachable(verbatim("silent")))
    made = merged(both.home.objects[DEPLOYMENT], {"spec": {"template": {"spec": {"hostname": "x"}}}})
    assert isinstance(made, dict)
    both.home.objects[DEPLOYMENT] = made

    assert {row.code for row in guarded(both).found} == {"drift.old-template"}


def test_the_pods_of_both_clusters_are_watched_each_in_its_own(both: TwoClusters) -> None:
    board = Board()
    watches = noticing_of(both.reader, APART, board, both.clock)
    for watch in watches:
        watch()

    assert (both.home.watched, both.other.watched) == (NAMESPACE, NAMESPACE)
    assert any(isinstance(facet, PodsMoved) for facet in board.facets())
    assert len(noticing_of(both.home, SPEC, board, both.clock)) == 1
    assert noticing_of(FakeWorld().cluster, SPEC, board, both.clock) == []


def test_the_nodes_are_those_of_the_new_sides_cluster(both: TwoClusters) -> None:
    both.other.add_node("node-9", "10.2.0.9", role="gateway")
    lists = NodeLists(plan(), both.reader, both.clock)

    assert [host.name for host in lists.read().found] == ["node-9"]
    assert THERE in both.reader.names
