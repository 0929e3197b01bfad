"""Two clusters, one of which cannot be seen: whichever it is, the run holds, a way back does not wait, and nothing is lost."""

import time

import pytest

from migrator.domain.model.runs import State
from migrator.store import Kind
from tests.scenarios.clusters.ground import API, API_2, TwoClusters
from tests.scenarios.endings import ending, half_way, looked_on
from tests.scenarios.ground import eventually, stays
from tests.scenarios.operator import SHORT, Json, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(400)]

A_WHILE = 8.0
HALF_WITHIN = 240.0
LONG = {**SHORT, "traffic_shares": [50, 100], "traffic_soak": "60s", "traffic_maxSoak": "90s"}
HANGS: Json = {"kind": "half-open"}
REFUSES: Json = {"kind": "status", "status": 403}
IS_CUT_OFF: Json = {"kind": "reset"}
NAME = "apps/v1/daemonsets/istio-ingressgateway-ds"


@pytest.mark.parametrize("door", [API, API_2])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(HANGS, id="hangs"),
        pytest.param(REFUSES, id="refuses"),
        pytest.param(IS_CUT_OFF, id="is cut off"),
    ],
)
def test_a_run_holds_its_share_while_one_cluster_cannot_be_seen_and_goes_on_when_it_can(
    stage: TwoClusters, operator: Operator, door: str, fault: Json
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator, HALF_WITHIN)
        stage.shut(door, **fault)
        held = looked_on(stage, operator, A_WHILE)
        stage.mend()
        ended = ending(operator, load, running)

    held.assert_at_half()
    ended.assert_completed()
    assert stage.there.exists(NAME)
    assert not stage.exists("apps/v1/deployments/istio-ingressgateway")


@pytest.mark.parametrize("door", [API, API_2])
def test_a_way_back_waits_for_neither_cluster(
    stage: TwoClusters, operator: Operator, door: str, capsys: pytest.CaptureFixture[str]
) -> None:
    operator.plan(**LONG)
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator, HALF_WITHIN)
        stage.shut(door, **HANGS)
        time.sleep(1.0)
        assert operator.call("rollback", "--note", "now").returncode == 0
        eventually("all traffic on old", lambda: stage.share() == 0, 30.0)
        silent = stays(lambda: (operator.found().state, stage.share()), 3.0)
        stage.mend()
        ended = ending(operator, load, running)
    asked = next(row.at for row in operator.events() if row.kind is Kind.REQUESTED).timestamp()
    took = next(at for at, share in stage.effective_shares() if at > asked and share == 0) - asked
    with capsys.disabled():
        print(f"\n  {door} hangs: share 0 in the data plane {took:.2f} s after it was asked for", end="")

    assert silent == {(State.RUNNING, 0.0)}
    ended.assert_gone_back()
    assert stage.weights() == before
    assert not stage.there.exists(NAME)


def test_a_run_killed_while_the_new_sides_cluster_hangs_is_resumed_and_completes(
    stage: TwoClusters, operator: Operator
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator, HALF_WITHIN)
        stage.shut(API_2, **HANGS)
        operator.kill(running)
        time.sleep(1.0)
        stage.mend()
        ended = ending(operator, load, operator.begin("resume"))

    ended.assert_completed()
