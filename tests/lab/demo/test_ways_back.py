"""There and back again by another way than from a Deployment to a DaemonSet of our own: `plan --reverse` under load."""

import time
from pathlib import Path

import pytest

from migrator.lab.demo.command_line import Production, fresh_store
from migrator.lab.demo.demonstration import PARTS, Stage, migrate, planned, staged
from migrator.lab.demo.person import orders
from migrator.lab.demo.progress import Progress
from migrator.lab.ground.layout import NGINX_TO_CONTOUR, NGINX_TO_ENVOY, NODE_POOL, TWO_CLUSTERS, Scenario
from migrator.lab.ground.manifests import Json
from migrator.lab.nginx import program

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(900)]

WITHIN = 400.0
NEEDS_NGINX = pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there")


def back_again(stage: Stage, production: Production) -> int:
    """Plan the way back from the run that has ended, carry it out, and return its exit code."""
    plan = production.reverse()
    progress = Progress(time.time(), [row["achieved"] for row in plan["shares"]])
    progress.titles["forward"] = plan["steps"]
    progress.orders += orders(plan)
    return migrate(stage, production, None, progress, time.monotonic() + WITHIN, print)


FROM_NGINX = [pytest.param(way, marks=NEEDS_NGINX) for way in (NGINX_TO_ENVOY, NGINX_TO_CONTOUR)]


@pytest.mark.parametrize("way", [NODE_POOL, TWO_CLUSTERS, *FROM_NGINX])
def test_a_migration_that_has_ended_is_taken_back_and_loses_nothing(tmp_path: Path, way: str) -> None:
    scenario = Scenario(net="auto", way=way, parts=PARTS)
    with staged(scenario, tmp_path, print) as stage:
        production = Production(fresh_store(tmp_path / "demo.db"), tmp_path / "run.log")
        stage.watch.look()
        progress = planned(production, stage, scenario, print)
        there = migrate(stage, production, None, progress, time.monotonic() + WITHIN, print)
        back = back_again(stage, production)
        last = stage.watch.look()
        summary: Json = stage.load.end()
    totals = summary["totals"]
    print(f"\n{way} and back: {totals}")

    assert (there, back) == (0, 0), production.log.read_text(encoding="utf-8")[-3000:]
    assert last is not None
    assert last.share == 0
    assert (totals["lost"], totals["bad"]) == (0, 0), summary["marks"]
    assert totals["sent"] == totals["answered"]
