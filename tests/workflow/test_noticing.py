"""Pods that change are looked at once: told by a watch, listed where nobody may watch, listed afresh where that decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from migrator.domain.messages.errors import Denied, MigratorError, Unreachable
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.samples import Reading
from migrator.domain.model.workload import Workload
from migrator.domain.observation.drifted import PodsMoved
from migrator.domain.observation.sighting import ConnectionCounts
from migrator.domain.ports.outside import ClusterReader
from migrator.workflow.drive import awaited
from migrator.workflow.noticing.listed import workloads
from migrator.workflow.noticing.pods import APART, REFUSED_FOR, Noticing
from migrator.workflow.noticing.told import told_by
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.watch import Watch, Watched
from tests.fakes.clock import FakeClock
from tests.fakes.world import SPEC, FakeWorld


class Cluster:
    """A cluster that tells of so many changes each time it is followed, then raises what it is given."""

    def __init__(self, *changes: int, error: MigratorError | None = None) -> None:
        self.changes, self.error = list(changes), error
        self.followed: list[str] = []
        self.asked: list[tuple[str, ObjectRef]] = []
        self.ended = False

    def follow_pods(self, namespace: str, moved: Callable[[], None]) -> None:
        """Tell of the next changes."""
        self.followed.append(namespace)
        for _ in range(self.changes.pop(0) if self.changes else 0):
            moved()
        if self.error is not None:
            raise self.error

    def unfollow(self) -> None:
        """Note it."""
        self.ended = True

    def workload(self, ref: ObjectRef) -> Workload:
        """Note that it was listed."""
        self.asked.append(("listed", ref))
        return Workload(ref)

    def workload_as_watched(self, ref: ObjectRef) -> Workload:
        """Note that a list may stand."""
        self.asked.append(("watched", ref))
        return Workload(ref)


def noticing(cluster: Cluster) -> tuple[Noticing, Board, FakeClock]:
    board, clock = Board(), FakeClock()
    return Noticing(cluster, "ns", board, clock), board, clock


def seen(board: Board) -> PodsMoved:
    return next((facet for facet in board.facets() if isinstance(facet, PodsMoved)), PodsMoved())


def test_every_change_is_published_and_a_crowd_of_them_a_few_times_a_second() -> None:
    notice, board, clock = noticing(Cluster(3))
    notice()

    assert seen(board) == PodsMoved(3)
    assert clock.slept == [APART] * 3


def test_a_driver_that_rests_hears_of_it() -> None:
    notice, board, _ = noticing(Cluster(1))
    notice()

    assert PodsMoved in awaited(FakeWorld().plan().steps[0])
    assert board.await_facet({PodsMoved}, 0.0)


def test_where_nobody_may_watch_that_is_said_and_not_asked_for_again_for_a_while() -> None:
    cluster = Cluster(error=Denied(verbatim("no right")))
    notice, board, clock = noticing(cluster)
    notice()
    notice()
    assert (len(cluster.followed), seen(board).told) == (1, (say("look.pods-listed", namespace="ns"),))

    clock.advance(REFUSED_FOR)
    cluster.error, cluster.changes = None, [1]
    notice()
    assert (len(cluster.followed), seen(board)) == (2, PodsMoved(1))


def test_a_silence_is_for_the_watch_to_try_again() -> None:
    cluster = Cluster(error=Unreachable(verbatim("silent")))
    notice, board, _ = noticing(cluster)
    for _ in range(2):
        with pytest.raises(Unreachable):
            notice()

    assert (len(cluster.followed), seen(board)) == (2, PodsMoved())


def test_a_look_takes_lists_that_stand_but_not_where_somebody_may_be_called_a_stranger() -> None:
    cluster = Cluster()
    workloads(cast("ClusterReader", cluster), SPEC)
    workloads(cast("ClusterReader", cluster), SPEC, afresh=True)

    refs = [source_ref(SPEC), target_ref(SPEC)]
    assert cluster.asked == [("watched", ref) for ref in refs] + [("listed", ref) for ref in refs]


def test_a_cluster_that_cannot_be_watched_is_listed() -> None:
    world = FakeWorld()

    assert workloads(world.cluster, SPEC).old.ref == source_ref(SPEC)


def test_the_end_of_a_watch_ends_what_it_follows() -> None:
    world, cluster = FakeWorld(), Cluster()
    readers = replace(world.readers, cluster=cast("ClusterReader", cluster), witness=None)
    with Watch(Watched(SPEC, readers, Board(), world.clock, lambda: ())):
        pass

    assert cluster.ended


def test_what_nothing_is_held_for_is_told_all_the_same() -> None:
    listed = say("look.pods-listed", namespace="ns")
    readings = tuple(Reading(f"{side}", side, 0.0, "e", 0, 0, version=f"v-{side}") for side in Side)
    releases = say("drift.releases", old=(f"v-{Side.OLD}",), new=(f"v-{Side.NEW}",))

    assert told_by((object(), PodsMoved(1, (listed,)), ConnectionCounts(readings))) == (listed, releases)
    assert told_by((PodsMoved(), ConnectionCounts())) == ()
