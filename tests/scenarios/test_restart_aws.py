"""Behind an AWS network balancer a node is taken off its target group and put back, under load: killed, and turned back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from migrator.lab.ground.layout import LISTENER_ID
from migrator.lab.world.record import Record
from tests.scenarios.ground import PLANS, Ground, Json, ground
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.restarting import BETTER, DAEMON_SET, assert_errors_are_turned_back_from, ended, images

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

_NUMBERS = count(101)


@pytest.fixture
def stage(lab: Record, tmp_path: Path) -> Iterator[Ground]:
    """A gateway as a Deployment behind a balancer whose weights are target groups'."""
    with ground(lab, tmp_path, next(_NUMBERS), template=PLANS / "lab-aws.yaml", pooled=True) as found:
        yield found


def migrated(stage: Ground, operator: Operator) -> Json:
    """Take the gateway to its DaemonSet, and give what that is then."""
    group = f"8080={stage.balancer}-{LISTENER_ID}-new"
    operator.plan(
        **SHORT,
        strategy="blue-green",
        drain_onTimeout="cut",
        deadlines_ready="60s",
        loadBalancer_options_newTargetGroups=group,
        judge_others=[],
    )
    with stage.clients():
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
    return stage.get(DAEMON_SET)


def test_another_image_comes_node_by_node_and_a_killed_restart_loses_nothing(stage: Ground, operator: Operator) -> None:
    before, weights = migrated(stage, operator), stage.weights()
    with stage.clients() as load:
        restarting = operator.begin("restart", "1", "--image", BETTER, "--soak", "2s", "--yes")
        operator.await_("the second pod's end", lambda eye: eye.run.id == 2 and ended(eye) == 2)
        operator.kill(restarting)
        off = len(weights) - len(stage.weights())
        code = operator.ends(operator.begin("resume", "2"), 240.0)
        summary = load.end()

    print("restart:", summary["totals"])
    assert code == 0, operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert summary["totals"]["sent"] > 1000
    assert off == 1
    assert images(stage) == {"lab/gateway:2"}
    assert stage.weights() == weights
    assert stage.get(DAEMON_SET)["spec"]["updateStrategy"] == before["spec"]["updateStrategy"]


def test_a_revision_that_answers_with_errors_is_turned_back_from(stage: Ground, operator: Operator) -> None:
    assert_errors_are_turned_back_from(stage, operator, migrated(stage, operator))
