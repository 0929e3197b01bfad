"""A whole migration behind a real HAProxy, under load: `migrator lab demo --balancer haproxy`."""

from pathlib import Path

import pytest

from migrator.lab.demo import demonstration
from migrator.lab.ground.layout import HAPROXY, Scenario
from migrator.lab.haproxy import program
from migrator.lab.world import lifecycle
from migrator.lab.world.record import process

pytestmark = [
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there"),
]


def test_a_migration_loses_no_request(tmp_path: Path) -> None:
    scenario = Scenario(net="auto", balancer=HAPROXY, parts=demonstration.PARTS)
    account = demonstration.demonstrate(scenario, tmp_path, None, lambda _: None)

    assert account.problems() == []
    assert account.exit_code == 0
    totals = account.summary["totals"]
    assert (totals["lost"], totals["bad"]) == (0, 0)
    assert totals["sent"] == totals["answered"] > 3000
    assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]


def test_a_lab_that_is_down_leaves_no_haproxy(tmp_path: Path) -> None:
    record = lifecycle.up(Scenario(net="auto", balancer=HAPROXY, parts=("balancer",)), tmp_path)
    part = next(part for part in record.parts if part.name == "balancer")
    haproxy = process(part.ready["haproxy"])
    was_alive = haproxy.alive()
    ending = lifecycle.down(tmp_path)

    assert was_alive
    assert ending.killed == 0
    assert not haproxy.alive()
