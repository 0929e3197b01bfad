"""Where both sides have the same rows in turn, a report counts each node for the side that has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.inspect.course import course
from migrator.app.inspect.report import report
from migrator.cli.views.human.report import counted
from migrator.cli.views.json.report import report as as_json
from migrator.domain.model.balancer import Capabilities
from tests.fakes.balancer import PLAIN
from tests.fakes.harness import Harness
from tests.fakes.restarted import Restart
from tests.workflow.test_in_place import ALONE, HERE, InPlaceWorld, going_back
from tests.workflow.test_restart_of_pools import POOLED


def test_the_share_climbs_node_by_node_and_falls_as_they_go_back(tmp_path: Path) -> None:
    harness = Harness(tmp_path, InPlaceWorld(), HERE)
    going_back(harness, "Swap node-2")
    harness.process()

    with harness.store() as store:
        found = report(store, harness.run)

    shares = [round(point.share) for point in found.course]
    climb = shares[: shares.index(max(shares)) + 1]
    assert (shares[0], max(shares), shares[-1]) == (0, 67, 0)
    assert 33 in climb
    assert as_json(found)["loss"]["expected_seconds"] == 0.0
    assert not any("Nobody answers" in line for line in counted(found))


def test_the_report_tells_what_one_node_alone_was_expected_to_cost(tmp_path: Path) -> None:
    harness = Harness(tmp_path, InPlaceWorld(nodes=1), ALONE)
    run = harness.process()

    with harness.store() as store:
        found = report(store, run)

    loss = as_json(found)["loss"]
    assert loss["listeners"] == ["l-1"]
    assert loss["expected_seconds"] > 0
    assert counted(found)[0].startswith("Nobody answers behind l-1 while their one node changes hands: ")
    assert as_json(replace(found, plan=replace(found.plan, loss=None)))["loss"] is None


@pytest.mark.parametrize("can", [PLAIN, POOLED], ids=["weights of their own", "a pool's"])
def test_the_share_of_a_restart_climbs_node_by_node(tmp_path: Path, can: Capabilities) -> None:
    restarted = Restart(tmp_path, capabilities=can)
    run = restarted.process()

    with restarted.store() as store:
        found = report(store, run)

    assert [round(point.share) for point in found.course] == [0, 33, 50, 67, 100]


def test_a_run_without_two_sides_has_no_share(tmp_path: Path) -> None:
    restarted = Restart(tmp_path)
    run = restarted.process()
    with restarted.store() as store:
        plan, events = store.plan(run.plan_id), store.events(run.id, 0)

    assert course(replace(plan, seen=replace(plan.seen, old=())), events) == ()
