"""Which instance has which address: the plan's options first, then EC2; and what is said where EC2 may not be asked."""

from __future__ import annotations

from urllib.parse import parse_qs

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.aws.access.api import Api, Service
from migrator.adapters.balancers.aws.instances import Instances
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import Message
from tests.adapters.served import Reply, serving
from tests.words import refused

SPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"


def hosts(url: str, **known: str) -> Instances:
    given = {address.replace("_", "."): name for address, name in known.items()}
    return Instances(Api(Service("ec2", "2016-11-15", url, "x"), lambda: Credentials("i", "s")), given)


def instances(*rows: tuple[str, str]) -> Reply:
    found = "".join(
        f"<item><instanceId>{name}</instanceId><privateIpAddress>{at}</privateIpAddress></item>" for name, at in rows
    )
    inner = (
        f"<reservationSet><item><instancesSet>{found}</instancesSet></item></reservationSet>"
        if rows
        else "<reservationSet/>"
    )
    return Reply(200, f'<DescribeInstancesResponse xmlns="{SPACE}">{inner}</DescribeInstancesResponse>'.encode())


def test_what_the_plan_says_is_not_asked() -> None:
    found = hosts("http://127.0.0.1:9", **{"10_0_0_7": "i-7"})

    assert found.addresses(["i-7"]) == {"i-7": "10.0.0.7"}
    assert found.instances(["10.0.0.7"], "vpc-1") == {"10.0.0.7": "i-7"}


def test_an_address_is_looked_up_once_in_its_vpc() -> None:
    with serving(lambda _: instances(("i-8", "10.0.0.8"))) as served:
        found = hosts(served.url)
        assert found.instances(["10.0.0.8"], "vpc-1") == found.instances(["10.0.0.8"], "vpc-1") == {"10.0.0.8": "i-8"}
    (asked,) = [parse_qs(each.body.decode()) for each in served.asked]

    assert (asked["Filter.1.Name"], asked["Filter.1.Value.1"]) == (["private-ip-address"], ["10.0.0.8"])
    assert (asked["Filter.2.Name"], asked["Filter.2.Value.1"]) == (["vpc-id"], ["vpc-1"])


def test_an_instance_that_is_gone_is_left_out_and_an_address_of_nobody_is_refused() -> None:
    with serving(lambda _: instances()) as served:
        assert hosts(served.url).addresses(["i-9"]) == {}
        with refused(Refused, "aws.no-instance", addresses=("10.0.0.9",)):
            hosts(served.url).instances(["10.0.0.9"], "")


def test_where_ec2_may_not_be_asked_the_option_is_named() -> None:
    error = "<Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors>"
    reply = Reply(403, f"<Response>{error}<RequestID>r</RequestID></Response>".encode())
    with serving(lambda _: reply) as served:
        for ask in (
            lambda: hosts(served.url).addresses(["i-1"]),
            lambda: hosts(served.url).instances(["10.0.0.1"], ""),
        ):
            with refused(Refused, "aws.no-sight") as no:
                ask()
            why = no.value.message["why"]
            assert isinstance(why, Message)
            assert (why.code, why["answer"]) == ("cloud.refused", "UnauthorizedOperation")
