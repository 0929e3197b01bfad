"""Layer-7 listeners: the rules are pools of their own, in reads, writes, findings and checks; the SDK reads them too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tencentcloud.clb.v20180317 import models

from migrator.adapters.balancers.tencent.access.api import Api
from migrator.adapters.balancers.tencent.driver import CAPABILITIES, Tencent
from migrator.adapters.balancers.tencent.findings import health_check_of, of_listener, other_port
from migrator.adapters.balancers.tencent.rows import parts, pool
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.findings import Severity
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.ports.balancer import HasRules
from tests.adapters.balancers.tencent.test_tencent import CREDENTIALS, reply
from tests.adapters.served import serving
from tests.contracts.rigs.tencent import driver
from tests.lab.clouds.world import Balancer, Process
from tests.words import refused

A, B = "lbl-1/loc-1", "lbl-1/loc-2"
ROWS = [{"address": f"10.9.0.{at}", "port": 8080, "weight": 10} for at in (1, 2)]


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    """The emulator."""
    made = Process()
    yield made
    made.close()


def http(*rules: dict[str, Any], **listener: Any) -> dict[str, Any]:
    return {"rules": [{"id": f"loc-{at}"} | row for at, row in enumerate(rules, 1)], **listener}


def two(process: Process) -> Balancer:
    return process.balancer(http({"domain": "a.example", "targets": ROWS}, {"url": "/b", "targets": ROWS[:1]}))


def test_a_listener_is_read_as_its_rules_and_a_rule_alone(process: Process) -> None:
    balancer = two(process)

    def read(name: str) -> list[str]:
        return sorted(str(target.backend) for target in driver(balancer, (name,)).targets())

    assert read("lbl-1") == [f"{A}/10.9.0.1:8080", f"{A}/10.9.0.2:8080", f"{B}/10.9.0.1:8080"]
    assert read(B) == [f"{B}/10.9.0.1:8080"]


def test_every_rule_is_told_with_what_it_takes_though_the_plan_names_one(process: Process) -> None:
    balancer = two(process)
    made = driver(balancer, (B,))
    rules = made.rules()

    assert isinstance(made, HasRules)
    assert [(rule.listener, rule.id, rule.match) for rule in rules] == [("lbl-1", A, "a.example/"), ("lbl-1", B, "/b")]
    assert [len(rule.targets) for rule in rules] == [2, 1]


def test_an_https_listener_has_rules_too_and_what_health_nests_under_layer_4_is_none() -> None:
    rule = {"LocationId": "loc-1", "Targets": []}

    assert [name for name, _ in parts({"ListenerId": "l", "Protocol": "HTTPS", "Rules": [rule]})] == ["l/loc-1"]
    assert [name for name, _ in parts({"ListenerId": "l", "Protocol": "TCP_SSL", "Targets": []})] == ["l"]
    assert pool({"ListenerId": "l", "Protocol": "TCP"}, rule) == "l"


def test_a_layer_4_listener_has_no_rules(process: Process) -> None:
    assert driver(process.balancer({"targets": ROWS}, {})).rules() == ()


def test_one_call_weighs_the_same_backend_differently_in_two_rules(process: Process) -> None:
    balancer = two(process)
    made = driver(balancer, (A, B))
    rows = (Weighted(Backend(A, "10.9.0.1", 8080), 3), Weighted(Backend(B, "10.9.0.1", 8080), 7))
    made.set_weights(SetWeights(rows))
    balancer.settle()

    found = {str(target.backend): target.weight for target in made.targets()}
    assert found == {f"{A}/10.9.0.1:8080": 3, f"{A}/10.9.0.2:8080": 10, f"{B}/10.9.0.1:8080": 7}
    assert len(balancer.log("call")) == 1


def test_the_official_sdk_sees_rules_where_the_driver_wrote(process: Process) -> None:
    balancer = two(process)
    made = driver(balancer, (A, B))
    new = Backend(B, "10.9.0.7", 18080)
    made.register(Register((new,)))
    made.set_weights(SetWeights((Weighted(new, 5),)))
    balancer.settle()

    (listener,) = balancer.cloud.call("DescribeTargets", ListenerIds=["lbl-1"]).Listeners
    by_rule = {rule.LocationId: {t.PrivateIpAddresses[0]: t.Weight for t in rule.Targets} for rule in listener.Rules}
    assert (listener.Protocol, listener.Targets) == ("HTTP", None)
    assert by_rule == {"loc-1": {"10.9.0.1": 10, "10.9.0.2": 10}, "loc-2": {"10.9.0.1": 10, "10.9.0.7": 5}}
    made.set_weights(SetWeights((Weighted(new, 0),)))
    balancer.settle()
    made.deregister(Deregister((new,)))
    assert new not in {target.backend for target in made.targets()}


def test_every_reply_on_layer_7_has_every_field_that_the_sdk_knows(process: Process) -> None:
    balancer = two(process)
    cloud = balancer.cloud
    listener = cloud.raw("DescribeListeners", LoadBalancerId=balancer.id)["Listeners"][0]
    targets = cloud.raw("DescribeTargets", LoadBalancerId=balancer.id)["Listeners"][0]
    health = cloud.raw("DescribeTargetHealth", LoadBalancerIds=[balancer.id])["LoadBalancers"][0]["Listeners"][0]

    for model, shape in (
        (models.Listener, listener),
        (models.RuleOutput, listener["Rules"][0]),
        (models.HealthCheck, listener["Rules"][0]["HealthCheck"]),
        (models.ListenerBackend, targets),
        (models.RuleTargets, targets["Rules"][0]),
        (models.ListenerHealth, health),
        (models.RuleHealth, health["Rules"][0]),
    ):
        assert set(shape) == {name.lstrip("_") for name in vars(model())}, model.__name__


def test_a_rule_must_be_named_on_layer_7_and_may_be_by_what_it_takes(process: Process) -> None:
    cloud = two(process).cloud
    row = {"EniIp": "10.9.0.1", "Port": 8080, "Weight": 1}

    assert cloud.refused("ModifyTargetWeight", ListenerId="lbl-1", Targets=[row]) == "InvalidParameter.LocationNotFound"
    code = cloud.refused("ModifyTargetWeight", ListenerId="lbl-1", LocationId="loc-9", Targets=[row])
    assert code == "InvalidParameter.LocationNotFound"
    named = cloud.call("ModifyTargetWeight", ListenerId="lbl-1", Domain="a.example", Url="/", Targets=[row])
    assert cloud.done(named.RequestId) == 0


def test_a_part_that_failed_is_told_by_its_listener_and_can_be_completed(process: Process) -> None:
    balancer = two(process)
    made = driver(balancer, (A, B))
    new = (Backend(A, "10.9.0.7", 18080), Backend(B, "10.9.0.7", 18080))
    balancer.faults(partial=1, partial_listeners=[B])

    with refused(Unreachable, "tencent.partly-done", action="BatchRegisterTargets", listeners=("lbl-1",)):
        made.register(Register(new))
    made.register(Register(new))

    assert {target.backend for target in made.targets()} > set(new)


def test_ninety_rules_and_more_are_written_in_smaller_batches() -> None:
    """A call takes 100 elements, and each rule is one at least: 500 rows of 91 rules could be 101 of them."""
    rows = tuple(ListenerSpec(f"lbl-1/loc-{at}", 80) for at in range(91))
    api = Api("http://127.0.0.1:9", "", lambda: CREDENTIALS)
    few, many = (Tencent(api, BalancerSpec("tencent", "lb-1", rows[:count])).capabilities() for count in (90, 91))

    assert few == CAPABILITIES
    assert many == replace(CAPABILITIES, batch=100)


def test_rules_of_one_listener_are_read_in_one_call() -> None:
    spec = BalancerSpec("tencent", "lb-1", tuple(ListenerSpec(f"lbl-1/loc-{at}", 80) for at in range(45)))
    with serving(lambda _: reply(Listeners=[], LoadBalancers=[])) as served:
        Tencent(Api(served.url, "", lambda: CREDENTIALS), spec).targets()

    assert [json.loads(asked.body)["ListenerIds"] for asked in served.asked] == [["lbl-1"]] * 2


# --- findings -----------------------------------------------------------------------------------------------------


def test_a_sound_http_listener_is_told_of_and_blocks_nothing(process: Process) -> None:
    found = driver(two(process), (A, B)).findings()

    assert "balancer.layer-7" in {finding.code for finding in found}
    assert [finding for finding in found if finding.severity is Severity.BLOCK] == []


def test_what_is_wrong_with_a_rule_is_said_of_it_and_of_no_other(process: Process) -> None:
    """A rule that is not the plan's may be as it likes."""
    balancer = process.balancer(http({"targets": ROWS}, {"scheduler": "IP_HASH", "session_expire_s": 60}))

    def wrong(name: str) -> list[tuple[str, str]]:
        found = driver(balancer, (name,)).findings()
        return [(finding.code, finding.subject) for finding in found if finding.severity is Severity.BLOCK]

    assert wrong(A) == []
    assert wrong(B) == [("balancer.scheduler", listeners_subject([B])), ("balancer.sticky", listeners_subject([B]))]


def test_a_rule_that_is_not_there_is_no_listener(process: Process) -> None:
    found = driver(two(process), ("lbl-1/loc-9", A)).findings()
    wrong = [(finding.code, finding.subject) for finding in found if finding.severity is Severity.BLOCK]

    assert wrong == [("balancer.no-listener", listeners_subject(["lbl-1/loc-9"]))]


def test_a_rules_port_is_its_listeners() -> None:
    (found,) = other_port({"ListenerId": "lbl-1", "Port": 8080}, 80)

    assert (found.code, found.subject) == ("balancer.listener-port", listeners_subject(["lbl-1"]))


def test_the_check_of_a_rule_is_the_rules_and_on_the_backends_own_port(process: Process) -> None:
    check = {"kind": "http", "port": 15021, "path": "/alive", "interval_s": 5.0, "timeout_s": 2.0}
    balancer = process.balancer(http({"health": check}, {"health": {"kind": "off"}}))
    first, second = driver(balancer, (A, B)).health_checks()

    assert (first.listener, first.path, first.port, first.own_port, first.enabled) == (A, "/alive", 0, True, True)
    assert (second.listener, second.enabled) == (B, False)


@pytest.mark.parametrize(
    ("check", "path"),
    [
        pytest.param({"CheckType": "HTTP"}, "/", id="the root by default"),
        pytest.param({"CheckType": "HTTP", "HttpCheckPath": "/x"}, "/x", id="a path"),
        pytest.param({"CheckType": "TCP"}, "", id="a connect"),
    ],
)
def test_what_a_check_asks_for(check: dict[str, Any], path: str) -> None:
    assert health_check_of(A, {"HealthCheck": check}).path == path


@pytest.mark.parametrize(
    ("check", "well"),
    [
        pytest.param({"CheckType": "HTTP", "HttpCode": 31}, ("4xx", "5xx"), id="the default of the API"),
        pytest.param({"CheckType": "HTTP", "HttpCode": 15}, ("4xx",), id="the default of the console"),
        pytest.param({"CheckType": "HTTP", "HttpCode": 6}, (), id="2xx and 3xx"),
        pytest.param({"CheckType": "TCP", "HttpCode": 31}, (), id="a connect reads no answer"),
        pytest.param({"CheckType": "HTTP", "HttpCode": 31, "HealthSwitch": 0}, (), id="switched off"),
    ],
)
def test_a_check_that_takes_refusals_for_health_is_found(check: dict[str, Any], well: tuple[str, ...]) -> None:
    row = {"ListenerId": "lbl-1", "Protocol": "TCP", "HealthCheck": {"HealthSwitch": 1, **check}}

    assert [finding["well"] for finding in of_listener(row)] == ([well] if well else [])


def test_rules_with_the_same_careless_check_are_told_of_once() -> None:
    check = {
        "HealthSwitch": 1,
        "CheckType": "HTTP",
        "HttpCode": 15,
        "HttpCheckMethod": "GET",
        "HttpCheckDomain": "a.example",
    }
    rules = [{"LocationId": f"loc-{at}", "HealthCheck": check} for at in (1, 2)]
    found = list(of_listener({"ListenerId": "l", "Protocol": "HTTPS", "Rules": rules}))[-1]

    assert (found.code, found.subject) == ("balancer.check-content", listeners_subject(["l/loc-1", "l/loc-2"]))
    assert (found["code"], found["asks"]) == (15, ("GET a.example/",))


def test_quic_is_refused() -> None:
    assert [finding.code for finding in of_listener({"ListenerId": "lbl-1", "Protocol": "QUIC"})] == ["balancer.quic"]
