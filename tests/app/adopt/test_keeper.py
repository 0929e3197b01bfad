"""The record is kept by a thread of its own: what the cluster does not take is written at a later beat."""

from __future__ import annotations

import copy
import time
from dataclasses import replace
from threading import Event

import pytest

from migrator.app.adopt import record
from migrator.app.adopt.keeper import Keeper
from migrator.app.adopt.leftover import lost
from migrator.domain.messages.errors import LeaseLost, Refused, Unreachable
from migrator.domain.messages.message import Message, verbatim
from migrator.domain.model.manifests import ObjectRef
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


@pytest.mark.parametrize("wound", ["place", "plan", "gone"])
@pytest.mark.parametrize("owned", [False, True], ids=["taken back by apply", "owned by whoever edited it"])
def test_a_record_that_somebody_edits_is_written_again_and_told(wound: str, owned: bool) -> None:
    world = FakeWorld()
    plan = world.plan(quick())
    place = place_of(plan)
    heard: list[str] = []
    refs = {"place": record.place_ref(NAMESPACE, OLD), "plan": record.part_ref(NAMESPACE, OLD, 1)}
    refs["gone"] = refs["plan"]

    def tell(troubles: tuple[Message, ...]) -> None:
        heard.extend(trouble.code for trouble in troubles)

    with Keeper(world.cluster, world.cluster, plan, beat=0.01, look=0.01, tell=tell) as keeper:
        keeper.take(place)
        until = time.monotonic() + WITHIN
        while kept(world) != place and time.monotonic() < until:
            time.sleep(0.005)
        if owned and wound != "gone":
            world.cluster.orders.fail("apply", Refused(verbatim("conflict: kubectl-edit owns it")), times=1)
        hurt(world, refs[wound], wound)
        while "record.written-again" not in heard and time.monotonic() < until:
            time.sleep(0.005)

    assert record.read(world.cluster, NAMESPACE, OLD).place == place
    assert "record.written-again" in heard


def hurt(world: FakeWorld, ref: ObjectRef, wound: str) -> None:
    if wound == "gone":
        world.cluster.lose(ref)
    else:
        edited = copy.deepcopy(world.cluster.objects[ref])
        edited["data"][wound] = "edited"  # type: ignore[index,call-overload]
        world.cluster.objects[ref] = edited


def test_a_record_that_cannot_be_written_is_told_and_once_it_can_no_longer() -> None:
    world = FakeWorld()
    plan = world.plan(quick())
    world.cluster.orders.fail("apply", Unreachable(verbatim("gone")), times=2)
    heard: list[tuple[str, ...]] = []
    with Keeper(
        world.cluster, world.cluster, plan, 0.01, tell=lambda rows: heard.append(tuple(row.code for row in rows))
    ) as keeper:
        keeper.take(place_of(plan))
        until = time.monotonic() + WITHIN
        while len(heard) < 3 and time.monotonic() < until:
            time.sleep(0.005)

    assert heard[:3] == [("record.not-kept",), ("record.not-kept",), ()]


@pytest.mark.parametrize("wound", ["place", "plan"])
def test_a_damaged_record_tells_plan_why_it_cannot_be_used(wound: str) -> None:
    world = FakeWorld()
    plan = world.plan(quick())
    Keeper(world.cluster, world.cluster, plan).begin(place_of(plan))
    ref = record.place_ref(NAMESPACE, OLD) if wound == "place" else record.part_ref(NAMESPACE, OLD, 1)
    hurt(world, ref, wound)

    found = lost(plan.spec, world.cluster, lambda _holder: False)

    assert found is not None
    assert found.damage is not None
    assert (found.damage.code, found.run) == (("adopt.edited", 0) if wound == "place" else ("adopt.not-whole", 1))


def test_a_process_that_wakes_up_does_not_write_the_record_of_a_run_that_was_taken_over() -> None:
    world = FakeWorld()
    plan, asked = world.plan(quick()), Event()

    def require() -> None:
        asked.set()
        raise LeaseLost(verbatim("taken over"))

    with Keeper(world.cluster, world.cluster, plan, beat=0.01, look=0.01, require=require) as keeper:
        keeper.take(place_of(plan))
        assert asked.wait(WITHIN)

    assert kept(world) is None
