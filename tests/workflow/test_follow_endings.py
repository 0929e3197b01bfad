"""Pods that others end under a follower, on a fake world and a real store: their clients are told to leave, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.domain.model.actions import DeleteObject, Word
from migrator.domain.model.manifests import ObjectRef, uid_of
from tests.fakes.follower import Follower
from tests.fakes.harness import Killed
from tests.fakes.objects import NAMESPACE, NEW

ENDING = f"{NEW}-node-1"


@pytest.fixture
def follower(memory: Path) -> Callable[[], Follower]:
    return lambda: Follower(memory)


def end(f: Follower) -> str:
    """Delete a pod as somebody would, which then takes its time; give its uid."""
    f.world.cluster.gone_after = 25.0
    ref = ObjectRef("v1", "Pod", NAMESPACE, ENDING)
    uid = uid_of(f.world.cluster.objects[ref])
    f.world.cluster.delete(DeleteObject(ref, uid))
    return uid


def told(f: Follower, uid: str) -> list[Word]:
    return [each.word for each in f.world.gateways.tells for pod in each.pods if pod.uid == uid]


def test_the_clients_of_a_gateway_whose_pod_ends_are_told_to_leave_once(follower: Callable[[], Follower]) -> None:
    f = follower()
    full = f.at("10.1.0.2")
    uid = end(f)

    f.turns(lambda: f.at("10.1.0.2") == [0, 0])
    f.turns(lambda: f.at("10.1.0.2") == full)

    assert told(f, uid) == [Word.GO]
    assert not f.world.balancer.harm


def test_a_follower_that_is_killed_again_and_again_tells_them_too(follower: Callable[[], Follower]) -> None:
    f = follower()
    full = f.at("10.1.0.2")
    uid = end(f)

    for life in range(200):
        try:
            f.turns(lambda: bool(told(f, uid)) and f.at("10.1.0.2") == full, dies_after=6 + life % 2)
            break
        except Killed:
            continue

    assert set(told(f, uid)) == {Word.GO}
    assert f.at("10.1.0.2") == full
    assert life > 2
    assert not f.world.balancer.harm
