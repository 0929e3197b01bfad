"""Two pools of nodes: the new one has the first numbers, and what arrives is told by its nodes."""

from __future__ import annotations

import pytest

from migrator.lab.ground.layout import NODE_POOL, Scenario
from migrator.lab.starts.start import start_of


def test_the_pool_that_is_taken_is_what_the_first_one_leaves() -> None:
    scenario = Scenario(way=NODE_POOL, nodes=5, replicas=3)
    pools = [start_of(scenario).labels(scenario, number)["pool"] for number in range(1, 6)]

    assert pools == ["b", "b", "a", "a", "a"]
    assert (scenario.taking, scenario.arrives_at) == (2, ("127.77.1.1:", "127.77.1.2:"))


def test_a_pool_needs_another_to_go_to() -> None:
    with pytest.raises(ValueError, match="more nodes than replicas"):
        Scenario(way=NODE_POOL, nodes=3, replicas=3)
    assert Scenario(nodes=3).arrives_at == ("127.77.1.",)
