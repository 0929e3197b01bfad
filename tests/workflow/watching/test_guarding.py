"""The guard's look at the cluster: what may not be read is left out for a while, and what is another object is not ours."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import pytest

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, merged, ref_of
from migrator.domain.model.refs import target_ref
from migrator.domain.observation.drifted import GuardUndone, WorldDrift
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.cluster_reads import REFUSED_FOR
from migrator.workflow.watching.guarding import NODES_EVERY, Guarding, rested
from tests.fakes.harness import Direct
from tests.fakes.objects import NAMESPACE, OLD
from tests.fakes.world import FakeWorld

SERVICE = ObjectRef("v1", "Service", NAMESPACE, OLD)
HPA = ObjectRef("autoscaling/v2", "HorizontalPodAutoscaler", NAMESPACE, OLD)


@pytest.fixture
def world() -> FakeWorld:
    """Give a world at rest."""
    return FakeWorld()


def guard(world: FakeWorld) -> tuple[Guarding, Board]:
    """Give a guard of a plan of this world, and the board on which it publishes."""
    board = Board()
    return Guarding(rested(world.plan()), world.cluster, board, world.clock, Direct()), board


def seen(board: Board, kind: type[WorldDrift | GuardUndone]) -> WorldDrift | GuardUndone:
    """Give what was published last."""
    return next(facet for facet in board.facets() if isinstance(facet, kind))


def changed(world: FakeWorld, ref: ObjectRef, patch: Manifest) -> None:
    """Let somebody change an object."""
    made = merged(world.cluster.objects[ref], patch)
    assert isinstance(made, dict)
    world.cluster.objects[ref] = made


def closed(world: FakeWorld, ref: ObjectRef) -> list[ObjectRef]:
    """Let nobody read an object; give every object that was asked for from now on."""
    read: Callable[[ObjectRef], Manifest | None] = world.cluster.get
    asked: list[ObjectRef] = []

    def get(wanted: ObjectRef) -> Manifest | None:
        asked.append(wanted)
        if wanted == ref:
            raise Refused(verbatim("forbidden"))
        return read(wanted)

    world.cluster.get = get  # type: ignore[method-assign]
    return asked


def test_an_object_that_we_may_not_read_is_left_out_and_asked_for_again_later(world: FakeWorld) -> None:
    look, board = guard(world)
    changed(world, HPA, {"spec": {"maxReplicas": 1}})
    asked = closed(world, HPA)

    look()
    look()

    assert seen(board, WorldDrift).found == ()
    assert asked.count(HPA) == 1

    world.clock.advance(REFUSED_FOR + 1)
    look()

    assert asked.count(HPA) == 2


def test_an_object_that_was_made_anew_is_not_the_one_that_guard_changed(world: FakeWorld) -> None:
    look, board = guard(world)
    look()
    assert [one.change.ref for one in seen(board, GuardUndone).found] == [SERVICE, HPA]  # type: ignore[union-attr]

    changed(world, SERVICE, {"metadata": {"uid": "another"}})
    look()

    assert [one.change.ref for one in seen(board, GuardUndone).found] == [HPA]  # type: ignore[union-attr]


def test_what_does_not_stand_is_told_in_both_of_its_forms(world: FakeWorld) -> None:
    look, board = guard(world)
    change = next(one for one in world.plan().changes if one.ref == SERVICE)
    forms = []
    for patch in ({}, change.patch, change.after):
        changed(world, SERVICE, dict(mapping(patch)))
        look()
        found = [one for one in seen(board, GuardUndone).found if one.change.ref == SERVICE]  # type: ignore[union-attr]
        forms += [(one.guarded, one.led) for one in found]

    assert forms == [(False, False), (True, False), (False, True)]


def test_a_look_reads_each_object_once(world: FakeWorld) -> None:
    look, _ = guard(world)
    asked = closed(world, ObjectRef("v1", "Nobody", "", ""))
    changed(world, HPA, {"spec": {"maxReplicas": 1}})

    look()

    assert len(asked) == len(set(asked))


def told(board: Board) -> list[str]:
    """Give what was told and holds nothing."""
    return [str(each) for each in seen(board, WorldDrift).told]  # type: ignore[union-attr]


def test_what_we_may_not_read_is_told_to_be_unwatched_until_we_may(world: FakeWorld) -> None:
    look, board = guard(world)
    read = world.cluster.get
    closed(world, HPA)

    look()
    assert told(board) == [f"drift.not-watched what=[{HPA}]"]

    world.cluster.get = read  # type: ignore[method-assign]
    world.clock.advance(REFUSED_FOR + 1)
    look()
    assert told(board) == []


def test_nodes_that_come_and_go_are_told_and_listed_seldom(world: FakeWorld) -> None:
    look, board = guard(world)
    look()
    assert told(board) == []
    node = next(ref for ref in world.cluster.objects if ref.kind == "Node")
    world.cluster.lose(node)

    look()
    assert told(board) == []

    world.clock.advance(NODES_EVERY)
    look()
    assert told(board) == [f"drift.nodes-left nodes=[{node.name}]"]


def test_nodes_that_cannot_be_listed_now_do_not_blind_the_guard(world: FakeWorld) -> None:
    look, board = guard(world)
    world.cluster.orders.fail("hosts", Unreachable(verbatim("too slow")))
    changed(world, HPA, {"spec": {"maxReplicas": 1}})

    look()

    assert [each.code for each in seen(board, WorldDrift).found] == ["drift.scaler"]
    assert told(board) == ["drift.silent what=[Node]"]


def test_nodes_that_we_may_not_list_are_told_to_be_unwatched(world: FakeWorld) -> None:
    look, board = guard(world)
    world.cluster.orders.fail("hosts", Refused(verbatim("forbidden")))

    look()

    assert told(board) == ["drift.not-watched what=[Node]"]


@pytest.mark.parametrize("silent", ["a list", "an object"])
def test_what_is_silent_hides_nothing_of_what_answers(world: FakeWorld, silent: str) -> None:
    look, board = guard(world)
    look()
    before = seen(board, WorldDrift).at  # type: ignore[union-attr]
    world.clock.advance(3.0)
    if silent == "a list":
        world.cluster.orders.fail("list_objects", Unreachable(verbatim("the conversion webhook is down")))
    else:
        hushed(world, SERVICE)
    changed(world, HPA, {"spec": {"maxReplicas": 1}})

    look()

    found = seen(board, WorldDrift)
    assert [each.code for each in found.found] == ["drift.scaler"]  # type: ignore[union-attr]
    assert found.at == before  # type: ignore[union-attr]
    assert told(board)[0].startswith("drift.silent")


def test_what_was_changed_goes_on_to_hold_while_it_is_silent(world: FakeWorld) -> None:
    look, board = guard(world)
    changed(world, HPA, {"spec": {"maxReplicas": 1}})
    look()
    world.clock.advance(3.0)
    hushed(world, HPA)

    look()

    assert [each.code for each in seen(board, WorldDrift).found] == ["drift.scaler"]


def test_a_change_of_ours_that_is_silent_keeps_no_other_one_from_being_told_anew(world: FakeWorld) -> None:
    look, board = guard(world)
    look()
    world.clock.advance(3.0)
    hushed(world, HPA)

    look()

    moments = {one.change.ref: one.at for one in seen(board, GuardUndone).found}  # type: ignore[union-attr]
    assert moments[SERVICE] == world.clock.now()
    assert moments[HPA] < moments[SERVICE]  # type: ignore[operator]


def test_a_guard_that_nobody_has_answered_yet_has_not_looked(world: FakeWorld) -> None:
    look, board = guard(world)
    world.cluster.orders.lasting(Unreachable(verbatim("gone")))

    look()
    assert seen(board, WorldDrift).at == -inf  # type: ignore[union-attr]

    world.cluster.orders.forgive()
    look()
    assert seen(board, WorldDrift).at == world.clock.monotonic()  # type: ignore[union-attr]


def test_a_new_workload_that_is_silent_for_a_while_is_not_taken_for_another_one(world: FakeWorld) -> None:
    ref = target_ref(world.plan().spec)
    look, board = guard(world)
    world.cluster.add(next(made for made in world.plan().manifests if ref_of(made) == ref))  # type: ignore[arg-type]
    look()
    get = world.cluster.get
    hushed(world, ref)
    look()
    world.cluster.get = get  # type: ignore[method-assign]
    changed(world, ref, {"spec": {"template": {"spec": {"priorityClassName": "low"}}}})

    look()

    assert [each.subject for each in seen(board, WorldDrift).found] == [str(ref)]


def hushed(world: FakeWorld, ref: ObjectRef) -> None:
    """Let nobody answer for an object."""
    read: Callable[[ObjectRef], Manifest | None] = world.cluster.get

    def get(wanted: ObjectRef) -> Manifest | None:
        if wanted == ref:
            raise Unreachable(verbatim("too slow"))
        return read(wanted)

    world.cluster.get = get  # type: ignore[method-assign]


def test_a_taint_that_comes_and_goes_on_a_node_of_the_plan_is_told_and_released(world: FakeWorld) -> None:
    look, board = guard(world)
    node = next(ref for ref in world.cluster.objects if ref.kind == "Node")
    taint: Manifest = {"key": "gpu", "value": "yes", "effect": "NoSchedule"}
    said = []
    for taints in ([], [taint], []):
        changed(world, node, {"spec": {"taints": taints}})  # type: ignore[dict-item]
        look()
        said.append(told(board))
        world.clock.advance(NODES_EVERY)

    assert said == [[], [f"drift.node-tainted node={node.name} taints=[gpu=yes:NoSchedule]"], []]
