"""Weights steer new connections, exactly; and nothing else."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.lab.balancer.world import Process, Server

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("share", [10, 50, 90])
def test_new_connections_follow_the_weights_exactly(
    process: Process, server: Callable[..., Server], share: int
) -> None:
    old, new = server("old"), server("new")
    balancer = process.balancer({"targets": [old.target(100), new.target(0)]})

    assert balancer.cloud.weigh({old.key: 100 - share, new.key: share}) == 0
    balancer.settle()
    seen = Counter(balancer.who() for _ in range(200))

    assert seen == {"old": 2 * (100 - share), "new": 2 * share}
