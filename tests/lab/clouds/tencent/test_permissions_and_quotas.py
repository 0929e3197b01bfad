"""What an account may not do is refused in each API's own words, and Tencent tells and keeps its quota."""

from collections.abc import Iterator

import pytest

from tests.lab.clouds.aliyun.cloud import Clb, Nlb
from tests.lab.clouds.world import Balancer, Process

pytestmark = pytest.mark.lab
A = {"address": "10.1.0.1", "port": 80, "weight": 5}
ADDED = {"ServerId": "10.1.0.9", "ServerType": "Ip", "Port": 80, "Weight": 0}


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    made = Process()
    yield made
    made.close()


@pytest.fixture
def lab(process: Process) -> Balancer:
    return process.balancer({"targets": [A]}, bind_quota=2)


def test_each_api_refuses_what_is_denied_in_its_own_words(lab: Balancer) -> None:
    denied = ["AddServersToServerGroup", "DescribeVServerGroupAttribute", "DescribeTargets"]
    lab.faults(denied=denied)

    assert Nlb(lab).refused("AddServersToServerGroup", Servers=[ADDED]) == (403, "Forbidden.NoPermission")
    assert Clb(lab).refused("DescribeVServerGroupAttribute") == (403, "Forbidden.RAM")
    assert lab.cloud.refused("DescribeTargets") == "UnauthorizedOperation"
    assert lab.process.admin("GET", f"/faults?balancer={lab.id}")["denied"] == denied


def test_an_action_that_is_allowed_again_is_answered(lab: Balancer) -> None:
    lab.faults(denied=["DescribeTargets"])
    lab.faults(denied=[])

    assert lab.cloud.weights() == {("10.1.0.1", 80): 5}


def test_an_nlb_dry_run_is_refused_as_a_dry_run_and_changes_nothing(lab: Balancer) -> None:
    refused = Nlb(lab).refused("AddServersToServerGroup", Servers=[ADDED], DryRun=True)

    assert refused == (400, "DryRunOperation")
    assert len(Nlb(lab).rows()) == 1
    assert lab.log("call") == []


def test_a_listener_takes_as_many_targets_as_the_quota_says(lab: Balancer) -> None:
    rows = [{"ListenerId": "lbl-1", "EniIp": f"10.1.0.{at}", "Port": 80, "Weight": 0} for at in (2, 3)]
    said = {row.QuotaId: row.QuotaLimit for row in lab.cloud.call("DescribeQuota").QuotaSet}

    assert said["TOTAL_TARGET_BIND_QUOTA"] == 2
    assert lab.cloud.refused("BatchRegisterTargets", Targets=rows) == "LimitExceeded"
    assert lab.cloud.call("BatchRegisterTargets", Targets=rows[:1]).FailListenerIdSet == []
