"""A lab with a real HAProxy leaves none behind."""

from pathlib import Path

import pytest

from migrator.lab.ground.layout import HAPROXY, Scenario
from migrator.lab.haproxy import program
from migrator.lab.world import lifecycle
from migrator.lab.world.record import process

pytestmark = [
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there"),
]


def test_a_lab_that_is_down_leaves_no_haproxy(tmp_path: Path) -> None:
    record = lifecycle.up(Scenario(net="auto", balancer=HAPROXY, parts=("balancer",)), tmp_path)
    part = next(part for part in record.parts if part.name == "balancer")
    haproxy = process(part.ready["haproxy"])
    was_alive = haproxy.alive()
    ending = lifecycle.down(tmp_path)

    assert was_alive
    assert ending.killed == 0
    assert not haproxy.alive()
