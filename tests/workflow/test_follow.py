"""Looking after the nodes of a completed run, on a fake world and a real store: nodes come, leave, die, are touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.follower import Follower

Follow = Callable[..., Follower]


@pytest.fixture
def follower(tmp_path: Path) -> Follow:
    return lambda **more: Follower(tmp_path, **more)


def test_a_new_node_is_registered_at_0_proved_fit_and_raised_to_its_peers_weight(follower: Follow) -> None:
    f = follower()
    peers = f.weights()
    f.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")

    f.turns(lambda: f.at("10.1.0.9") == f.at("10.1.0.1"))

    assert set(f.at("10.1.0.9")) == set(peers.values()) != {0}
    assert {k: v for k, v in f.weights().items() if "10.1.0.9" not in k} == peers
    assert not f.world.balancer.harm


def test_a_node_that_the_autoscaler_removes_is_drained_and_taken_off(follower: Follow) -> None:
    f = follower()
    f.node("node-1", unschedulable=True, taints=["ToBeDeletedByClusterAutoscaler"])

    f.turns(lambda: not f.at("10.1.0.2"))

    assert [set(tell.pods) for tell in f.world.gateways.tells if tell.pods[0].node == "node-1"]
    assert not f.world.balancer.harm
    assert all(f.weights().values())
