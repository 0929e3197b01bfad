"""Where both sides have the same rows in turn, a report counts each node for the side that has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from migrator.app.inspect.report import report
from migrator.cli.views.human.report import counted
from migrator.cli.views.json.report import report as as_json
from tests.fakes.harness import Harness
from tests.workflow.test_in_place import ALONE, HERE, InPlaceWorld, going_back


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
