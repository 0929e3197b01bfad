"""The old gateways are restarted while a run goes on: the living ones are taken up, and the way back ends with them serving."""

import time

import pytest

from migrator.domain.model.runs import State
from tests.scenarios.ground import Ground, eventually
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]

DEPLOYMENT = "istio-ingressgateway"
ENDS = 60.0


def restart(stage: Ground) -> set[str]:
    """Restart the old Deployment; give the addresses of the pods that are to go."""
    leaving = {at.host for at in stage.old}
    stage.cluster.restart(stage.namespace, DEPLOYMENT)
    return leaving


def taken_over(stage: Ground, leaving: set[str]) -> bool:
    """Say whether every old backend is one that came since, as many as before, each with weight or at 0 as its peers."""
    old = {target.rpartition(":")[0] for target in stage.weights() if not stage.is_new(target)}
    return not old & leaving and len(old) == len(stage.old)


def test_after_a_restart_at_half_of_the_traffic_a_rollback_ends_with_the_living_pods_serving(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**{**SHORT, "traffic_soak": "30s", "traffic_shares": [50, 100]})
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"), ENDS)
        leaving = restart(stage)
        eventually("the successors' rows", lambda: taken_over(stage, leaving), ENDS)
        assert operator.call("rollback").returncode == 0
        code = operator.ends(running)
        summary = load.end()

    assert code == 4, operator.said()[-3000:]
    assert set(stage.weights().values()) == {100}
    assert taken_over(stage, leaving)
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_after_a_restart_while_paused_at_nine_tenths_a_rollback_ends_with_the_living_pods_serving(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**{**SHORT, "traffic_soak": "15s", "traffic_shares": [90, 100]})
    with stage.clients() as load:
        running = operator.run()
        operator.await_("nine tenths of the traffic", lambda eye: eye.soaks("Shift 90 %"))
        assert operator.call("pause").returncode == 0
        operator.await_("the pause", lambda eye: eye.rests(State.PAUSED))
        leaving = restart(stage)
        eventually("the successors' rows", lambda: taken_over(stage, leaving), ENDS)
        time.sleep(2.0)
        share = stage.share()
        assert operator.call("rollback").returncode == 0
        code = operator.ends(running)
        summary = load.end()

    assert code == 4, operator.said()[-3000:]
    assert 89 < share < 90.5
    assert set(stage.weights().values()) == {100}
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
