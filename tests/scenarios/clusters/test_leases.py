"""The Leases of a run in two clusters: without both, nothing more is written for the new side; the way back is free."""

import time

import pytest

from tests.scenarios.clusters.ground import API, API_2, TwoClusters
from tests.scenarios.endings import Held, ending, half_way, looked_on
from tests.scenarios.ground import eventually, stays
from tests.scenarios.operator import SHORT, Json, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(500)]

A_WHILE = 8.0
HALF_WITHIN = 240.0
FENCE = 30.0
"""Seconds without a renewal after which the fence is shut."""

SOAKING = {**SHORT, "traffic_shares": [50, 100], "traffic_soak": "40s", "traffic_maxSoak": "120s"}
"""The soak ends when the fence is shut: the run would write, and may not."""

LEASES: Json = {"kind": "status", "status": 403, "path": "/apis/coordination.k8s.io"}
NAME = "apps/v1/daemonsets/istio-ingressgateway-ds"


def unrenewed(stage: TwoClusters, operator: Operator, door: str) -> tuple[float, Held]:
    """Let one cluster's Lease not be renewed until the run would go on and may not; give since when, and what was seen."""
    stage.shut(door, **LEASES)
    since = time.time()
    time.sleep(FENCE)
    operator.await_("the fence", lambda _eye: "lease" in " ".join(operator.status()["troubles"]).lower(), 60.0)
    return since, looked_on(stage, operator, A_WHILE)


def written(stage: TwoClusters, since: float) -> list[Json]:
    """Give the writes of weights that the balancer was sent from then on."""
    return [call for call in stage.log("call") if call["at"] > since and call["rows"]]


@pytest.mark.parametrize("door", [API, API_2])
def test_a_lease_that_cannot_be_renewed_in_one_cluster_keeps_the_share_until_it_can(
    stage: TwoClusters, operator: Operator, door: str
) -> None:
    operator.plan(**SOAKING)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator, HALF_WITHIN)
        since, held = unrenewed(stage, operator, door)
        sent = written(stage, since)
        stage.mend()
        ended = ending(operator, load, running)

    held.assert_at_half()
    assert sent == []
    ended.assert_completed()
    assert stage.there.exists(NAME)


@pytest.mark.parametrize("door", [API, API_2])
def test_while_a_lease_cannot_be_renewed_the_way_back_is_free_and_the_old_side_serves(
    stage: TwoClusters, operator: Operator, door: str
) -> None:
    operator.plan(**SOAKING)
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator, HALF_WITHIN)
        _, held = unrenewed(stage, operator, door)
        assert operator.call("rollback", "--note", "now").returncode == 0
        eventually("all traffic on old", lambda: stage.share() == 0, 30.0)
        ended = ending(operator, load, running)

    held.assert_at_half()
    ended.assert_gone_back()
    assert stage.weights() == before
    assert not stage.there.exists(NAME)


@pytest.mark.parametrize("door", [API, API_2])
def test_a_lease_that_somebody_else_has_taken_ends_the_process_and_nothing_advances(
    stage: TwoClusters, operator: Operator, door: str
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator, HALF_WITHIN)
        whose = stage.taken(door, "somebody-else")
        first = operator.ends(running, within=60.0)
        shares = stays(stage.share, A_WHILE)
        stage.taken(door, whose)
        ended = ending(operator, load, operator.begin("resume"))

    assert first not in (0, 4), operator.said(0)[-3000:]
    assert shares == {50.0}
    ended.assert_completed()
