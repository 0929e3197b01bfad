"""The record is kept by a thread of its own: what the cluster does not take is written at a later beat."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from migrator.app.adopt import record
from migrator.app.adopt.keeper import Keeper
from migrator.app.adopt.leftover import lost
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.planning.survival.place import Place
from tests.app.adopt.test_adopting import place_of
from tests.fakes.objects import NAMESPACE, OLD
from tests.fakes.world import FakeWorld, quick

WITHIN = 10.0


def kept(world: FakeWorld) -> Place | None:
    found = world.cluster.objects.get(record.place_ref(NAMESPACE, OLD))
    return record.place_in(found) if found else None


def test_a_place_is_written_and_one_that_the_cluster_did_not_take_is_written_later() -> None:
    world = FakeWorld()
    plan = world.plan(quick())
    place = place_of(plan)
    world.cluster.orders.fail("apply", Unreachable(verbatim("gone")), times=2)
    with Keeper(world.cluster, world.cluster, plan, beat=0.01) as keeper:
        keeper.take(place)
        keeper.take(moved := replace(place, cursor=3))
        until = time.monotonic() + WITHIN
        while kept(world) != moved and time.monotonic() < until:
            time.sleep(0.005)

    assert kept(world) == moved


def test_a_run_does_not_begin_without_its_record() -> None:
    world = FakeWorld()
    plan = world.plan(quick())
    world.cluster.orders.fail("apply", Refused(verbatim("no right")))

    with pytest.raises(Refused):
        Keeper(world.cluster, world.cluster, plan).begin(place_of(plan))


def test_a_record_tells_plan_of_a_lost_run_and_of_one_that_has_ended() -> None:
    world = FakeWorld()
    plan = world.plan(quick())
    assert lost(plan.spec, world.cluster, lambda _holder: False) is None
    Keeper(world.cluster, world.cluster, plan).begin(place_of(plan))

    found = lost(plan.spec, world.cluster, lambda _holder: False)

    assert found is not None
    assert (found.run, found.gateway, found.ended) == (1, f"{NAMESPACE}/{OLD}", False)
    over = lost(plan.spec, world.cluster, lambda _holder: True)
    assert over is not None
    assert over.ended
    world.cluster.orders.fail("get", Unreachable(verbatim("gone")))
    assert lost(plan.spec, world.cluster, lambda _holder: False) is None
