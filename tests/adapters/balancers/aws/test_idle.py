"""The idle time of a listener is read from the API as it is now, and is nothing where it may not be asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from migrator.adapters.balancers.access.api_client import Rejected
from migrator.adapters.balancers.aws.listeners import Listener
from migrator.adapters.balancers.aws.preflight import Preflight
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json
from tests.contracts.rigs.aws import driver
from tests.lab.clouds.aws.cloud import Elb, pooled
from tests.lab.clouds.world import SECRET, Process


@pytest.fixture
def process() -> Iterator[Process]:
    """The emulator."""
    made = Process()
    yield made
    made.close()


@pytest.mark.lab
def test_an_idle_time_that_somebody_else_sets_is_seen(process: Process) -> None:
    balancer = pooled(process, {"id": "lbl-1", "port": 0})
    one, cloud = driver(balancer, SECRET[1]), Elb(balancer)
    before = [each.idle for each in one.steering()]  # type: ignore[attr-defined]  # what only some drivers can say
    attributes = [{"Key": "tcp.idle_timeout.seconds", "Value": "60"}]
    cloud.client.modify_listener_attributes(ListenerArn=cloud.listener(), Attributes=attributes)

    assert before == ["350 s"]
    assert [each.idle for each in one.steering()] == ["60 s"]  # type: ignore[attr-defined]


class Said:
    """An API that says of attributes what it is told to, and notes what it was asked."""

    def __init__(self, *attributes: tuple[str, str], refuses: bool = False) -> None:
        self.attributes, self.refuses = attributes, refuses
        self.asked: list[str] = []

    def call(self, action: str, **parameters: Json) -> dict[str, Json]:
        """Answer one call."""
        self.asked.append(action)
        if self.refuses and action != "DescribeTargetGroupAttributes":
            raise Rejected(say("cloud.refused"), "AccessDenied")
        return {"Attributes": [{"Key": key, "Value": value} for key, value in self.attributes]}


def idle(api: Said, protocol: str) -> str:
    row: dict[str, Json] = {"ListenerArn": "arn", "Port": 80, "Protocol": protocol, "DefaultActions": []}

    def new(listener: Listener) -> str:
        return f"arn:new:{listener.name}"

    (found,) = Preflight(api, "arn:lb", [row], new).steering(["80"])  # type: ignore[arg-type]  # it only calls
    return found.idle


def test_an_application_balancer_says_it_of_itself() -> None:
    api = Said(("idle_timeout.timeout_seconds", "60"))

    assert idle(api, "HTTP") == "60 s"
    assert api.asked[-1] == "DescribeLoadBalancerAttributes"


def test_a_policy_that_does_not_allow_it_costs_nothing_but_the_idle_time() -> None:
    assert idle(Said(("tcp.idle_timeout.seconds", "60"), refuses=True), "TCP") == ""
