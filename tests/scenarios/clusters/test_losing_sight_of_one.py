"""Two clusters, one of which cannot be seen: whichever it is, the run holds, a way back does not wait, and nothing is lost."""

import time

import pytest

from migrator.domain.model.runs import Heading, State
from migrator.store import Kind
from tests.scenarios.clusters.ground import API, API_2, TwoClusters
from tests.scenarios.ground import eventually, stays
from tests.scenarios.operator import SHORT, Json, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(400)]

A_WHILE = 8.0
LONG = {**SHORT, "traffic_shares": [50, 100], "traffic_soak": "60s", "traffic_maxSoak": "90s"}
HANGS: Json = {"kind": "half-open"}
REFUSES: Json = {"kind": "status", "status": 403}
IS_CUT_OFF: Json = {"kind": "reset"}
NAME = "apps/v1/daemonsets/istio-ingressgateway-ds"


def half_way(stage: TwoClusters, operator: Operator) -> None:
    operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50, 240.0)


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
        half_way(stage, operator)
        stage.shut(door, **fault)
        time.sleep(2.0)
        shares = stays(stage.share, A_WHILE)
        held, seen = operator.found(), operator.status()
        stage.mend()
        ended = operator.ends(running)
        summary = load.end()

    assert shares == {50.0}
    assert (held.state, held.heading) == (State.RUNNING, Heading.FORWARD)
    assert seen["troubles"], seen
    assert (ended, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
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
        half_way(stage, operator)
        stage.shut(door, **HANGS)
        time.sleep(1.0)
        assert operator.call("rollback", "--note", "now").returncode == 0
        eventually("all traffic on old", lambda: stage.share() == 0, 30.0)
        silent = stays(lambda: (operator.found().state, stage.share()), 3.0)
        stage.mend()
        ended = operator.ends(running)
        summary = load.end()
    asked = next(row.at for row in operator.events() if row.kind is Kind.REQUESTED).timestamp()
    took = next(at for at, share in stage.effective_shares() if at > asked and share == 0) - asked
    with capsys.disabled():
        print(f"\n  {door} hangs: share 0 in the data plane {took:.2f} s after it was asked for", end="")

    assert silent == {(State.RUNNING, 0.0)}
    assert (ended, operator.report()["state"]) == (4, "rolled-back"), operator.said()[-3000:]
    assert stage.weights() == before
    assert not stage.there.exists(NAME)
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_a_run_killed_while_the_new_sides_cluster_hangs_is_resumed_and_completes(
    stage: TwoClusters, operator: Operator
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        stage.shut(API_2, **HANGS)
        operator.kill(running)
        time.sleep(1.0)
        stage.mend()
        running = operator.begin("resume")
        ended = operator.ends(running)
        summary = load.end()

    assert (ended, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_a_lease_that_can_no_longer_be_renewed_keeps_the_share_until_it_can(
    stage: TwoClusters, operator: Operator
) -> None:
    operator.plan(**{**SHORT, "traffic_shares": [50, 100], "traffic_soak": "45s", "traffic_maxSoak": "90s"})
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        stage.shut(API_2, **REFUSES, path="/apis/coordination.k8s.io")
        time.sleep(35.0)
        shares = stays(stage.share, 25.0)
        stage.mend()
        ended = operator.ends(running)
        summary = load.end()

    assert shares == {50.0}
    assert (ended, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


@pytest.mark.parametrize("door", [API, API_2])
def test_a_lease_that_somebody_else_has_taken_ends_the_process_and_nothing_advances(
    stage: TwoClusters, operator: Operator, door: str
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        whose = stage.taken(door, "somebody-else")
        ended = operator.ends(running, within=60.0)
        shares = stays(stage.share, A_WHILE)
        stage.taken(door, whose)
        again = operator.ends(operator.begin("resume"))
        summary = load.end()

    assert ended not in (0, 4), operator.said(0)[-3000:]
    assert shares == {50.0}
    assert (again, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
