"""Whose a row is: before one is called foreign the cluster is asked again, and what comes by the plan's selector is ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.model.balancer import Backend, Pools, Side, Weighted
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.pod_targets import Door
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import JournalFacts, Requests, Sighting
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Detach
from migrator.workflow.looking.look import Look
from migrator.workflow.looking.whose import People, presumed, told_apart
from migrator.workflow.watching.board import Board
from tests.domain.seen import START
from tests.fakes.harness import Direct
from tests.fakes.objects import OLD_PORT
from tests.fakes.upheaval import followed, scale
from tests.fakes.world import DAEMONSET, DEPLOYMENT, SPEC, FakeWorld, on

NODE_PORT = 30080
NEWCOMER = Backend("l-1", "10.1.0.9", NODE_PORT)


class Before:
    """A cluster whose first list of the old side may be from before pods came; it counts how often workloads are read."""

    def __init__(self, cluster: Any, *earlier: Workload) -> None:
        self._cluster, self._earlier, self.read = cluster, list(earlier), 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cluster, name)

    def workload(self, ref: ObjectRef) -> Any:
        self.read += 1
        return self._earlier.pop() if ref == DEPLOYMENT and self._earlier else self._cluster.workload(ref)


def looking(world: FakeWorld, plan: Plan, cluster: Any = None) -> Look:
    readers = replace(world.readers, cluster=cluster or world.cluster)
    return Look(readers, plan, Board(), world.clock, Direct())


def seen(look: Look, plan: Plan) -> Sighting:
    run = Run(1, plan.id, "edge", State.RUNNING, Heading.FORWARD, 0, START, START)
    past = JournalFacts(weights={row.backend: (row.weight,) for row in plan.seen.old})
    return look(run, plan.steps[0], past, Requests())


def test_before_a_row_is_called_foreign_the_pods_are_listed_afresh() -> None:
    world = FakeWorld(listeners=("l-1",))
    plan, earlier = world.plan(on(SPEC, "l-1")), world.cluster.workload(DEPLOYMENT)
    scale(world, 4)
    followed(world)

    pools = seen(looking(world, plan, Before(world.cluster, earlier)), plan)[Pools]

    assert pools.of(None) == ()
    assert len(pools.of(Side.OLD)) == 4


def test_a_stranger_is_looked_up_once() -> None:
    world = FakeWorld(listeners=("l-1",))
    plan = world.plan(on(SPEC, "l-1"))
    world.balancer.hand(Backend("l-1", "10.9.9.9", OLD_PORT), 5)
    cluster = Before(world.cluster)
    look = looking(world, plan, cluster)

    found = [[row.backend.address for row in seen(look, plan)[Pools].of(None)] for _ in range(3)]

    assert found == [["10.9.9.9"]] * 3
    assert cluster.read == 2 * 3 + 2


def test_a_node_that_joins_and_is_dialled_at_the_node_port_is_no_stranger() -> None:
    world = FakeWorld(listeners=("l-1",), node_port=NODE_PORT)
    plan = world.plan(on(SPEC, "l-1"))
    look = looking(world, plan)
    seen(look, plan)
    world.cluster.add_node("node-9", NEWCOMER.address)
    world.balancer.hand(NEWCOMER, 100)

    pools = seen(look, plan)[Pools]

    assert NEWCOMER in {row.backend for row in pools.of(Side.OLD)}


def test_a_process_that_never_saw_the_cluster_presumes_the_old_pods_that_were_taken_off_to_be_there() -> None:
    world = FakeWorld(listeners=("l-1",))
    plan = world.plan(on(SPEC, "l-1"))
    detach = next(at for at, step in enumerate(plan.steps) if isinstance(step, Detach))
    gone, other = Backend("l-1", "10.1.0.7", OLD_PORT), Backend("l-1", "10.1.0.8", OLD_PORT)

    found = presumed(plan, JournalFacts(removed={gone: detach, other: 0}))

    assert [pod.ref.ip for pod in found.old.pods] == ["10.1.0.7"]
    assert found.old.uid == plan.seen.source_uid


@pytest.mark.parametrize(
    ("old_port", "address", "side"),
    [
        pytest.param(OLD_PORT, "10.1.0.7", Side.NEW, id="at the new side's own port"),
        pytest.param(18080, "10.1.0.2", Side.NEW, id="at a port of both sides, at a node's address"),
        pytest.param(18080, "10.0.0.77", Side.OLD, id="at a port of both sides, at a pod's address"),
    ],
)
def test_a_row_of_a_node_that_came_and_went_is_the_side_s_that_its_port_and_address_tell(
    old_port: int, address: str, side: Side
) -> None:
    world = FakeWorld(listeners=("l-1",))
    plan = world.plan(on(SPEC, "l-1"))
    once = Backend("l-1", address, 18080)
    known = tuple(Weighted(replace(row.backend, port=old_port), row.weight) for row in plan.seen.old)
    doors = (Door("l-1", old_port),)
    rest = tuple(each for each in plan.seen.new if each != once)
    plan = replace(plan, seen=replace(plan.seen, old=known, doors=doors, new=rest))
    world.balancer.hand(once, 0)
    past = JournalFacts(weights={once: (0,)} | {row.backend: (row.weight,) for row in known})

    standing = (world.balancer.targets(), world.balancer.capabilities())
    pools = told_apart(plan, standing, People(None), past)

    assert [row.side for row in pools.rows if row.backend == once] == [side]


def test_a_restart_that_has_not_seen_the_cluster_presumes_pods_of_the_former_revision_that_nobody_can_read() -> None:
    world = FakeWorld(listeners=("l-1",))
    plan = world.plan(on(SPEC, "l-1"))
    plan = replace(plan, seen=replace(plan.seen, former=("r1",)))

    people = presumed(plan, JournalFacts())

    assert {pod.ref.ip for pod in people.old.pods} == {row.backend.address for row in plan.seen.old}
    assert people.old.ref == people.new.ref == DAEMONSET
    assert not people.new.pods
