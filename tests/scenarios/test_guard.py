"""A run whose driver falls silent at half of the traffic is taken back by its guard: none lost, and the old side serves."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from migrator.domain.model.runs import Heading, State
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


def behind(stage: Ground, passage: Passage) -> dict[str, str]:
    """Give the plan's cluster for a driver that reaches the API server through a passage of its own, and nobody else does."""
    content = yaml.safe_load(Path(stage.record.kubeconfig).read_text(encoding="utf-8"))
    content["clusters"][0]["cluster"]["server"] = passage.url
    own = stage.folder / "kubeconfig-of-the-driver"
    own.write_text(yaml.safe_dump(content), encoding="utf-8")
    own.chmod(0o600)
    return {"kubeconfig": str(own), "context": "lab", "namespace": stage.namespace}


def api_server(stage: Ground) -> str:
    content = yaml.safe_load(Path(stage.record.kubeconfig).read_text(encoding="utf-8"))
    return str(content["clusters"][0]["cluster"]["server"])


CUT_OFF = {**SILENT, "traffic_shares": [50, 100], "judge_noData": {"rollbackAfter": "600s"}}
"""Nobody judges without the API server, and the driver is as patient as a plan may be: its guard is there first."""


def test_a_driver_that_is_cut_off_from_the_api_server_alone_is_taken_back_and_stops(
    stage: Ground, operator: Operator, others: Callable[[str], Operator]
) -> None:
    """The driver lives, sees the balancer all the time, and changes nothing: it halts when it sees weights that it did not
    set. Nothing of a halted run without traffic is left to be watched, so its process ends."""
    before, services = stage.weights(), selectors(stage)
    with Passage(api_server(stage)) as passage, stage.clients() as load:
        operator.plan(**{**CUT_OFF, "cluster": behind(stage, passage)})
        running = operator.run()
        half_way(stage, operator)
        operator.await_("a soak that is watched", lambda eye: eye.soaks("Shift 50 %"))
        guard = others("guard")
        guarded = guarding(stage, guard)
        passage.shut()
        code = guard.ends(guarded, WITHIN)
        back, held = stage.weights(), operator.found()
        passage.mend()
        woken = operator.ends(running)
        stays(stage.share, 5.0)
        summary = load.end()

    assert code == 4, guard.said()[-3000:]
    assert (held.state, held.heading) == (State.HALTED, Heading.FORWARD)
    assert woken == 5, operator.said()
    assert (back, stage.weights()) == (before, before)
    assert selectors(stage) == services
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")
    assert kept(stage) == []
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_a_driver_that_is_cut_off_and_its_guard_may_both_go_back_at_once(
    stage: Ground, operator: Operator, others: Callable[[str], Operator]
) -> None:
    """A person sends the driver back while the guard does the same: both write the recorded weights, and nothing else."""
    before = stage.weights()
    with Passage(api_server(stage)) as passage, stage.clients() as load:
        operator.plan(**{**CUT_OFF, "cluster": behind(stage, passage)})
        running = operator.run()
        half_way(stage, operator)
        guard = others("guard")
        guarded = guarding(stage, guard)
        passage.shut()
        eventually("the guard takes the run back", lambda: "is taken back now" in guard.said(), WITHIN)
        asked = operator.begin("rollback", "--note", "nobody watches")
        code = guard.ends(guarded, WITHIN)
        back = stage.weights()
        passage.mend()
        told, woken = operator.ends(asked, within=240.0), operator.ends(running, within=240.0)
        stays(stage.share, 5.0)
        summary = load.end()

    assert code == 4, guard.said()[-3000:]
    assert told in (0, 1, 4), (
        operator.said()
    )  # told the driver; or went back itself, to the end or until it met the guard
    assert woken in (1, 4, 5), operator.said(0)
    assert (back, stage.weights()) == (before, before)
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")
    assert kept(stage) == []
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
