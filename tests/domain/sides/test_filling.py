"""Who fills a slot, by what the balancer dials there: a pod, a hostPort of its node, or a node port that leads to any pod."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.pod_targets import Door, Entry
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import JournalFacts, Workloads
from migrator.domain.sides.filling import Footing, filled
from migrator.domain.sides.record import weights_now
from migrator.domain.weights.usual import usual
from tests.domain.seen import NEW_REF, OLD_REF

A, B = "10.2.0.1", "10.2.0.2"
HOST, NODE, LOCAL = (
    Door("l-1", 80, Entry.HOST_PORT),
    Door("l-1", 30080, Entry.NODE_PORT),
    Door("l-1", 30080, Entry.NODE_PORT, True),
)


def pod(number: int, node: str, terminating: bool = False) -> Pod:
    return Pod(
        PodRef("edge", f"gw-{number}", f"u-{number}", f"10.0.0.{number}", node), (), not terminating, terminating
    )


def look(door: Door, pods: tuple[Pod, ...], every_node: bool = True, ready: int = 0) -> tuple[set[str], Sides]:
    """Give the addresses of the deserted rows, and the sides; a row each stands at both nodes' addresses."""
    rows = tuple(Row(Target(Backend("l-1", at, door.port), 100, Health.HEALTHY), Side.OLD) for at in (A, B))
    recorded = tuple(Weighted(row.backend, 100) for row in rows)
    nodes = {"a": A, "b": B} if every_node else {"a": A}
    old = Workload(OLD_REF, "u", pods=pods, ready=ready)
    marked, sides = filled(
        Footing(recorded, (door,), (), nodes, every_node),
        Pools(rows),
        Workloads(old, Workload(NEW_REF)),
        JournalFacts(),
    )
    return {row.backend.address for row in marked.rows if row.deserted}, sides


@pytest.mark.parametrize(
    ("door", "pods", "deserted"),
    [
        pytest.param(HOST, (pod(1, "a"), pod(2, "b")), set(), id="a host port leads to the pod on its node"),
        pytest.param(HOST, (pod(1, "a"),), {B}, id="a host port without a pod leads nowhere"),
        pytest.param(HOST, (pod(1, "a"), pod(2, "b", True)), {B}, id="a pod that ends stays behind nothing"),
        pytest.param(NODE, (pod(1, "a"),), set(), id="a node port leads to any pod"),
        pytest.param(NODE, (), {A, B}, id="a node port without any pod leads nowhere"),
        pytest.param(LOCAL, (pod(1, "a"),), {B}, id="a local node port leads to the pods of its node"),
    ],
)
def test_a_row_is_deserted_when_no_pod_that_stays_is_behind_it(
    door: Door, pods: tuple[Pod, ...], deserted: set[str]
) -> None:
    assert look(door, pods)[0] == deserted


def test_a_node_that_nobody_has_listed_says_nothing_of_its_row() -> None:
    assert look(HOST, (pod(1, "a"), pod(2, "b")), every_node=False)[0] == set()


def test_a_look_that_says_pods_are_ready_and_shows_none_says_nothing() -> None:
    assert look(NODE, (), ready=3)[0] == set()


def test_a_pod_that_moves_to_another_node_is_a_slot_there_and_leaves_one_vacant() -> None:
    deserted, sides = look(replace(HOST, port=81), (pod(1, "a"), pod(2, "c")))
    moved = {slot.backend.address for slot in sides.old if slot.live}

    assert deserted == {B}
    assert moved == {A}  # nobody knows where node c is


def test_a_pod_whose_row_is_missing_is_a_slot_that_is_not_registered() -> None:
    recorded = (Weighted(Backend("l-1", A, 30080), 100),)
    old = Workload(OLD_REF, "u", pods=(pod(1, "a"),))
    _, sides = filled(
        Footing(recorded, (NODE,), (), {"a": A}, True), Pools(()), Workloads(old, Workload(NEW_REF)), JournalFacts()
    )

    assert [(slot.backend.address, slot.row, slot.weight) for slot in sides.old] == [(A, None, 0)]


def test_successors_take_the_heaviest_weights_and_who_comes_besides_gets_what_most_have() -> None:
    def slot(number: int) -> Slot:
        return Slot(Backend("l-1", f"10.0.0.{number}", 8080), 0, None, (pod(number, "a"),))

    recorded = [Weighted(Backend("l-1", f"10.0.0.{i}", 8080), weight) for i, weight in enumerate((0, 50, 100, 100))]
    given = weights_now(recorded, [slot(3), slot(7), slot(8), slot(9), slot(10)])

    assert [given[Backend("l-1", f"10.0.0.{i}", 8080)] for i in (3, 10, 7, 8, 9)] == [100, 100, 50, 0, 100]
    assert usual([]) == 0
