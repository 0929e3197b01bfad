"""The control plane through the official SDK: shapes, limits, tasks and the lock."""

import json
import urllib.request
from collections.abc import Callable

import pytest
from tencentcloud.clb.v20180317 import models
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from tests.lab.clouds.world import Cloud, Process, Server

pytestmark = pytest.mark.lab
Start = Callable[..., Server]
A, B = ("127.0.0.1", 1001), ("127.0.0.1", 1002)
ROWS = [{"address": host, "port": port, "weight": 10} for host, port in (A, B)]


def eni(key: tuple[str, int], **more: object) -> dict[str, object]:
    return {"EniIp": key[0], "Port": key[1], **more}


def test_every_reply_has_every_field_that_the_sdk_knows(process: Process) -> None:
    lab = process.balancer({"targets": ROWS})
    cloud = lab.cloud
    balancer = cloud.raw("DescribeLoadBalancers", LoadBalancerIds=[lab.id])["LoadBalancerSet"][0]
    listener = cloud.raw("DescribeListeners", LoadBalancerId=lab.id)["Listeners"][0]
    backend = cloud.raw("DescribeTargets", LoadBalancerId=lab.id)["Listeners"][0]
    health = cloud.raw("DescribeTargetHealth", LoadBalancerIds=[lab.id])["LoadBalancers"][0]

    for model, shape in (
        (models.LoadBalancer, balancer),
        (models.Listener, listener),
        (models.HealthCheck, listener["HealthCheck"]),
        (models.ListenerBackend, backend),
        (models.Backend, backend["Targets"][0]),
        (models.LoadBalancerHealth, health),
        (models.ListenerHealth, health["Listeners"][0]),
        (models.RuleHealth, health["Listeners"][0]["Rules"][0]),
        (models.TargetHealth, health["Listeners"][0]["Rules"][0]["Targets"][0]),
    ):
        assert set(shape) == {name.lstrip("_") for name in vars(model())}, model.__name__


def test_registering_without_a_weight_means_ten(process: Process) -> None:
    cloud = process.balancer().cloud

    answer = cloud.call("BatchRegisterTargets", Targets=[eni(A, ListenerId="lbl-1")])
    second = cloud.call("RegisterTargets", ListenerId="lbl-1", Targets=[eni(B, Weight=0)])

    assert (answer.FailListenerIdSet, cloud.done(second.RequestId)) == ([], 0)
    assert cloud.weights() == {A: 10, B: 0}


def test_a_row_s_weight_counts_more_than_its_rule_s(process: Process) -> None:
    cloud = process.balancer({"targets": ROWS}).cloud

    rule = {"ListenerId": "lbl-1", "Weight": 33, "Targets": [eni(A), eni(B, Weight=44)]}
    assert cloud.done(cloud.call("BatchModifyTargetWeight", ModifyList=[rule]).RequestId) == 0
    assert cloud.weights() == {A: 33, B: 44}

    single = cloud.call("ModifyTargetWeight", ListenerId="lbl-1", Weight=5, Targets=[eni(A)])
    assert cloud.done(single.RequestId) == 0
    assert cloud.weights() == {A: 5, B: 44}


def test_targets_of_several_listeners_change_in_one_task(process: Process) -> None:
    cloud = process.balancer({"targets": ROWS}, {"targets": ROWS}).cloud

    rules = [{"ListenerId": name, "Targets": [eni(A, Weight=1)]} for name in ("lbl-1", "lbl-2")]
    assert cloud.done(cloud.call("BatchModifyTargetWeight", ModifyList=rules).RequestId) == 0

    assert cloud.weights("lbl-1")[A] == cloud.weights("lbl-2")[A] == 1


def test_deregistering_is_single_or_in_batches(process: Process) -> None:
    cloud = process.balancer({"targets": ROWS}).cloud

    assert cloud.call("BatchDeregisterTargets", Targets=[eni(A, ListenerId="lbl-1")]).FailListenerIdSet == []
    assert cloud.weights() == {B: 10}
    assert cloud.done(cloud.call("DeregisterTargets", ListenerId="lbl-1", Targets=[eni(B)]).RequestId) == 0
    assert cloud.weights() == {}


def test_an_absent_target_fails_its_listener_with_a_good_answer(process: Process) -> None:
    cloud = process.balancer({"targets": ROWS[:1]}, {"targets": ROWS}).cloud

    rows = [eni(B, ListenerId=name) for name in ("lbl-1", "lbl-2")]
    answer = cloud.call("BatchDeregisterTargets", Targets=rows)

    assert (answer.FailListenerIdSet, answer.Message) == (["lbl-1"], "target not bound")
    assert (cloud.weights("lbl-1"), cloud.weights("lbl-2")) == ({A: 10}, {A: 10})


def test_a_target_bound_by_instance_is_changed_by_instance(process: Process) -> None:
    cloud = process.balancer(instances={"ins-1": A[0]}).cloud
    cloud.call("BatchRegisterTargets", Targets=[{"ListenerId": "lbl-1", "InstanceId": "ins-1", "Port": A[1]}])
    row = cloud.call("DescribeTargets").Listeners[0].Targets[0]

    assert (row.Type, row.InstanceId, row.EniId, row.PrivateIpAddresses) == ("CVM", "ins-1", None, [A[0]])
    code = cloud.refused("ModifyTargetWeight", ListenerId="lbl-1", Targets=[eni(A, Weight=0)])
    assert code == "InvalidParameter"
    by_name = [{"InstanceId": "ins-1", "Port": A[1], "Weight": 0}]
    assert cloud.done(cloud.call("ModifyTargetWeight", ListenerId="lbl-1", Targets=by_name).RequestId) == 0


def test_a_task_runs_first_and_shows_its_weights_at_its_end(process: Process) -> None:
    lab = process.balancer({"targets": ROWS}, timings={"task_s": 0.6})
    task = lab.cloud.call("ModifyTargetWeight", ListenerId="lbl-1", Targets=[eni(A, Weight=0)]).RequestId

    assert lab.cloud.call("DescribeTaskStatus", TaskId=task).Status == 2
    assert lab.cloud.weights()[A] == 10
    assert lab.cloud.done(task) == 0
    assert lab.cloud.weights()[A] == 0
    assert lab.cloud.refused("DescribeTaskStatus", TaskId="unknown") == "InvalidParameter"


def test_one_write_at_a_time_per_balancer_over_all_listeners(process: Process) -> None:
    lab = process.balancer({"targets": ROWS}, {"targets": ROWS}, timings={"task_s": 0.6})
    other = process.balancer({"targets": ROWS})
    first = lab.cloud.call("ModifyTargetWeight", ListenerId="lbl-1", Targets=[eni(A, Weight=0)]).RequestId
    second = {"ListenerId": "lbl-2", "Targets": [eni(B, Weight=0)]}

    assert lab.cloud.refused("ModifyTargetWeight", **second) == "FailedOperation.ResourceInOperating"
    assert other.cloud.weigh({A: 1}) == 0
    assert lab.cloud.done(first) == 0
    assert lab.cloud.done(lab.cloud.call("ModifyTargetWeight", **second).RequestId) == 0
    assert [each["error"] for each in lab.log("answer") if each["action"] == "ModifyTargetWeight"] == [
        None,
        "FailedOperation.ResourceInOperating",
        None,
    ]


def test_the_twenty_first_call_of_an_action_in_a_second_is_refused(process: Process) -> None:
    lab = process.balancer()

    def hammer() -> None:
        for _ in range(200):
            lab.cloud.raw("DescribeListeners", LoadBalancerId=lab.id)

    with pytest.raises(TencentCloudSDKException) as refusal:
        hammer()

    assert refusal.value.code == "RequestLimitExceeded"
    assert lab.cloud.weights() == {}  # another action is not touched


@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        pytest.param("DescribeTargets", {"LoadBalancerId": "lb-x"}, "InvalidParameter.LBIdNotFound", id="balancer"),
        pytest.param("DescribeTargets", {"ListenerIds": ["lbl-x"]}, "InvalidParameter", id="some listener"),
        pytest.param("DescribeTargets", {"ListenerIds": ["l"] * 21}, "InvalidParameterValue.Length", id="21 listeners"),
        pytest.param("DescribeTargetHealth", {"LoadBalancerIds": []}, "MissingParameter", id="no balancer"),
        pytest.param(
            "ModifyTargetWeight",
            {"ListenerId": "lbl-x", "Targets": [eni(A, Weight=1)]},
            "InvalidParameter.ListenerIdNotFound",
            id="listener",
        ),
        pytest.param(
            "ModifyTargetWeight",
            {"ListenerId": "lbl-1", "Targets": [eni(A, Weight=101)]},
            "InvalidParameterValue.Range",
            id="weight 101",
        ),
        pytest.param(
            "ModifyTargetWeight",
            {"ListenerId": "lbl-1", "Targets": [eni(A, Weight="5")]},
            "InvalidParameter",
            id="a weight that is text",
        ),
        pytest.param(
            "ModifyTargetWeight",
            {"ListenerId": "lbl-1", "Targets": [eni(A, Weight=1)] * 2},
            "InvalidParameterValue.Duplicate",
            id="twice the same",
        ),
        pytest.param(
            "ModifyTargetWeight",
            {"ListenerId": "lbl-1", "LocationId": "loc-1", "Targets": [eni(A, Weight=1)]},
            "InvalidParameter.LocationNotFound",
            id="a rule of a TCP listener",
        ),
        pytest.param(
            "ModifyTargetWeight",
            {"ListenerId": "lbl-1", "Targets": [eni(("127.0.0.9", 1), Weight=1)]},
            "InvalidParameter",
            id="not bound",
        ),
        pytest.param(
            "RegisterTargets",
            {"ListenerId": "lbl-1", "Targets": [eni(("127.0.0.9", at + 1)) for at in range(21)]},
            "InvalidParameterValue.Length",
            id="21 targets",
        ),
        pytest.param(
            "BatchRegisterTargets",
            {"Targets": [eni(("127.0.0.9", at + 1), ListenerId="lbl-1") for at in range(501)]},
            "InvalidParameterValue.Length",
            id="501 targets",
        ),
        pytest.param(
            "BatchRegisterTargets",
            {"Targets": [eni(A, ListenerId="lbl-1", InstanceId="ins-1")]},
            "InvalidParameter",
            id="instance and address",
        ),
        pytest.param(
            "BatchModifyTargetWeight",
            {"ModifyList": [{"ListenerId": "lbl-1", "Targets": [eni(A, Weight=1)] * 51}]},
            "InvalidParameterValue.Length",
            id="51 targets in a rule",
        ),
        pytest.param(
            "BatchModifyTargetWeight",
            {"ModifyList": [{"ListenerId": "lbl-1", "Targets": [eni(A, Weight=1)]}] * 101},
            "InvalidParameterValue.Length",
            id="101 rules",
        ),
        pytest.param(
            "BatchModifyTargetWeight",
            {"ModifyList": [{"ListenerId": "lbl-1", "Targets": [eni(A, Weight=1)] * 50}] * 11},
            "InvalidParameterValue.Length",
            id="550 targets in all",
        ),
        pytest.param("BatchModifyTargetWeight", {}, "MissingParameter", id="nothing"),
    ],
)
def test_a_wrong_call_is_refused_with_its_code(
    shared: Cloud, action: str, parameters: dict[str, object], code: str
) -> None:
    assert shared.refused(action, **parameters) == code


@pytest.fixture(scope="module")
def shared(process: Process) -> Cloud:
    """One balancer that nothing changes."""
    return process.balancer({"targets": ROWS}).cloud


def test_five_hundred_targets_change_in_one_call(process: Process) -> None:
    cloud = process.balancer().cloud
    keys = [(f"127.0.{at // 50}.9", 1000 + at) for at in range(500)]

    cloud.call("BatchRegisterTargets", Targets=[eni(key, ListenerId="lbl-1", Weight=0) for key in keys])
    rules = [
        {"ListenerId": "lbl-1", "Weight": 7, "Targets": [eni(key) for key in keys[at : at + 50]]}
        for at in range(0, 500, 50)
    ]
    assert cloud.done(cloud.call("BatchModifyTargetWeight", ModifyList=rules).RequestId) == 0

    assert cloud.weights() == dict.fromkeys(keys, 7)


def test_errors_come_with_status_200_and_a_bare_content_type(process: Process) -> None:
    headers = {"Content-Type": "application/json", "X-TC-Action": "DescribeTargets"}
    request = urllib.request.Request(f"http://{process.control}/", b"{}", headers, method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
        found = json.loads(answer.read())["Response"]

    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert found["Error"]["Code"] == "MissingParameter"
    assert found["RequestId"]


def test_a_wrong_key_is_refused(process: Process) -> None:
    cloud = Cloud(process.control, "lb-lab", ("lab-id", "not the key"))

    assert cloud.refused("DescribeTargets") == "AuthFailure.SignatureFailure"
