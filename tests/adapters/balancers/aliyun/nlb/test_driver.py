"""The NLB driver beside its contract: jobs, servers on their way, types of groups, and pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aliyun.access.api import Api, Product
from migrator.adapters.balancers.aliyun.monitoring import NLB, Monitoring
from migrator.adapters.balancers.aliyun.nlb import aliyun_nlb
from migrator.adapters.balancers.aliyun.nlb.driver import LOST_AFTER, AliyunNlb
from migrator.adapters.balancers.aliyun.nlb.findings import of_group
from migrator.adapters.balancers.aliyun.options import Options
from migrator.adapters.balancers.aliyun.server_groups import ServerGroup
from migrator.adapters.balancers.aliyun.servers import ecs
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Health, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.adapters.served import Asked, Reply, serving
from tests.lab.clouds.aliyun.cloud import Nlb
from tests.lab.clouds.world import SECRET, Balancer, Process, until
from tests.words import refused

pytestmark = pytest.mark.lab
KEYS = Chain(lambda: Credentials(*SECRET))


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    found = Process()
    yield found
    found.close()


def driver(balancer: Balancer, *listeners: str) -> AliyunNlb:
    endpoint = f"http://{balancer.process.control}"
    names = listeners or tuple(str(port) for port in balancer.ports)
    rows = tuple(ListenerSpec(name, 80) for name in names)
    options = (("description", "migrator/run-7"), ("ecsEndpoint", endpoint))
    return aliyun_nlb(BalancerSpec("aliyun-nlb", balancer.id, rows, "lab", endpoint, options=options), KEYS)


def finished(one: AliyunNlb, op: Op) -> OpState:
    states: list[OpState] = []

    def over() -> bool:
        states.append(one.poll(op))
        return states[-1] is not OpState.RUNNING

    until(over)
    return states[-1]


def test_a_server_that_a_job_is_adding_is_not_there_yet_and_one_it_removes_still_is(process: Process) -> None:
    targets = [{"address": "10.1.0.1", "port": 80, "weight": 5}]
    balancer = process.balancer({"targets": targets}, timings={"task_s": 0.5})
    one, listener = driver(balancer), str(balancer.ports[0])
    new = Backend(listener, "10.1.0.9", 80)
    op = one.register(Register((new,)))
    meanwhile = [str(target.backend.address) for target in one.targets()]
    finished(one, op)
    afterwards = [target.backend.address for target in one.targets()]
    op = one.deregister(Deregister((new,)))
    leaving = [target.backend.address for target in one.targets()]
    finished(one, op)

    assert (meanwhile, afterwards, leaving) == (["10.1.0.1"], ["10.1.0.1", "10.1.0.9"], ["10.1.0.1", "10.1.0.9"])
    assert [target.backend.address for target in one.targets()] == ["10.1.0.1"]


def test_every_write_has_a_token_of_its_own_so_that_the_same_weights_can_be_set_again(process: Process) -> None:
    """A token made of the rows would replay the first answer: 10, 0, 10 would end at 0."""
    balancer = process.balancer({"targets": [{"address": "10.1.0.1", "port": 80, "weight": 1}]})
    one, backend = driver(balancer), Backend(str(balancer.ports[0]), "10.1.0.1", 80)
    for weight in (10, 0, 10):
        assert finished(one, one.set_weights(SetWeights((Weighted(backend, weight),)))) is OpState.DONE

    assert [target.weight for target in one.targets()] == [10]


def test_a_group_of_instances_gets_instances_and_interfaces_with_our_description(process: Process) -> None:
    balancer = process.balancer({}, instances={"i-node": "10.2.0.1"})
    one, listener = driver(balancer), str(balancer.ports[0])
    finished(one, one.register(Register((Backend(listener, "10.2.0.1", 80), Backend(listener, "10.2.0.2", 80)))))

    assert [
        (row["ServerType"], row["ServerId"], row["Weight"], row["Description"]) for row in Nlb(balancer).rows()
    ] == [
        ("Ecs", "i-node", 0, "migrator/run-7"),
        ("Eni", "eni-0a020002", 0, "migrator/run-7"),
    ]


def test_a_listener_may_be_named_by_its_id_or_its_group(process: Process) -> None:
    balancer = process.balancer({"targets": [{"address": "10.1.0.1", "port": 80, "weight": 1}]})
    names = (f"lsn-{balancer.id}-lbl-1", f"sgp-{balancer.id}-lbl-1", f"tcp:{balancer.ports[0]}")

    assert [driver(balancer, name).targets()[0].backend.listener for name in names] == list(names)


def test_the_health_check_of_a_group_is_read_under_the_plans_name(process: Process) -> None:
    checks = {"kind": "http", "port": 15021, "path": "/healthz/ready", "interval_s": 5.0, "timeout_s": 2.0, "fall": 3}
    balancer = process.balancer({}, {"health": {"kind": "off"}}, health=checks)
    first, second = driver(balancer).health_checks()

    assert first == HealthCheck(str(balancer.ports[0]), True, 5.0, 2.0, 3, 2, 15021, "/healthz/ready")
    assert second.enabled is False


def test_more_servers_than_a_page_holds_are_all_read(process: Process) -> None:
    targets = [{"address": f"10.1.{at // 200}.{at % 200}", "port": 80, "weight": 1} for at in range(230)]
    balancer = process.balancer({"targets": targets})

    assert len(driver(balancer).targets()) == 230


# --- before a server of our own words -----------------------------------------------------------------------------


def canned(url: str, clock: list[float]) -> AliyunNlb:
    spec = BalancerSpec("aliyun-nlb", "nlb-1", (ListenerSpec("80", 80),), "lab", url)
    api = Api(Product("Aliyun NLB", "2022-04-30", url, "lab"), KEYS)
    return AliyunNlb(api, ecs("lab", KEYS, url, {}), spec, Options(200), Monitoring(api, NLB), lambda: clock[0])


def jobs(state: str | None) -> Reply:
    found = [] if state is None else [{"Id": "j", "Status": state}]
    return Reply(200, json.dumps({"RequestId": "r", "Jobs": found}).encode())


@pytest.mark.parametrize(
    ("said", "means"),
    [
        pytest.param("Succeeded", OpState.DONE, id="succeeded"),
        pytest.param("Failed", OpState.FAILED, id="failed"),
        pytest.param("Processing", OpState.RUNNING, id="under way"),
        pytest.param("Unheard", OpState.LOST, id="a new word"),
        pytest.param(None, OpState.LOST, id="not known"),
    ],
)
def test_a_job_is_what_the_list_of_jobs_says(said: str | None, means: OpState) -> None:
    with serving(lambda asked: jobs(said)) as served:
        assert canned(served.url, [0.0]).poll(Op("aliyun-nlb", "j")) is means


def test_a_job_that_never_ends_is_lost_after_a_minute() -> None:
    clock = [0.0]
    with serving(lambda asked: jobs("Processing")) as served:
        one, seen = canned(served.url, clock), []
        for clock[0] in (0.0, LOST_AFTER, LOST_AFTER + 1):
            seen.append(one.poll(Op("aliyun-nlb", "j")))

    assert seen == [OpState.RUNNING, OpState.RUNNING, OpState.LOST]


def test_a_list_that_never_ends_is_unreachable_and_bounded() -> None:
    def reply(asked: Asked) -> Reply:
        return Reply(200, json.dumps({"RequestId": "r", "Listeners": [], "NextToken": "more"}).encode())

    with serving(reply) as served, refused(Unreachable, "cloud.too-many-pages", name="Listeners"):
        canned(served.url, [0.0]).targets()


HEALTH = [
    pytest.param(True, [{"ServerId": "10.0.0.1", "ServerIp": "10.0.0.1", "Port": 80, "Status": "Unhealthy"}], 5,
                 Health.UNHEALTHY, id="named as unhealthy"),
    pytest.param(True, [{"ServerId": "10.0.0.1", "ServerIp": "10.0.0.1", "Port": 80, "Status": "Initial"}], 5,
                 Health.PENDING, id="not checked often enough"),
    pytest.param(True, [], 5, Health.HEALTHY, id="not named"),
    pytest.param(True, [], 0, Health.UNKNOWN, id="not named but without weight"),
    pytest.param(False, [], 5, Health.UNKNOWN, id="checks are off"),
]  # fmt: skip


@pytest.mark.parametrize(("checked", "named", "weight", "means"), HEALTH)
def test_a_server_is_well_when_it_has_weight_and_is_not_named(
    checked: bool, named: list[dict[str, Any]], weight: int, means: Health
) -> None:
    door = {"ListenerId": "lsn", "ListenerPort": 80, "ListenerProtocol": "TCP", "ServerGroupId": "sgp"}
    row = {"ServerId": "10.0.0.1", "ServerIp": "10.0.0.1", "ServerType": "Ip", "Port": 80, "Weight": weight}
    info = {"ServerGroupId": "sgp", "HeathCheckEnabled": checked, "NonNormalServers": named}
    answers: dict[str, Any] = {
        "ListListeners": {"Listeners": [door]},
        "ListServerGroupServers": {"Servers": [row | {"Status": "Available"}]},
        "GetListenerHealthStatus": {"ListenerHealthStatus": [{"ServerGroupInfos": [info]}]},
    }

    def reply(asked: Asked) -> Reply:
        action = next(value for name, value in asked.headers.items() if name.lower() == "x-acs-action")
        return Reply(200, json.dumps({"RequestId": "r"} | answers[action]).encode())

    with serving(reply) as served:
        assert [target.health for target in canned(served.url, [0.0]).targets()] == [means]


def test_what_a_group_does_with_weights_is_found() -> None:
    row: dict[str, Any] = {"Scheduler": "qch", "AnyPortEnabled": True, "ConnectionDrainEnabled": True}
    found = [finding.code for finding in of_group(ServerGroup("80", "sgp", ()), row)]

    assert found == ["balancer.scheduler", "balancer.any-port", "balancer.reset-on-removal"]
    assert list(of_group(ServerGroup("80", "sgp", ()), {"Scheduler": "Wrr"})) == []
