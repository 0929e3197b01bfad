"""Our own requests are taken out of the counters of the pod that answered, and of no other that shares its node's address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Row, Side, Target
from migrator.domain.model.workload import Pod
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import Workloads
from migrator.domain.sides.behind import behind
from tests.domain.seen import NODES, seen, workload

DOOR = Backend("l-1", NODES[0].address, 30080)
HOST = Backend("l-1", NODES[0].address, 80)
OLD = Pod(PodRef("edge", "old-1", "u-1", "10.244.0.7", NODES[0].name), (), ready=True, host_ip=NODES[0].address)
OTHER = replace(OLD, ref=replace(OLD.ref, name="old-2", uid="u-2", ip="10.244.0.8"))
NEW = Pod(PodRef("edge", "new-1", "u-3", NODES[0].address, NODES[0].name), (), ready=True, host_ip=NODES[0].address)
PEOPLE = Workloads(workload(Side.OLD, (OLD, OTHER)), workload(Side.NEW, (NEW,)))


def slot(backend: Backend, *pods: Pod) -> Slot:
    return Slot(backend, 100, Row(Target(backend, 100), Side.OLD), pods)


@pytest.mark.parametrize(
    ("pods", "answers"),
    [
        pytest.param((OLD,), ((Side.OLD, OLD.ref),), id="its only pod"),
        pytest.param((OLD, replace(OTHER, terminating=True)), ((Side.OLD, OLD.ref),), id="the one that stays"),
        pytest.param((OLD, OTHER), (), id="one of several"),
        pytest.param((), (), id="nobody"),
    ],
)
def test_behind_a_node_port_is_the_pod_of_its_node(pods: tuple[Pod, ...], answers: tuple[object, ...]) -> None:
    sides = Sides(old=(slot(DOOR, *pods),), new=(slot(HOST, NEW),))

    assert behind(DOOR, seen(PEOPLE, sides)) == answers
    assert behind(HOST, seen(PEOPLE, sides)) == ((Side.NEW, NEW.ref),)


def test_a_backend_that_is_no_slot_is_that_of_the_pod_whose_address_it_has() -> None:
    assert behind(HOST, seen(PEOPLE, Sides())) == ((Side.NEW, NEW.ref),)
    assert behind(replace(HOST, address=OTHER.ref.ip), seen(PEOPLE)) == ((Side.OLD, OTHER.ref),)
