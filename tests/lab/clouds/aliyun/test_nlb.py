"""The NLB emulator, asked by the official SDK."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lab.clouds.aliyun.cloud import Nlb
from tests.lab.clouds.world import Process, until

pytestmark = pytest.mark.lab


def row(address: str = "10.1.0.1", port: int = 8080, **more: Any) -> dict[str, Any]:
    return {"ServerId": address, "ServerIp": address, "ServerType": "Ip", "Port": port, **more}


def made(process: Process, count: int = 1, **spec: Any) -> Nlb:
    targets = [{"address": f"10.1.0.{at}", "port": 8080, "weight": 30} for at in range(1, count + 1)]
    return Nlb(process.balancer({"targets": targets}, {}, **spec))


@pytest.fixture
def cloud(process: Process) -> Nlb:
    return made(process)


@pytest.fixture
def slow(process: Process) -> Nlb:
    return made(process, timings={"task_s": 1.0})


def test_a_job_goes_from_processing_to_succeeded_and_then_it_is_seen(cloud: Nlb) -> None:
    answer = cloud.call("UpdateServerGroupServersAttribute", Servers=[row(Weight=7)])

    assert cloud.done(answer) == "Succeeded"
    assert cloud.call("GetJobStatus", JobId=answer["JobId"])["Status"] == "Succeeded"
    assert [each["Weight"] for each in cloud.rows()] == [7]


def test_a_job_that_failed_says_so_in_the_list_only(cloud: Nlb) -> None:
    """GetJobStatus knows no failure: who asks it waits for ever."""
    cloud.balancer.faults(fail_tasks=1)
    answer = cloud.call("UpdateServerGroupServersAttribute", Servers=[row(Weight=7)])

    assert cloud.done(answer) == "Failed"
    assert cloud.call("GetJobStatus", JobId=answer["JobId"])["Status"] == "Processing"
    assert [each["Weight"] for each in cloud.rows()] == [30]


def test_a_job_nobody_knows_is_not_in_the_list(cloud: Nlb) -> None:
    assert cloud.call("ListAsynJobs", JobIds=["none"])["Jobs"] == []


def test_servers_show_what_a_job_is_doing_to_them(process: Process) -> None:
    cloud = made(process, 2, timings={"task_s": 0.5})
    seen = {}
    for action, given in (
        ("AddServersToServerGroup", row("10.1.0.9", Weight=0)),
        ("UpdateServerGroupServersAttribute", row("10.1.0.1", Weight=5)),
        ("RemoveServersFromServerGroup", row("10.1.0.2")),
    ):
        answer = cloud.call(action, Servers=[given])
        status = {each["ServerIp"]: each["Status"] for each in cloud.rows()}
        seen[action] = status[given["ServerIp"]]
        assert cloud.call("ListServerGroups", ServerGroupIds=[cloud.group])["ServerGroups"][0]["ServerGroupStatus"] == (
            "Configuring"
        )
        cloud.done(answer)

    assert list(seen.values()) == ["Adding", "Configuring", "Removing"]
    assert {each["ServerIp"]: each["Status"] for each in cloud.rows()} == {
        "10.1.0.1": "Available",
        "10.1.0.9": "Available",
    }


def test_a_group_takes_no_write_while_its_job_runs_and_the_balancer_none_elsewhere(slow: Nlb) -> None:
    slow.call("UpdateServerGroupServersAttribute", Servers=[row(Weight=7)])
    other = f"sgp-{slow.balancer.id}-lbl-2"

    assert slow.refused("UpdateServerGroupServersAttribute", Servers=[row(Weight=8)]) == (
        400,
        "IncorrectStatus.serverGroup",
    )
    assert slow.refused("AddServersToServerGroup", ServerGroupId=other, Servers=[row(Weight=0)]) == (
        400,
        "Conflict.Lock",
    )


def test_a_client_token_gives_the_same_job_again_and_refuses_another_request(slow: Nlb) -> None:
    first = slow.call("UpdateServerGroupServersAttribute", Servers=[row(Weight=7)], ClientToken="t-1")
    again = slow.call("UpdateServerGroupServersAttribute", Servers=[row(Weight=7)], ClientToken="t-1")
    slow.done(first)

    assert first["JobId"] == again["JobId"]
    assert slow.refused("UpdateServerGroupServersAttribute", Servers=[row(Weight=8)], ClientToken="t-1") == (
        400,
        "IdempotenceSignatureMismatch",
    )


def test_a_dry_run_passes_by_a_refusal_and_changes_nothing(cloud: Nlb) -> None:
    assert cloud.refused("UpdateServerGroupServersAttribute", Servers=[row(Weight=7)], DryRun=True) == (
        400,
        "DryRunOperation",
    )
    assert cloud.rows()[0]["Weight"] == 30


def test_a_server_added_without_a_weight_gets_100(cloud: Nlb) -> None:
    cloud.done(cloud.call("AddServersToServerGroup", Servers=[row("10.1.0.9")]))

    assert cloud.rows()[1]["Weight"] == 100


@pytest.mark.parametrize(
    ("action", "given", "wanted"),
    [
        pytest.param("Add", [row()], (400, "ResourceInUse.Server"), id="there already"),
        pytest.param(
            "Update", [row("10.9.9.9")], (404, "ResourceNotFound.BackendServer"), id="update of an absent one"
        ),
        pytest.param(
            "Remove", [row("10.9.9.9")], (404, "ResourceNotFound.BackendServer"), id="removal of an absent one"
        ),
        pytest.param("Add", [row("10.9.9.9")] * 2, (400, "DuplicatedParam.Server"), id="twice the same"),
        pytest.param("Add", [{"ServerId": "10.9.9.9"}], (400, "MissingParam.ServerType"), id="no type"),
        pytest.param("Add", [row("10.9.9.9", Weight=101)], (400, "IllegalParam.Weight"), id="a weight above 100"),
        pytest.param("Add", [row("i-1", ServerType="Ecs")], (404, "ResourceNotFound.BackendServer"), id="no instance"),
        pytest.param(
            "Add", [row("10.9.9.9", at) for at in range(1, 202)], (400, "IllegalParam.Servers"), id="too many"
        ),
    ],
)
def test_wrong_servers_are_refused(
    cloud: Nlb, action: str, given: list[dict[str, Any]], wanted: tuple[int, str]
) -> None:
    names = {
        "Add": "AddServersToServerGroup",
        "Update": "UpdateServerGroupServersAttribute",
        "Remove": "RemoveServersFromServerGroup",
    }

    assert cloud.refused(names[action], Servers=given) == wanted
    assert [each["Weight"] for each in cloud.rows()] == [30]


def test_lists_come_in_pages(process: Process) -> None:
    cloud = made(process, 5)
    found: list[str] = []
    token = ""
    for _ in range(3):
        page = cloud.call("ListServerGroupServers", MaxResults=2, NextToken=token)
        found += [each["ServerIp"] for each in page["Servers"]]
        token = page["NextToken"]

    assert (len(found), len(set(found)), token, page["TotalCount"]) == (5, 5, "", 5)


def test_only_servers_that_are_not_normal_are_named_in_health_and_none_without_weight(process: Process) -> None:
    checks = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.2, "rise": 1, "fall": 1}
    targets = [{"address": "127.0.0.1", "port": port, "weight": weight} for port, weight in ((9, 5), (10, 0), (11, 5))]
    cloud = Nlb(process.balancer({"targets": targets}, health=checks))
    cloud.balancer.faults(health={"127.0.0.1:11": "alive"})
    listener = cloud.call("ListListeners", LoadBalancerIds=[cloud.balancer.id])["Listeners"][0]

    def sick() -> list[tuple[int, str]]:
        found = cloud.call("GetListenerHealthStatus", ListenerId=listener["ListenerId"])
        info = found["ListenerHealthStatus"][0]["ServerGroupInfos"][0]
        assert info["HeathCheckEnabled"] is True
        return [(each["Port"], each["Status"]) for each in info["NonNormalServers"]]

    until(lambda: sick() == [(9, "Unhealthy")])
    assert listener["ServerGroupId"] == cloud.group


def test_a_group_of_instances_takes_instances_and_interfaces(process: Process) -> None:
    cloud = Nlb(process.balancer({}, instances={"i-node": "10.2.0.1"}))
    node = {"ServerId": "i-node", "ServerType": "Ecs", "Port": 80, "Weight": 0}
    pod = {"ServerId": "eni-0a020002", "ServerIp": "10.2.0.2", "ServerType": "Eni", "Port": 80, "Weight": 0}
    cloud.done(cloud.call("AddServersToServerGroup", Servers=[node, pod]))

    assert [(each["ServerType"], each["ServerIp"]) for each in cloud.rows()] == [
        ("Ecs", "10.2.0.1"),
        ("Eni", "10.2.0.2"),
    ]
    assert cloud.refused("AddServersToServerGroup", Servers=[row()]) == (400, "Mismatch.ServerType")
