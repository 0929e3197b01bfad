"""Which server an address is, by the ECS API."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aliyun.servers import Server, Servers, ecs
from migrator.domain.messages.errors import Refused
from tests.adapters.served import Asked, Reply, serving
from tests.words import refused


def servers(url: str) -> Servers:
    return ecs("cn-test", Chain(lambda: Credentials("i", "s")), url, {})


def action(asked: Asked) -> str:
    return next(value for name, value in asked.headers.items() if name.lower() == "x-acs-action")


def instance(name: str, address: str) -> dict[str, object]:
    return {"InstanceId": name, "VpcAttributes": {"PrivateIpAddress": {"IpAddress": [address]}}}


def instances(*found: dict[str, object]) -> Reply:
    return Reply(200, json.dumps({"RequestId": "r", "Instances": {"Instance": list(found)}}).encode())


def interfaces(name: str, *addresses: str) -> Reply:
    sets = {"PrivateIpSet": [{"PrivateIpAddress": address} for address in addresses]}
    row = {"NetworkInterfaceId": name, "PrivateIpSets": sets}
    return Reply(200, json.dumps({"RequestId": "r", "NetworkInterfaceSets": {"NetworkInterfaceSet": [row]}}).encode())


def test_instances_are_asked_first_and_interfaces_for_the_rest_each_only_once() -> None:
    def reply(asked: Asked) -> Reply:
        if action(asked) == "DescribeInstances":
            return instances(instance("i-1", "10.0.0.1"))
        return interfaces("eni-2", "10.0.0.2", "10.0.0.3")  # one interface, several pods

    with serving(reply) as served:
        one = servers(served.url)
        found = one.of(["10.0.0.1", "10.0.0.2"], "vpc-1")
        again = one.of(["10.0.0.2", "10.0.0.1"], "vpc-1")

    assert found == again == {"10.0.0.1": Server("ecs", "i-1"), "10.0.0.2": Server("eni", "eni-2")}
    assert [action(asked) for asked in served.asked] == ["DescribeInstances", "DescribeNetworkInterfaces"]
    query = parse_qs(urlsplit(served.asked[0].path).query)
    assert (query["VpcId"], json.loads(query["PrivateIpAddresses"][0])) == (["vpc-1"], ["10.0.0.1", "10.0.0.2"])


def test_an_address_of_two_vpcs_is_refused_rather_than_guessed() -> None:
    both = instances(instance("i-1", "10.0.0.1"), instance("i-2", "10.0.0.1"))
    with (
        serving(lambda asked: both) as served,
        refused(Refused, "aliyun.two-servers", address="10.0.0.1", servers=("i-1", "i-2")),
    ):
        servers(served.url).of(["10.0.0.1"], "")


def test_an_address_of_nobody_is_refused_and_named() -> None:
    with (
        serving(lambda asked: Reply(200, b'{"RequestId": "r"}')) as served,
        refused(Refused, "aliyun.no-server", addresses=("10.0.0.9",)),
    ):
        servers(served.url).of(["10.0.0.9"], "")


def test_addresses_of_instances_are_found_a_hundred_at_a_time() -> None:
    def reply(asked: Asked) -> Reply:
        wanted = json.loads(parse_qs(urlsplit(asked.path).query)["InstanceIds"][0])
        return instances(*(instance(name, f"10.0.{name[2:]}") for name in wanted))

    names = [f"i-{at // 100}.{at % 100}" for at in range(150)]
    with serving(reply) as served:
        found = servers(served.url).addresses(names)

    assert len(served.asked) == 2
    assert found == {name: f"10.0.{name[2:]}" for name in names}
