"""A silent run between two clusters is taken back by a guard in the first one: none lost, and the old side serves."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable

import pytest

from migrator.domain.model.runs import Heading, State
from tests.scenarios.clusters.ground import API, API_2, HOME, TwoClusters
from tests.scenarios.endings import assert_nothing_lost, half_way
from tests.scenarios.ground import eventually, stays
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.test_store_lost import SOURCE, kept

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(900)]

SILENT = {
    **SHORT,
    "traffic_shares": [50, 100],
    "traffic_soak": "500s",
    "traffic_maxSoak": "600s",
    "onSilence": {"after": "140s", "then": "rollback"},
    "judge_noData": {"rollbackAfter": "600s"},
}
WITHIN = 400.0
HALF_WITHIN = 240.0
NAME = "apps/v1/daemonsets/istio-ingressgateway-ds"


def guarding(stage: TwoClusters, guard: Operator, kubeconfig: str) -> subprocess.Popen[bytes]:
    """Begin a guard, which has a store of its own, at the old side's cluster."""
    return guard.begin("guard", f"{stage.namespace}/{SOURCE}", "--kubeconfig", kubeconfig, "--context", HOME)


def test_a_guard_that_cannot_see_the_new_sides_cluster_brings_the_traffic_back_at_once_and_the_rest_later(
    stage: TwoClusters, operator: Operator, others: Callable[[str], Operator]
) -> None:
    operator.plan(**SILENT)
    before, guard = stage.weights(), others("guard")
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator, HALF_WITHIN)
        guarded = guarding(stage, guard, stage.known)
        running.send_signal(signal.SIGSTOP)
        stage.shut(API_2, kind="half-open")
        eventually("the traffic is back", lambda: stage.share() == 0, WITHIN)
        there, silent = stage.there.exists(NAME), stays(lambda: guarded.poll(), 5.0)
        stage.mend()
        code = guard.ends(guarded, WITHIN)
        running.send_signal(signal.SIGCONT)
        woken = operator.ends(running)
        stays(stage.share, 5.0)
        summary = load.end()

    assert (there, silent) == (True, {None})
    assert code == 4, guard.said()[-3000:]
    assert woken != 0, operator.said()
    assert stage.weights() == before
    assert not stage.there.exists(NAME)
    assert kept(stage) == []
    assert_nothing_lost(summary)


def test_a_driver_that_sees_the_new_sides_cluster_alone_is_taken_back_and_stops(
    stage: TwoClusters, operator: Operator, others: Callable[[str], Operator]
) -> None:
    """It renews the other Lease all the while, and sees the balancer: it writes nothing, and halts at what it did not set."""
    operator.plan(**SILENT)
    before, guard = stage.weights(), others("guard")
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator, HALF_WITHIN)
        operator.await_("a soak that is watched", lambda eye: eye.soaks("Shift 50 %"))
        guarded = guarding(stage, guard, stage.record.kubeconfig)
        stage.shut(API, kind="half-open")
        code = guard.ends(guarded, WITHIN)
        back, held = stage.weights(), operator.found()
        stage.mend()
        woken = operator.ends(running)
        stays(stage.share, 5.0)
        summary = load.end()

    assert code == 4, guard.said()[-3000:]
    assert (held.state, held.heading) == (State.HALTED, Heading.FORWARD)
    assert woken == 5, operator.said()
    assert (back, stage.weights()) == (before, before)
    assert not stage.there.exists(NAME)
    assert kept(stage) == []
    assert_nothing_lost(summary)
