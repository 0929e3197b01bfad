"""The driver before moto's server: the shapes of the API as another implementation has them, EC2's instances too.

moto is not faithful in time or health (everything is healthy at once); that is what our emulator is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aws import aws
from migrator.adapters.balancers.aws.driver import Aws
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.findings import Severity
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Health, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.words import refused

boto3 = pytest.importorskip("boto3", reason="the SDK and moto are installed apart, see the Makefile")
ThreadedMotoServer = pytest.importorskip("moto.server").ThreadedMotoServer

pytestmark = pytest.mark.slow
REGION = "us-east-1"
NEW = (Backend("80", "10.0.0.21", 18080), Backend("80", "10.0.0.22", 18080))
OLD = Backend("80", "10.0.0.11", 8080)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A moto server on loopback."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def session() -> Any:
    return boto3.Session("test-id", "test-key", region_name=REGION)


@dataclass
class Account:
    """An account with a balancer of one listener, which forwards to the old group of some type."""

    url: str
    kind: str
    balancer_type: str = "network"

    def __post_init__(self) -> None:
        self.ec2 = session().client("ec2", endpoint_url=self.url)
        self.elb = session().client("elbv2", endpoint_url=self.url)
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        zones = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{at}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]
            for at, zone in enumerate("ab")
        ]
        self.subnets = [zone["SubnetId"] for zone in zones]
        made = self.elb.create_load_balancer(Name="edge", Subnets=self.subnets, Type=self.balancer_type)
        self.balancer = made["LoadBalancers"][0]
        self.protocol = "TCP" if self.balancer_type == "network" else "HTTP"
        self.old, self.new = self.group("edge-old", vpc, 8080), self.group("edge-new", vpc, 18080)
        action = {"Type": "forward", "TargetGroupArn": self.old}
        listener = self.elb.create_listener(
            LoadBalancerArn=self.balancer["LoadBalancerArn"], Protocol=self.protocol, Port=80, DefaultActions=[action]
        )
        self.listener = listener["Listeners"][0]["ListenerArn"]

    def group(self, name: str, vpc: str, port: int) -> str:
        made = self.elb.create_target_group(
            Name=name, Protocol=self.protocol, Port=port, VpcId=vpc, TargetType=self.kind
        )
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    def instance(self) -> tuple[str, str]:
        """Start an instance; give its id and private address."""
        image = self.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        made = self.ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=self.subnets[0])["Instances"][0]
        return made["InstanceId"], made["PrivateIpAddress"]

    def weights(self) -> dict[str, int]:
        action = self.elb.describe_listeners(ListenerArns=[self.listener])["Listeners"][0]["DefaultActions"][0]
        return {row["TargetGroupArn"]: row["Weight"] for row in action["ForwardConfig"]["TargetGroups"]}

    def driver(self, listener: str = "80", **changes: Any) -> Aws:
        options = {"newTargetGroups": f"{listener}=edge-new", "ec2Endpoint": self.url}
        known: dict[str, Any] = {"id": "edge", "options": tuple(options.items())} | changes
        spec = BalancerSpec("aws", listeners=(ListenerSpec(listener, 80),), region=REGION, endpoint=self.url, **known)
        return aws(spec, Chain(lambda: Credentials("test-id", "test-key")))


@pytest.fixture
def account(url: str, request: pytest.FixtureRequest) -> Iterator[Account]:
    """A fresh account; parametrize indirectly for another type of target."""
    reset = boto3.Session("a", "b", region_name=REGION).client("elbv2", endpoint_url=url)
    made = Account(url, *getattr(request, "param", ("ip",)))
    made.elb.register_targets(
        TargetGroupArn=made.old, Targets=[{"Id": OLD.address, "Port": 8080}] if made.kind == "ip" else []
    )
    yield made
    reset.delete_load_balancer(LoadBalancerArn=made.balancer["LoadBalancerArn"])
    for arn in (made.old, made.new):
        reset.delete_target_group(TargetGroupArn=arn)


def test_the_new_group_is_attached_at_weight_0_and_then_filled(account: Account) -> None:
    driver = account.driver()
    driver.register(Register(NEW))

    assert account.weights() == {account.old: 1, account.new: 0}
    assert {t.backend: (t.weight, t.pool) for t in driver.targets()} == {
        OLD: (1, account.old),
        NEW[0]: (0, account.new),
        NEW[1]: (0, account.new),
    }
    assert {target.health for target in driver.targets()} == {Health.HEALTHY}


def test_a_share_and_the_way_back_are_one_modify_listener_each(account: Account) -> None:
    driver = account.driver()
    driver.register(Register(NEW))
    driver.set_weights(SetWeights((Weighted(OLD, 900), *(Weighted(each, 100) for each in NEW))))
    assert account.weights() == {account.old: 900, account.new: 100}

    driver.set_weights(SetWeights((Weighted(OLD, 1), *(Weighted(each, 0) for each in NEW))))

    assert account.weights() == {account.old: 1, account.new: 0}


def test_targets_without_weight_are_removed_and_those_with_weight_are_not(account: Account) -> None:
    driver = account.driver()
    driver.register(Register(NEW))
    with refused(Refused, "driver.has-weight", backends=(str(OLD),)):
        driver.deregister(Deregister((OLD,)))
    driver.deregister(Deregister(NEW))

    assert [target.backend for target in driver.targets()] == [OLD]


@pytest.mark.parametrize("listener", ["80", "tcp:80", "arn"])
def test_a_listener_is_named_by_its_port_or_its_arn_and_the_balancer_by_its_arn_too(
    account: Account, listener: str
) -> None:
    name = account.listener if listener == "arn" else listener
    driver = account.driver(name, id=account.balancer["LoadBalancerArn"])

    assert [target.backend.listener for target in driver.targets()] == [name]
    assert driver.address() == account.balancer["DNSName"]


def test_health_checks_are_read_and_a_balancer_in_order_has_no_blocking_finding(account: Account) -> None:
    (check,) = account.driver().health_checks()

    assert (check.listener, check.enabled, check.port) == ("80", True, 0)
    assert check.interval > 0
    assert [f for f in account.driver().findings() if f.severity is Severity.BLOCK] == []


@pytest.mark.parametrize("account", [("instance",)], indirect=True)
def test_targets_that_are_instances_are_backends_at_their_address(account: Account) -> None:
    (old, old_address), (new, new_address) = account.instance(), account.instance()
    account.elb.register_targets(TargetGroupArn=account.old, Targets=[{"Id": old, "Port": 30080}])
    driver = account.driver()

    driver.register(Register((Backend("80", new_address, 18080),)))

    assert {(t.backend.address, t.backend.port) for t in driver.targets()} == {
        (old_address, 30080),
        (new_address, 18080),
    }
    rows = account.elb.describe_target_health(TargetGroupArn=account.new)["TargetHealthDescriptions"]
    assert [row["Target"]["Id"] for row in rows] == [new]
    with refused(Refused, "aws.no-instance", addresses=("10.9.9.9",)):
        driver.register(Register((Backend("80", "10.9.9.9", 18080),)))


@pytest.mark.parametrize("account", [("ip", "application")], indirect=True)
def test_rules_of_an_application_balancer_that_go_round_the_weights_are_found(account: Account) -> None:
    assert "balancer.rules" not in {finding.code for finding in account.driver().findings()}
    account.elb.create_rule(
        ListenerArn=account.listener,
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/shop/*"]}],
        Actions=[{"Type": "forward", "TargetGroupArn": account.old}],
    )

    (found,) = [each for each in account.driver().findings() if each.code == "balancer.rules"]

    assert found.severity is Severity.BLOCK
    assert found["rules"] == 1


def test_a_group_that_is_not_there_and_a_controllers_tag_are_found(account: Account) -> None:
    account.elb.add_tags(
        ResourceArns=[account.balancer["LoadBalancerArn"]], Tags=[{"Key": "elbv2.k8s.aws/cluster", "Value": "prod"}]
    )
    driver = account.driver(options=(("newTargetGroups", "80=nobody"),))

    assert {"balancer.controller-owned", "balancer.no-new-group"} <= {each.code for each in driver.findings()}
