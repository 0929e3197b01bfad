"""Everything that can be made to go wrong does so, for one balancer, and is written down."""

import time

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from tests.lab.clouds.world import Balancer, Process, until

pytestmark = pytest.mark.lab
A, B = ("127.0.0.1", 1001), ("127.0.0.1", 1002)
ROWS = [{"address": host, "port": port, "weight": 10} for host, port in (A, B)]


@pytest.fixture
def lab(process: Process) -> Balancer:
    """A balancer with two listeners of two targets each."""
    return process.balancer({"targets": ROWS}, {"targets": ROWS})


def modify(weight: int, *listeners: str) -> dict[str, object]:
    targets = [{"EniIp": A[0], "Port": A[1], "Weight": weight}]
    return {"ModifyList": [{"ListenerId": name, "Targets": targets} for name in listeners or ("lbl-1",)]}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("throttle_s", "RequestLimitExceeded"),
        ("busy_s", "FailedOperation.ResourceInOperating"),
        ("error_s", "InternalError"),
    ],
)
def test_a_window_refuses_writes_until_it_closes(lab: Balancer, process: Process, fault: str, code: str) -> None:
    lab.faults(**{fault: 0.3})

    assert lab.cloud.refused("BatchModifyTargetWeight", **modify(0)) == code
    assert process.balancer({"targets": ROWS}).cloud.weigh({A: 0}) == 0  # another balancer is not touched
    until(lambda: process.admin("GET", f"/faults?balancer={lab.id}")[fault] == 0)
    assert lab.cloud.weigh({A: 0}) == 0


def test_a_write_takes_effect_though_its_answer_is_lost(lab: Balancer) -> None:
    lab.faults(drop_responses=1)

    with pytest.raises(TencentCloudSDKException) as failure:
        lab.cloud.call("BatchModifyTargetWeight", **modify(0))
    lab.settle()

    assert failure.value.code == "ClientNetworkError"
    assert lab.cloud.weights()[A] == 0
    assert [each["dropped"] for each in lab.log("answer") if each["action"].startswith("Batch")] == [True]


def test_a_lost_request_has_no_effect(lab: Balancer) -> None:
    lab.faults(drop_requests=1)

    with pytest.raises(TencentCloudSDKException):
        lab.cloud.call("BatchModifyTargetWeight", **modify(0))
    lab.settle()

    assert lab.cloud.weights()[A] == 10


def test_a_failed_task_changes_nothing(lab: Balancer) -> None:
    lab.faults(fail_tasks=1)

    assert lab.cloud.weigh({A: 0}) == 1
    assert lab.cloud.weights()[A] == 10
    assert lab.stats()["targets"]["127.0.0.1:1001"]["effective_weight"] == 10
    assert lab.cloud.weigh({A: 0}) == 0


def test_a_partial_task_changes_one_listener_and_not_the_other(lab: Balancer) -> None:
    lab.faults(partial=1, partial_listeners=["lbl-2"])

    task = lab.cloud.call("BatchModifyTargetWeight", **modify(0, "lbl-1", "lbl-2")).RequestId

    assert lab.cloud.done(task) == 1
    assert (lab.cloud.weights("lbl-1")[A], lab.cloud.weights("lbl-2")[A]) == (0, 10)
    lab.settle()


def test_a_partial_registration_is_a_good_answer_with_failed_listeners(lab: Balancer) -> None:
    lab.faults(partial=1, partial_listeners=["lbl-1"])
    rows = [{"ListenerId": name, "EniIp": "127.0.0.1", "Port": 1003, "Weight": 0} for name in ("lbl-1", "lbl-2")]

    answer = lab.cloud.call("BatchRegisterTargets", Targets=rows)

    assert answer.FailListenerIdSet == ["lbl-1"]
    assert answer.Message
    assert (len(lab.cloud.weights("lbl-1")), len(lab.cloud.weights("lbl-2"))) == (2, 3)


@pytest.mark.parametrize("fault", ["latency_s", "reply_latency_s"])
def test_a_slow_api_is_slow(lab: Balancer, fault: str) -> None:
    lab.faults(**{fault: 0.2})

    began = time.monotonic()
    lab.cloud.weights()

    assert time.monotonic() - began >= 0.2


def test_somebody_else_s_hand_resets_weights_and_brings_targets(lab: Balancer) -> None:
    lab.cloud.weigh({A: 90, B: 10})
    more = [{"address": "127.0.0.1", "port": 1003, "weight": 100}]

    lab.faults(outside={"after_s": 0.1, "weights": {"lbl-1/127.0.0.1:1001": 50}, "register": more})

    assert lab.cloud.weights() == {A: 90, B: 10}
    until(lambda: lab.log("outside"))
    assert lab.cloud.weights() == {A: 50, B: 10, ("127.0.0.1", 1003): 100}
    lab.settle()
    lab.faults(outside={"every": 7, "deregister": ["127.0.0.1:1003"]})
    until(lambda: len(lab.log("outside")) == 2)
    assert lab.cloud.weights() == {A: 7, B: 7}
    lab.settle()


def test_faults_are_taken_back(lab: Balancer, process: Process) -> None:
    lab.faults(throttle_s=60, busy_s=60, drop_responses=5, health={"127.0.0.1:1001": "dead"})

    lab.faults(clear=True)

    assert lab.cloud.weigh({A: 1}) == 0
    found = process.admin("GET", f"/faults?balancer={lab.id}")
    assert not any(found.values())


def test_the_log_tells_the_order_of_writes_and_effects(lab: Balancer) -> None:
    lab.cloud.weigh({B: 20})
    lab.cloud.weigh({A: 0})
    until(lambda: len(lab.log("effective")) == 2)

    events = lab.log("call", "task", "effective")
    writes = [each["rows"] for each in events if each["kind"] == "call"]
    assert writes == [
        [{"listener": "lbl-1", "target": "127.0.0.1:1002", "weight": 20}],
        [{"listener": "lbl-1", "target": "127.0.0.1:1001", "weight": 0}],
    ]
    assert [each["seq"] for each in events] == sorted(each["seq"] for each in events)
    assert [each["state"] for each in events if each["kind"] == "task"] == ["done", "done"]
