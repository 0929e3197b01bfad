"""The DaemonSet is restarted node by node under load, killed on the way, and turned back from an image that is no good."""

from __future__ import annotations

import httpx
import pytest

from tests.scenarios.ground import Ground, Json
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.restarting import (
    ADMIN,
    BETTER,
    DAEMON_SET,
    assert_errors_are_turned_back_from,
    ended,
    images,
    is_of_daemon_set,
)
from tests.scenarios.test_answers import NOT_FOUND, asking

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

PLAN = {**SHORT, "strategy": "blue-green", "drain_onTimeout": "cut", "deadlines_ready": "60s"}
NOWHERE = "istio-proxy=lab/nowhere:1"


def migrated(stage: Ground, operator: Operator) -> Json:
    """Take the gateway to its DaemonSet, and give what that is then."""
    operator.plan(**PLAN)
    with stage.clients():  # what migrator asks itself is no evidence: a soak needs clients
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
    return stage.get(DAEMON_SET)


def test_another_image_comes_node_by_node_and_a_killed_restart_loses_nothing(stage: Ground, operator: Operator) -> None:
    before, weights = migrated(stage, operator), stage.weights()
    with stage.clients() as load:
        restarting = operator.begin("restart", "1", "--image", BETTER, "--soak", "2s", "--yes")
        operator.await_("the second pod's end", lambda eye: eye.run.id == 2 and ended(eye) == 2)
        operator.kill(restarting)
        code = operator.ends(operator.begin("resume", "2"), 240.0)
        summary = load.end()

    assert code == 0, operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert summary["totals"]["sent"] > 1000
    assert images(stage) == {"lab/gateway:2"}
    assert stage.weights() == weights
    assert stage.get(DAEMON_SET)["spec"]["updateStrategy"] == before["spec"]["updateStrategy"]


def test_an_image_that_cannot_be_pulled_costs_one_node_for_a_while_and_no_request(
    stage: Ground, operator: Operator
) -> None:
    before, weights = migrated(stage, operator), stage.weights()
    with stage.clients() as load:
        restarting = operator.begin("restart", str(stage.folder / "plan.yaml"), "--image", NOWHERE, "--yes")
        code = operator.ends(restarting, 240.0)
        summary = load.end()

    assert code == 4, operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert stage.weights() == weights
    assert stage.get(DAEMON_SET)["spec"] == before["spec"]
    assert len([pod for pod in stage.ready_pods({}) if is_of_daemon_set(pod)]) == len(stage.nodes)


def test_a_revision_that_answers_with_errors_is_turned_back_from(stage: Ground, operator: Operator) -> None:
    assert_errors_are_turned_back_from(stage, operator, migrated(stage, operator))


ASKING = {
    **asking(**PLAN),
    "deadlines_healthy": "10s",
}


def renewed(stage: Ground) -> bool:
    """Say whether a gateway of the better image is on the first node, and make it answer 404 then."""
    on_first = [pod for pod in stage.ready_pods({}) if pod["status"]["hostIP"] == stage.nodes[0]]
    return any(c["image"] == "lab/gateway:2" for pod in on_first for c in pod["spec"]["containers"])


def test_a_revision_that_answers_otherwise_gets_no_traffic_and_is_turned_back_from(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**ASKING)
    with stage.clients():
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
    before, weights = stage.get(DAEMON_SET), stage.weights()
    first = f"{stage.nodes[0]}:{stage.new_port}"
    with stage.clients() as load:
        restarting = operator.begin("restart", "1", "--image", BETTER, "--soak", "2s", "--yes")
        operator.await_("the first renewed gateway", lambda _eye: renewed(stage), 120.0)
        url = f"http://{stage.nodes[0]}:{ADMIN}/runtime_modify?{NOT_FOUND}"
        httpx.post(url, timeout=2, trust_env=False).raise_for_status()
        weight = stage.weights()[first]
        code = operator.ends(restarting, 300.0)
        summary = load.end()

    print("answers differ:", summary["totals"])
    assert weight == 0
    assert code == 4, operator.said()[-3000:]
    assert "answers.different" in str(operator.found().why)
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert stage.weights() == weights
    assert stage.get(DAEMON_SET)["spec"] == before["spec"]


def test_a_revision_that_answers_alike_goes_on(stage: Ground, operator: Operator) -> None:
    operator.plan(**ASKING)
    with stage.clients():
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
    with stage.clients() as load:
        code = operator.ends(operator.begin("restart", "1", "--image", BETTER, "--soak", "2s", "--yes"), 300.0)
        answers = operator.report()["answers"]
        summary = load.end()

    print("answers alike:", summary["totals"], answers)
    assert code == 0, operator.said()[-3000:]
    assert answers["agrees"]
    assert answers["asked"] > 0
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert images(stage) == {"lab/gateway:2"}
