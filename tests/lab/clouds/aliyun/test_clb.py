"""The CLB emulator, asked by the official SDK."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.adapters.balancers.aliyun import sdk
from tests.lab.clouds.aliyun.cloud import Clb, ecs
from tests.lab.clouds.world import Process, Server, until

pytestmark = pytest.mark.lab
NODE, POD = ("127.0.0.1", "i-node"), ("10.1.0.2", "eni-0a010002")
INSTANCES = {NODE[1]: NODE[0]}


def row(server: str = POD[1], port: int = 8080, **more: Any) -> dict[str, Any]:
    kind = "eni" if server.startswith("eni-") else "ecs"
    return {"ServerId": server, "Type": kind, "Port": str(port), **more}


def rows(*given: dict[str, Any]) -> str:
    return json.dumps(given)


def made(process: Process, **spec: Any) -> Clb:
    targets = [{"address": POD[0], "port": 8080, "weight": 30, "tag": "k8s/80/svc/ns/c1"}]
    return Clb(process.balancer({"targets": targets}, {}, instances=INSTANCES, **spec))


@pytest.fixture
def cloud(process: Process) -> Clb:
    return made(process)


def rest(cloud: Clb) -> None:
    until(lambda: not cloud.balancer.process.admin("GET", f"/balancers/{cloud.balancer.id}")["busy"])


def test_a_group_shows_its_rows_with_whole_numbers(cloud: Clb) -> None:
    assert cloud.rows() == [
        {
            "ServerId": POD[1],
            "ServerIp": POD[0],
            "Port": 8080,
            "Type": "eni",
            "Weight": 30,
            "Description": "k8s/80/svc/ns/c1",
        }
    ]


def test_groups_say_which_listeners_lead_to_them(cloud: Clb) -> None:
    found = cloud.call("DescribeVServerGroups", IncludeListener=True)["VServerGroups"]["VServerGroup"]

    ports = [each["AssociatedObjects"]["Listeners"]["Listener"] for each in found]
    assert ports == [[{"Port": port, "Protocol": "tcp"}] for port in cloud.balancer.ports]


def test_a_weight_changes_and_rows_not_listed_stay_with_their_descriptions(cloud: Clb) -> None:
    cloud.call(
        "AddVServerGroupBackendServers", BackendServers=rows(row(NODE[1], 80, Weight=0, Description="migrator/1"))
    )
    rest(cloud)
    cloud.call("SetVServerGroupAttribute", BackendServers=rows(row(NODE[1], 80, Weight="7")))
    rest(cloud)

    assert [(each["ServerId"], each["Weight"], each["Description"]) for each in cloud.rows()] == [
        (POD[1], 30, "k8s/80/svc/ns/c1"),
        (NODE[1], 7, "migrator/1"),
    ]


def test_a_row_added_without_a_weight_gets_100_at_once(cloud: Clb) -> None:
    """The trap that makes every registration send its weight."""
    cloud.call("AddVServerGroupBackendServers", BackendServers=rows(row(NODE[1], 80)))
    rest(cloud)

    assert cloud.rows()[1]["Weight"] == 100


def test_removing_a_row_that_is_not_there_is_no_error(cloud: Clb) -> None:
    cloud.call("RemoveVServerGroupBackendServers", BackendServers=rows(row(), row(NODE[1], 80)))
    rest(cloud)

    assert cloud.rows() == []


def test_replacing_a_server_changes_its_port(cloud: Clb) -> None:
    new = rows(row(port=9090, Weight=5))
    cloud.call("ModifyVServerGroupBackendServers", OldBackendServers=rows(row()), NewBackendServers=new)
    rest(cloud)

    assert [(each["Port"], each["Weight"]) for each in cloud.rows()] == [(9090, 5)]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param([row(port=1 + at) for at in range(41)], (400, "TooManyBackendServers"), id="too many rows"),
        pytest.param([row(Weight="101")], (400, "InvalidWeight.Malformed"), id="a weight above 100"),
        pytest.param([row(Weight="x")], (400, "InvalidWeight.Malformed"), id="a weight that is none"),
        pytest.param([row("i-nobody", 80)], (404, "InvalidServerId.NotFound"), id="no such server"),
        pytest.param([row(NODE[1], 81)], (404, "InvalidServerId.NotFound"), id="not in the group"),
        pytest.param([row(), row()], (400, "BackendServersMalformed"), id="twice the same"),
        pytest.param([row(Wheight=1)], (400, "BackendServersMalformed"), id="an unknown field"),
    ],
)
def test_wrong_rows_are_refused_and_change_nothing(
    cloud: Clb, given: list[dict[str, Any]], wanted: tuple[int, str]
) -> None:
    before = cloud.rows()

    assert cloud.refused("SetVServerGroupAttribute", BackendServers=rows(*given)) == wanted
    assert cloud.rows() == before


def test_a_row_that_is_there_cannot_be_added_again(cloud: Clb) -> None:
    assert cloud.refused("AddVServerGroupBackendServers", BackendServers=rows(row())) == (400, "InvalidParameter")


def test_an_unknown_resource_has_the_codes_that_are_seen_in_the_field(cloud: Clb) -> None:
    sentence = "The specified VServerGroupId does not exist"

    assert cloud.refused("DescribeVServerGroupAttribute", VServerGroupId="rsp-none") == (404, sentence)
    assert cloud.refused("DescribeVServerGroups", LoadBalancerId="lb-none") == (404, "InvalidLoadBalancerId.NotFound")
    assert cloud.refused("DescribeLoadBalancerTCPListenerAttribute", ListenerPort=1)[0] == 404


# --- busy, throttled, lost ----------------------------------------------------------------------------------------


def test_a_group_is_busy_after_a_write_and_so_is_the_rest_of_its_balancer(process: Process) -> None:
    cloud = made(process, timings={"task_s": 1.0})
    cloud.call("SetVServerGroupAttribute", BackendServers=rows(row(Weight=1)))

    same = cloud.refused("SetVServerGroupAttribute", BackendServers=rows(row(Weight=2)))
    other = cloud.refused(
        "AddVServerGroupBackendServers", VServerGroupId=cloud.group("lbl-2"), BackendServers=rows(row(Weight=2))
    )

    assert same == (400, "VServerGroupProcessing")
    assert other == (409, "BackendServer.configuring")


def test_a_write_action_may_be_called_90_times_a_minute_by_the_whole_account(process: Process) -> None:
    """In a process of its own: the quota is the account's, and other tests live on it too."""
    own = Process()
    try:
        cloud = made(own)
        codes = []
        for _ in range(91):
            try:
                cloud.call("RemoveVServerGroupBackendServers", BackendServers="[]")
                codes.append("")
            except Exception as error:  # noqa: BLE001  the SDK's, by its code
                codes.append(str(getattr(error, "code", error)))
        assert codes == [""] * 90 + ["Throttling.User"]
        assert cloud.refused("SetVServerGroupAttribute", BackendServers=rows(row("i-nobody", 1)))[0] == 404
    finally:
        own.close()


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        pytest.param({"throttle_s": 5.0}, (400, "Throttling.User"), id="throttled"),
        pytest.param({"busy_s": 5.0}, (400, "VServerGroupProcessing"), id="busy"),
        pytest.param({"error_s": 5.0}, (500, "InternalError"), id="their fault"),
        pytest.param({"fail_tasks": 1}, (500, "InternalError"), id="a write that fails"),
    ],
)
def test_faults_are_answered_with_the_codes_of_the_api(
    cloud: Clb, fault: dict[str, Any], wanted: tuple[int, str]
) -> None:
    cloud.balancer.faults(**fault)

    assert cloud.refused("SetVServerGroupAttribute", BackendServers=rows(row(Weight=1))) == wanted
    cloud.balancer.faults(clear=True)
    rest(cloud)
    assert cloud.rows()[0]["Weight"] == 30


def test_an_answer_may_be_lost_after_the_effect(cloud: Clb) -> None:
    cloud.balancer.faults(drop_responses=1)
    with pytest.raises(Exception):  # noqa: B017, PT011  the SDK raises a bare one
        cloud.call("SetVServerGroupAttribute", BackendServers=rows(row(Weight=1)))
    rest(cloud)

    assert cloud.rows()[0]["Weight"] == 1


# --- health and traffic -------------------------------------------------------------------------------------------


def test_health_at_weight_0_is_normal_whatever_the_check_says(process: Process) -> None:
    dead = [{"address": "127.0.0.1", "port": 9, "weight": weight} for weight in (0,)]
    live = [{"address": "127.0.0.1", "port": 9, "weight": 5}]
    checks = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.2, "rise": 1, "fall": 1}
    cloud = Clb(process.balancer({"targets": dead}, {"targets": live}, health=checks))

    def seen() -> list[tuple[int, str]]:
        found = cloud.call("DescribeHealthStatus")["BackendServers"]["BackendServer"]
        return [(each["ListenerPort"], each["ServerHealthStatus"]) for each in found]

    until(lambda: seen() == [(cloud.balancer.ports[0], "normal"), (cloud.balancer.ports[1], "abnormal")])


def test_listeners_that_share_a_group_share_its_rows_and_its_traffic(
    process: Process, server: Callable[..., Server]
) -> None:
    old, new = server("old"), server("new")
    spec = {"group": "rsp-both", "targets": [old.target(10)]}
    cloud = Clb(process.balancer(spec, spec, instances={"i-new": new.key[0]} if new.key[0] != old.key[0] else {}))
    add = {"ServerId": "eni-7f000001", "Type": "eni", "Port": new.key[1], "Weight": 10}
    cloud.call("AddVServerGroupBackendServers", VServerGroupId="rsp-both", BackendServers=rows(add))
    rest(cloud)
    drop = {"ServerId": "eni-7f000001", "Type": "eni", "Port": old.key[1], "Weight": 0}
    cloud.call("SetVServerGroupAttribute", VServerGroupId="rsp-both", BackendServers=rows(drop))
    rest(cloud)
    cloud.balancer.settle()

    assert [cloud.balancer.who(at) for at in (0, 1)] == ["new", "new"]
    assert cloud.balancer.stats("lbl-1")["targets"].keys() == cloud.balancer.stats("lbl-2")["targets"].keys()


def test_the_default_group_has_servers_without_ports_and_weights_as_text(process: Process) -> None:
    cloud = Clb(process.balancer({"target_type": "DEFAULT"}, instances={NODE[1]: NODE[0], "i-two": "127.0.0.2"}))
    twice = [{"ServerId": NODE[1], "Weight": "20"}, {"ServerId": NODE[1], "Weight": "99"}]
    added = cloud.call("AddBackendServers", BackendServers=json.dumps(twice))
    rest(cloud)
    set_to = cloud.call("SetBackendServers", BackendServers=json.dumps([{"ServerId": NODE[1], "Weight": "5"}]))
    rest(cloud)
    shown = cloud.call("DescribeLoadBalancerAttribute")["BackendServers"]["BackendServer"]
    cloud.call("RemoveBackendServers", BackendServers=json.dumps([{"ServerId": "i-two"}, {"ServerId": NODE[1]}]))
    rest(cloud)

    assert [each["Weight"] for each in added["BackendServers"]["BackendServer"]] == ["20"]
    assert [each["Weight"] for each in set_to["BackendServers"]["BackendServer"]] == ["5"]
    assert [(each["ServerId"], each["Weight"], "Port" in each) for each in shown] == [(NODE[1], 5, False)]
    assert cloud.call("DescribeLoadBalancerAttribute")["BackendServers"]["BackendServer"] == []


# --- signatures and servers ---------------------------------------------------------------------------------------


def test_a_wrong_key_and_an_unknown_one_are_told_apart(cloud: Clb) -> None:
    assert Clb(cloud.balancer, ("lab-id", "wrong")).refused("DescribeVServerGroups") == (400, "SignatureDoesNotMatch")
    assert Clb(cloud.balancer, ("nobody", "x")).refused("DescribeVServerGroups") == (404, "InvalidAccessKeyId.NotFound")
    assert Clb(cloud.balancer, (*sdk.SECRET, "token")).rows() != []


def test_ecs_knows_instances_by_address_and_interfaces_for_the_rest(cloud: Clb) -> None:
    found = ecs(cloud.balancer, "DescribeInstances", PrivateIpAddresses=json.dumps([NODE[0]]), RegionId="lab")
    row = found["Instances"]["Instance"][0]
    nics = ecs(cloud.balancer, "DescribeNetworkInterfaces", RegionId="lab", **{"PrivateIpAddress.1": POD[0]})

    assert (row["InstanceId"], row["VpcAttributes"]["PrivateIpAddress"]["IpAddress"]) == (NODE[1], [NODE[0]])
    assert nics["NetworkInterfaceSets"]["NetworkInterfaceSet"][0]["NetworkInterfaceId"] == POD[1]


def test_the_record_holds_every_write_with_its_rows(cloud: Clb) -> None:
    before = time.time()
    cloud.call("SetVServerGroupAttribute", BackendServers=rows(row(Weight=9)))
    event = cloud.balancer.log("call")[-1]

    assert event["at"] >= before
    assert event["rows"] == [{"listener": "lbl-1", "target": f"{POD[0]}:8080", "weight": 9}]
