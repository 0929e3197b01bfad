"""kill -9 of the process that carries a run out between two products, under load: its successor finishes, nothing is lost."""

import time
from pathlib import Path

import pytest

from migrator.lab.demo.command_line import Production, fresh_store
from migrator.lab.demo.demonstration import PARTS, Stage, planned, staged
from migrator.lab.ground.layout import NGINX_TO_CONTOUR, Scenario
from migrator.lab.nginx import program
from migrator.lab.world.seed import wait_for

WITHIN = 300.0
pytestmark = [
    pytest.mark.lab,
    pytest.mark.matrix,
    pytest.mark.timeout(700),
    pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there"),
]


def share(stage: Stage) -> float:
    """Give the new side's share of new connections, in percent."""
    split = stage.watch.look()
    return (split.share or 0.0) if split else 0.0


def test_a_run_killed_at_half_of_the_traffic_is_finished_by_its_successor(tmp_path: Path) -> None:
    scenario = Scenario(net="auto", way=NGINX_TO_CONTOUR, parts=PARTS)
    with staged(scenario, tmp_path, print) as stage:
        production = Production(fresh_store(tmp_path / "demo.db"), tmp_path / "run.log")
        share(stage)
        planned(production, stage, scenario, print)
        running = production.run()
        wait_for(lambda: share(stage) > 49, WITHIN, "half of the traffic")
        running.kill()
        killed_at, code = share(stage), running.wait(10)
        successor = production.begin("resume")
        wait_for(lambda: share(stage) >= 0 and successor.poll() is not None, WITHIN, "the end of the successor")
        last, totals = share(stage), stage.load.end()["totals"]
        state = production.read("report")["run"]["state"]
    print(f"\nkilled at {killed_at:.0f} %, {time.strftime('%H:%M:%S')}: {totals}")

    assert (code, successor.returncode, state) == (-9, 0, "completed"), production.log.read_text(encoding="utf-8")[
        -3000:
    ]
    assert last == 100
    assert (totals["lost"], totals["bad"]) == (0, 0)
    assert totals["sent"] == totals["answered"]
