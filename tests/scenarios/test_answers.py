"""New gateways that answer 404 to everything, on real Envoys: found before the first share, and left at a share.

No status code below 500 and no probe tells them from sound ones, and here their configuration may differ: the answers tell.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from migrator.domain.model.runs import State
from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(300)]

NOT_FOUND = "fault.abort.percent=100&fault.abort.status=404"
WELL = "fault.abort.percent=0"
UNSEEN = {
    "parity": {"allow": [{"place": "process/runtime", "reason": "the story hides the fault from the configuration"}]}
}
LISTED = [
    {"url": "http://shop.lab.example:8080/echo"},
    {"url": "http://shop.lab.example:8080/ws", "protocol": "websocket"},
]


def asking(**more: Any) -> dict[str, Any]:
    """Give the changes of a plan that asks, and whose configurations may differ in what makes the gateways bad."""
    return {**SHORT, **UNSEEN, "deadlines_config": "8s", "answers_list": LISTED, "answers_rate": "50/s", **more}


def modify(stage: Ground, setting: str) -> int:
    """Set this at every new gateway that is there; give how many there were."""
    done = 0
    for node in stage.nodes:
        try:
            httpx.post(f"http://{node}:15000/runtime_modify?{setting}", timeout=2, trust_env=False).raise_for_status()
        except httpx.HTTPError:
            continue
        done += 1
    return done


def compared(operator: Operator) -> tuple[int, dict[str, Any]]:
    """Compare beside the run, as an operator would."""
    done = operator.call("compare-answers", str(operator.ground.folder / "plan.yaml"), "--output", "json")
    return done.returncode, dict(json.loads(done.stdout))["answers"]


def test_new_gateways_that_answer_404_are_found_before_the_first_share(stage: Ground, operator: Operator) -> None:
    operator.plan(**asking())
    with stage.clients() as load:
        running = operator.run()
        operator.await_("the new gateways", lambda _eye: modify(stage, NOT_FOUND) == len(stage.nodes))
        operator.ends(running)
        summary = load.end()
    run, totals = operator.found(), summary["totals"]

    assert run.state is State.HALTED, operator.said()[-3000:]
    assert "answers.different" in str(run.why)
    assert stage.share() == 0
    assert not [share for _, share in stage.effective_shares() if share > 0]
    assert (totals["lost"], totals["bad"]) == (0, 0)


def test_gateways_that_turn_bad_at_half_of_the_traffic_are_found_by_the_command_and_left_by_the_run(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**asking(traffic_soak="8s"))
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50)
        well = compared(operator)
        modify(stage, NOT_FOUND)
        ill = compared(operator)
        operator.ends(running)
        summary = load.end()
    report, totals = operator.report(), summary["totals"]

    assert (well[0], well[1]["agrees"], well[1]["differences"]) == (0, True, []), well
    assert ill[0] == 2
    assert {(row["old"][0], row["new"][0]) for row in ill[1]["differences"] if row["what"] == "status"} >= {
        ("200", "404")
    }
    assert {row["question"]["protocol"] for row in ill[1]["differences"]} >= {"http/1.1", "websocket"}
    assert report["state"] == "rolled-back", operator.said()[-3000:]
    assert report["turned_back"]["why"]
    assert stage.share() == 0
    assert totals["lost"] == 0
