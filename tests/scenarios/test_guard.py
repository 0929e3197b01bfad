"""A run whose driver falls silent at half of the traffic is taken back by its guard: none lost, and the old side serves."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.scenarios.ground import Ground, eventually, stays
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.passage import Passage
from tests.scenarios.test_store_lost import SOURCE, kept, selectors

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

SILENT = {
    **SHORT,
    "traffic_soak": "500s",
    "traffic_maxSoak": "600s",
    "onSilence": {"after": "140s", "then": "rollback"},
}
WITHIN = 320.0


def half_way(stage: Ground, operator: Operator) -> None:
    operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50)


def guarding(stage: Ground, guard: Operator) -> subprocess.Popen[bytes]:
    """Begin a guard, which has a store of its own."""
    gateway = f"{stage.namespace}/{SOURCE}"
    return guard.begin("guard", gateway, "--kubeconfig", stage.record.kubeconfig, "--context", "lab")


def test_a_stopped_driver_is_taken_back_and_writes_nothing_when_it_wakes_up(
    stage: Ground, operator: Operator, others: Callable[[str], Operator]
) -> None:
    operator.plan(**{**SILENT, "traffic_shares": [50, 100]})
    before, services = stage.weights(), selectors(stage)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        running.send_signal(signal.SIGSTOP)
        guard = others("guard")
        guarded = guarding(stage, guard)
        code = guard.ends(guarded, WITHIN)
        back = stage.weights()
        running.send_signal(signal.SIGCONT)
        woken = operator.ends(running)
        stays(stage.share, 5.0)
        summary = load.end()

    assert code == 4, guard.said()[-3000:]
    assert woken != 0, operator.said()
    assert (back, stage.weights()) == (before, before)
    assert selectors(stage) == services
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")
    assert kept(stage) == []
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_a_guard_that_is_killed_on_the_way_back_is_followed_by_the_next(
    stage: Ground, operator: Operator, others: Callable[[str], Operator]
) -> None:
    operator.plan(**{**SILENT, "traffic_shares": [50, 100]})
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        operator.kill(running)
        guard = others("guard")
        guarded = guarding(stage, guard)
        eventually("the way back has begun", lambda: stage.share() < 50, WITHIN)
        guard.kill(guarded)
        time.sleep(1.0)
        follower = others("next")
        following = guarding(stage, follower)
        code = follower.ends(following, WITHIN)
        summary = load.end()

    assert code == 4, follower.said()[-3000:]
    assert stage.weights() == before
    assert kept(stage) == []
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_a_write_that_arrives_late_is_taken_back_by_the_guard(
    stage: Ground, operator: Operator, others: Callable[[str], Operator]
) -> None:
    """The driver is killed with its last write under way, which arrives when the old side has its weights again."""
    before = stage.weights()
    soon = {**SILENT, "traffic_soak": "4s", "traffic_maxSoak": "60s", "traffic_shares": [50, 90, 100]}
    with Passage(stage.record.addresses["balancer"]) as passage, stage.clients() as load:
        operator.plan(**{**soon, "loadBalancer_endpoint": passage.url})
        running = operator.run()
        half_way(stage, operator)
        passage.keep_back(b"ModifyTargetWeight")
        assert passage.caught.wait(60)
        operator.kill(running)
        guard = others("guard")
        guarded = guarding(stage, guard)
        eventually("the traffic is back", lambda: stage.share() == 0, WITHIN)
        passage.release()
        code = guard.ends(guarded, WITHIN)
        stays(stage.share, 5.0)
        summary = load.end()

    assert code == 4, guard.said()[-3000:]
    assert stage.weights() == before
    assert kept(stage) == []
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
