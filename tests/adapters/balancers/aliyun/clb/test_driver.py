"""The CLB driver beside its contract: what Aliyun's API makes of names, descriptions, shared groups and health."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aliyun.clb import aliyun_clb
from migrator.adapters.balancers.aliyun.clb.driver import AliyunClb
from migrator.adapters.balancers.aliyun.clb.findings import of_balancer, of_listener, of_rules
from migrator.adapters.balancers.aliyun.clb.rows import row_of
from migrator.adapters.balancers.aliyun.server_groups import ListenerPort
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.findings import Severity
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Health, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.adapters.served import Asked, Reply, serving
from tests.lab.clouds.aliyun.cloud import Clb
from tests.lab.clouds.world import SECRET, Balancer, Process, until
from tests.words import refused

pytestmark = pytest.mark.lab
POD, NODE = "10.1.0.2", "127.0.0.1"
CCM = "k8s/80/svc/ns/c1"
LISTENER = {"Port": 80, "Protocol": "tcp"}


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    found = Process()
    yield found
    found.close()


def driver(balancer: Balancer, *listeners: str, **options: str) -> AliyunClb:
    endpoint = f"http://{balancer.process.control}"
    names = listeners or tuple(str(port) for port in balancer.ports)
    spec = BalancerSpec(
        "aliyun-clb",
        balancer.id,
        tuple(ListenerSpec(name, 80) for name in names),
        "lab",
        endpoint,
        options=tuple(sorted(({"ecsEndpoint": endpoint} | options).items())),
    )
    return aliyun_clb(spec, Chain(lambda: Credentials(*SECRET)))


def made(process: Process, *more: dict[str, Any], **spec: Any) -> Balancer:
    targets = [{"address": POD, "port": 8080, "weight": 30, "tag": CCM}]
    return process.balancer({"targets": targets}, *more, **({"instances": {"i-node": NODE}} | spec))


def rest(balancer: Balancer) -> None:
    until(lambda: not balancer.process.admin("GET", f"/balancers/{balancer.id}")["busy"])


def described(balancer: Balancer) -> dict[str, tuple[str, str, int]]:
    """Give server, description and weight by address, as the API shows them."""
    return {row["ServerIp"]: (row["ServerId"], row["Description"], row["Weight"]) for row in Clb(balancer).rows()}


def test_a_node_is_registered_as_its_instance_and_a_pod_as_its_interface(process: Process) -> None:
    balancer = made(process)
    one, listener = driver(balancer, description="migrator/run-7"), str(balancer.ports[0])
    one.register(Register((Backend(listener, NODE, 80), Backend(listener, "10.1.0.3", 8080))))
    rest(balancer)

    assert described(balancer) == {
        POD: ("eni-0a010002", CCM, 30),
        NODE: ("i-node", "migrator/run-7", 0),
        "10.1.0.3": ("eni-0a010003", "migrator/run-7", 0),
    }


def test_a_change_echoes_the_description_by_which_the_cloud_controller_knows_its_rows(process: Process) -> None:
    balancer = made(process)
    one, backend = driver(balancer), Backend(str(balancer.ports[0]), POD, 8080)
    one.set_weights(SetWeights((Weighted(backend, 5),)))
    rest(balancer)

    assert described(balancer) == {POD: ("eni-0a010002", CCM, 5)}


def test_servers_that_the_plan_names_are_not_asked_for(process: Process) -> None:
    balancer = made(process)
    one = driver(balancer, ecsEndpoint="http://127.0.0.1:9", servers=f"{NODE}=i-node")
    one.register(Register((Backend(str(balancer.ports[0]), NODE, 80),)))
    rest(balancer)

    assert described(balancer)[NODE][0] == "i-node"


def test_a_backend_of_two_groups_in_one_batch_is_refused_and_nothing_is_sent(process: Process) -> None:
    balancer = made(process, {})
    rows = tuple(Backend(str(port), "10.1.0.9", 80) for port in balancer.ports)

    with refused(Refused, "aliyun.not-one-group"):
        driver(balancer).register(Register(rows))
    assert balancer.log("call") == []


def test_listeners_that_share_a_group_are_one_group_under_either_name_and_move_together(process: Process) -> None:
    rows = [{"address": POD, "port": 8080, "weight": 30}]
    balancer = process.balancer({"group": "rsp-one", "targets": rows}, {"group": "rsp-one", "targets": rows})
    one = driver(balancer, "rsp-one")
    one.set_weights(SetWeights((Weighted(Backend("rsp-one", POD, 8080), 5),)))
    rest(balancer)

    assert [(str(target.backend), target.weight) for target in one.targets()] == [(f"rsp-one/{POD}:8080", 5)]
    listeners = balancer.process.admin("GET", f"/balancers/{balancer.id}")["listeners"]
    assert [row["weight"] for listener in listeners for row in listener["targets"]] == [5, 5]
    assert [finding for finding in one.findings() if finding.severity is Severity.BLOCK] == []


def test_both_listeners_of_a_group_in_one_plan_block_it_and_say_which_to_take_out(process: Process) -> None:
    rows = [{"address": POD, "port": 8080, "weight": 30}]
    balancer = process.balancer({"group": "rsp-two", "targets": rows}, {"group": "rsp-two", "targets": rows})
    one = driver(balancer)
    found = {finding.code: finding for finding in one.findings()}

    assert found["balancer.shared-group"].severity is Severity.BLOCK
    assert found["balancer.shared-group"]["listener"] == str(balancer.ports[1])
    assert [target.backend.listener for target in one.targets()] == [str(balancer.ports[0])]


def test_a_group_is_as_sick_as_its_sickest_listener_and_unknown_without_weight(process: Process) -> None:
    checks = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.2, "rise": 1, "fall": 1}
    rows = [{"address": NODE, "port": 9, "weight": 5}, {"address": NODE, "port": 10, "weight": 0}]
    well, off = (
        {"group": "rsp-three", "targets": rows},
        {"group": "rsp-three", "targets": rows, "health": {"kind": "off"}},
    )
    balancer = process.balancer(well, off, health=checks)
    one = driver(balancer, "rsp-three")

    until(lambda: [t.health for t in one.targets()] == [Health.UNHEALTHY, Health.UNKNOWN])


def test_the_default_group_is_a_finding_and_a_write_to_it_is_refused(process: Process) -> None:
    balancer = process.balancer({"target_type": "DEFAULT"})
    one, listener = driver(balancer), str(balancer.ports[0])

    assert "balancer.default-group" in {finding.code for finding in one.findings()}
    assert one.targets() == ()
    with pytest.raises(Refused):
        one.register(Register((Backend(listener, NODE, 80),)))


def test_a_listener_bound_to_another_group_meanwhile_is_seen_at_the_next_look() -> None:
    """Groups are resolved at every look: rows of the old group must not be called the listener's any more."""
    bound = iter(["rsp-a", "rsp-b"])

    def reply(asked: Asked) -> Reply:
        action = next(value for name, value in asked.headers.items() if name.lower() == "x-acs-action")
        if action == "DescribeVServerGroups":
            group = {"VServerGroupId": next(bound), "AssociatedObjects": {"Listeners": {"Listener": [LISTENER]}}}
            return _said({"VServerGroups": {"VServerGroup": [group]}})
        if action == "DescribeVServerGroupAttribute":
            address = "10.0.0.1" if "rsp-a" in asked.path else "10.0.0.2"
            row = {"ServerId": "eni-1", "Type": "eni", "ServerIp": address, "Port": 80, "Weight": 1}
            return _said({"BackendServers": {"BackendServer": [row]}})
        return _said({"BackendServers": {"BackendServer": []}})

    with serving(reply) as served:
        spec = BalancerSpec("aliyun-clb", "lb-1", (ListenerSpec("80", 80),), "lab", served.url)
        one = aliyun_clb(spec, Chain(lambda: Credentials(*SECRET)))
        seen = [[target.backend.address for target in one.targets()] for _ in range(2)]

    assert seen == [["10.0.0.1"], ["10.0.0.2"]]


def _said(answer: dict[str, Any]) -> Reply:
    return Reply(200, json.dumps({"RequestId": "r"} | answer).encode())


def test_health_checks_are_read_for_every_listener_of_a_group_under_the_plans_name(process: Process) -> None:
    checks = {"kind": "http", "port": 15021, "path": "/healthz/ready", "interval_s": 5.0, "timeout_s": 2.0, "fall": 3}
    tcp = {"kind": "tcp", "interval_s": 2.0, "timeout_s": 1.0}
    balancer = process.balancer({"group": "rsp-four"}, {"group": "rsp-four", "health": tcp}, health=checks)

    assert driver(balancer, "rsp-four").health_checks() == (
        HealthCheck("rsp-four", True, 5.0, 2.0, 3, 2, 15021, "/healthz/ready"),
        HealthCheck("rsp-four", True, 2.0, 1.0, 2, 2, 0, ""),
    )


def test_the_batch_is_20_rows_and_may_be_raised_to_40(process: Process) -> None:
    balancer = made(process)

    assert driver(balancer).capabilities().batch == 20
    assert driver(balancer, batch="40").capabilities().batch == 40


def test_forty_rows_go_in_one_call(process: Process) -> None:
    balancer = made(process)
    one, listener = driver(balancer, batch="40"), str(balancer.ports[0])
    rows = tuple(Backend(listener, f"10.2.0.{at}", 8080) for at in range(40))
    one.register(Register(rows))
    rest(balancer)
    before = len(balancer.log("call"))
    one.set_weights(SetWeights(tuple(Weighted(backend, 1) for backend in rows)))
    rest(balancer)

    assert len(balancer.log("call")) == before + 1
    assert sum(target.weight for target in one.targets()) == 30 + 40


def test_a_removed_row_is_named_by_the_balancers_own_name_whatever_the_plan_knew(process: Process) -> None:
    balancer = made(process)
    one, backend = driver(balancer), Backend(str(balancer.ports[0]), POD, 8080, "ecs/i-wrong")
    one.set_weights(SetWeights((Weighted(backend, 0),)))
    rest(balancer)
    one.deregister(Deregister((backend,)))
    rest(balancer)

    assert described(balancer) == {}


def test_an_answer_with_weights_and_ports_as_text_is_read_as_numbers() -> None:
    found = row_of("80", {"ServerId": "i-1", "Port": "8080", "Weight": "7"}, "10.0.0.1")

    assert (found.backend, found.weight, found.server.kind) == (Backend("80", "10.0.0.1", 8080), 7, "ecs")


@pytest.mark.parametrize(
    ("door", "row", "codes"),
    [
        pytest.param("tcp", {"Scheduler": "wrr"}, [], id="in order"),
        pytest.param("tcp", {"Scheduler": "tch"}, ["balancer.scheduler"], id="a hash"),
        pytest.param("http", {"Scheduler": "wrr", "StickySession": "on"}, ["balancer.sticky"], id="a cookie"),
        pytest.param("tcp", {"Scheduler": "wrr", "PersistenceTimeout": 60}, ["balancer.sticky"], id="a source"),
        pytest.param("udp", {"Scheduler": "wrr"}, ["balancer.udp-lags"], id="UDP"),
    ],
)
def test_what_a_listener_does_with_weights_is_found(door: str, row: dict[str, Any], codes: list[str]) -> None:
    assert [finding.code for finding in of_listener(ListenerPort(80, door, "g"), row)] == codes


def test_a_locked_balancer_and_forwarding_rules_are_found() -> None:
    assert [finding.code for finding in of_balancer({"LoadBalancerStatus": "locked"}, "lb")] == ["balancer.inactive"]
    assert [finding.code for finding in of_rules("80", 2)] == ["balancer.forwarding-rules"]
    assert list(of_rules("80", 0)) == []
