"""From a plan's listener to the server group behind it."""

from __future__ import annotations

import pytest

from migrator.adapters.balancers.aliyun.clb.profile import PROFILE
from migrator.adapters.balancers.aliyun.options import options
from migrator.adapters.balancers.aliyun.server_groups import ListenerPort, findings, resolved
from migrator.adapters.balancers.aliyun.servers import Server, server
from migrator.domain.messages.errors import Refused, UsageError
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.model.subjects import listeners_subject
from tests.words import refused

WEB, TLS, UDP = (
    ListenerPort(80, "tcp", "rsp-a", "lsn-1"),
    ListenerPort(443, "tcp", "rsp-a", "lsn-2"),
    ListenerPort(80, "udp", "rsp-b", "lsn-3"),
)
PLAIN = ListenerPort(8080, "tcp", "")
PORTS = (WEB, TLS, UDP, PLAIN)
GROUPS = ("rsp-a", "rsp-b", "rsp-idle")


@pytest.mark.parametrize(
    ("name", "group"),
    [
        pytest.param("80", "rsp-a", id="a port"),
        pytest.param("tcp:443", "rsp-a", id="protocol and port"),
        pytest.param("udp:80", "rsp-b", id="another protocol of the same port"),
        pytest.param("lsn-3", "rsp-b", id="the listener's id"),
        pytest.param("rsp-b", "rsp-b", id="the group's id"),
    ],
)
def test_a_listener_is_named_by_port_protocol_id_or_group(name: str, group: str) -> None:
    found = resolved([name], PORTS, GROUPS)

    assert [(one.listener, one.id) for one in found.leading] == [(name, group)]


def test_every_listener_of_a_group_is_listed_with_it() -> None:
    assert resolved(["80"], PORTS, GROUPS).leading[0].ports == (WEB, TLS)


def test_a_second_listener_of_the_same_group_is_said_to_move_along() -> None:
    found = resolved(["80", "443"], PORTS, GROUPS)
    said = list(findings(found, PORTS, "lb"))

    assert [one.listener for one in found.leading] == ["80"]
    assert [(finding.code, finding.subject) for finding in said] == [
        ("balancer.shared-group", listeners_subject(["443"]))
    ]
    assert said[0]["other"] == "80"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("8080", "balancer.default-group", id="the default group"),
        pytest.param("81", "balancer.no-listener", id="nobody"),
        pytest.param("rsp-idle", "balancer.idle-group", id="a group nobody leads to"),
    ],
)
def test_what_cannot_be_moved_by_weights_is_a_finding(name: str, code: str) -> None:
    assert [finding.code for finding in findings(resolved([name], PORTS, GROUPS), PORTS, "lb")] == [code]


def test_a_batch_over_two_groups_or_none_is_refused() -> None:
    found = resolved(["80", "udp:80", "8080"], PORTS, GROUPS)

    assert found.of(["80", "80"]).id == "rsp-a"
    for names in (["80", "udp:80"], ["8080"], []):
        with refused(Refused, "aliyun.not-one-group", listeners=tuple(sorted(names))):
            found.of(names)


def spec(**given: str) -> BalancerSpec:
    return BalancerSpec("aliyun-clb", "lb", (), "cn-x", options=tuple(given.items()))


def test_options_are_read() -> None:
    found = options(spec(batch="40", servers="10.0.0.1=i-1, 10.0.0.2=eni-2", vpc="vpc-1"), PROFILE, 20, 40)

    assert (found.batch, found.vpc) == (40, "vpc-1")
    assert found.servers == {"10.0.0.1": Server("ecs", "i-1"), "10.0.0.2": Server("eni", "eni-2")}
    assert options(spec(), PROFILE, 20, 40).batch == 20


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({"batch": "41"}, "driver.option-no-number", id="more than the API takes"),
        pytest.param({"batch": "many"}, "driver.option-no-number", id="no number"),
        pytest.param({"bach": "20"}, "driver.unknown-option", id="a typing error"),
        pytest.param({"description": "has spaces"}, "aliyun.odd-description", id="a description the API refuses"),
        pytest.param({"servers": "10.0.0.1"}, "driver.option-no-list", id="an address without a server"),
        pytest.param({"servers": "10.0.0.1=x-1"}, "driver.option-no-list", id="a server of a kind that there is not"),
    ],
)
def test_options_that_mean_nothing_are_a_usage_error(given: dict[str, str], code: str) -> None:
    with refused(UsageError, code):
        options(spec(**given), PROFILE, 20, 40)


def test_a_server_is_written_as_a_ref_and_read_back() -> None:
    assert server(str(Server("eni", "eni-1"))) == Server("eni", "eni-1")
    assert server("i-1") is None
