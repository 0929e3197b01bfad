"""What one call becomes: an answer, "not now", "perhaps done" or "no"; asked once, and no secret in any word."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

import pytest

from migrator.adapters.balancers.access.api_client import Rejected
from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.aws import aws
from migrator.adapters.balancers.aws.access.api import Api, Service
from migrator.adapters.balancers.aws.access.query import form, read, result
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.messages.message import Value
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.adapters.served import Reply, serving
from tests.words import refused

KEY, SECRET, TOKEN = "AKIACANARYID", "canary-secret-key", "canary-session-token"
SPACE = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"


def error(code: str, status: int, message: str = "no") -> Reply:
    text = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return Reply(status, f'<ErrorResponse xmlns="{SPACE}">{text}<RequestId>r-1</RequestId></ErrorResponse>'.encode())


def api(url: str) -> Api:
    return Api(Service("elasticloadbalancing", "2015-12-01", url, "x"), lambda: Credentials(KEY, SECRET, TOKEN))


def asked(reply: Reply) -> tuple[BaseException, int]:
    """Ask once of a server that answers this; give what was raised and how often it was asked."""
    with serving(lambda _: reply) as served:
        with pytest.raises((Unreachable, Refused)) as no:
            api(served.url).call("DescribeListeners", ListenerArns=["arn:x"])
        return no.value, len(served.asked)


@pytest.mark.parametrize(
    ("reply", "kind", "retry_after"),
    [
        pytest.param(error("Throttling", 400), Unreachable, 1.0, id="throttled"),
        pytest.param(error("RequestLimitExceeded", 503), Unreachable, 1.0, id="throttled with 503"),
        pytest.param(error("ResourceInUse", 400), Unreachable, 2.0, id="busy"),
        pytest.param(error("HealthUnavailable", 500), Unreachable, 1.0, id="health is not known now"),
        pytest.param(error("InternalFailure", 500), Unreachable, None, id="their failure: perhaps done"),
        pytest.param(error("ServiceUnavailable", 503), Unreachable, None, id="unavailable: perhaps done"),
        pytest.param(Reply(502, b"<html>bad gateway</html>"), Unreachable, None, id="a proxy's answer"),
        pytest.param(Reply(200, b"<html>log in</html>"), Refused, None, id="somebody else's page"),
        pytest.param(Reply(200, b"{}"), Unreachable, None, id="no XML"),
        pytest.param(Reply(200, b'<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'), Unreachable, None, id="entities"),
        pytest.param(Reply(drop=True), Unreachable, None, id="no answer"),
        pytest.param(error("ListenerNotFound", 400), Refused, None, id="not there"),
        pytest.param(error("AccessDenied", 403), Refused, None, id="not allowed"),
        pytest.param(error("ValidationError", 400), Refused, None, id="wrong"),
    ],
)
def test_every_kind_of_answer_is_told_apart_and_asked_for_once(
    reply: Reply, kind: type[Exception], retry_after: float | None
) -> None:
    raised, times = asked(reply)

    assert isinstance(raised, kind)
    assert getattr(raised, "retry_after", None) == retry_after
    assert times == 1


def test_a_refusal_carries_the_apis_own_code_and_request() -> None:
    raised, _ = asked(error("TooManyTargets", 400, "too many"))

    assert isinstance(raised, Rejected)
    assert raised.code == "TooManyTargets"
    assert raised.message.code == "cloud.refused"
    assert [raised.message[name] for name in ("words", "request", "answer")] == ["too many", "r-1", "TooManyTargets"]


def test_an_error_that_quotes_what_was_signed_shows_no_secret_and_nothing_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    quoted = f"The Canonical String was x-amz-security-token:{TOKEN} {SECRET} {KEY}"
    with caplog.at_level(logging.DEBUG):
        raised, _ = asked(error("SignatureDoesNotMatch", 403, quoted))

    said = [caplog.text]
    seen: BaseException | None = raised
    while seen is not None:
        said += [str(seen), repr(seen)]
        seen = seen.__cause__ or seen.__context__
    assert "(hidden)" in said[1]
    assert not any(secret in "\n".join(said) for secret in (SECRET, TOKEN, KEY))


def test_pages_are_read_to_the_end_and_not_for_ever() -> None:
    def page(marker: str) -> Reply:
        more = f"<NextMarker>{marker}</NextMarker>" if marker else ""
        row = "<Listeners><member><Port>80</Port></member></Listeners>"
        result = f"<DescribeListenersResult>{row}{more}</DescribeListenersResult>"
        return Reply(200, f'<DescribeListenersResponse xmlns="{SPACE}">{result}</DescribeListenersResponse>'.encode())

    with serving(lambda a: page("" if b"Marker=2" in a.body else "2")) as served:
        found = api(served.url).every("DescribeListeners", "Listeners", LoadBalancerArn="a")
    with serving(lambda _: page("on")) as served, refused(Unreachable, "cloud.too-many-pages", name="Listeners"):
        api(served.url).every("DescribeListeners", "Listeners", LoadBalancerArn="a")

    assert [row["Port"] for row in found] == [80, 80]


def spec(**options: str) -> BalancerSpec:
    given = {"newTargetGroups": "80=new"} | options
    return BalancerSpec("aws", "lb", (ListenerSpec("80", 80),), "x", options=tuple(given.items()))


@pytest.mark.parametrize(
    ("options", "code", "values"),
    [
        ({"colour": "red"}, "driver.unknown-option", {"option": "colour", "provider": "aws"}),
        ({"newTargetGroups": ""}, "aws.no-group-for", {"listener": "80"}),
        ({"newTargetGroups": "80=a,443=b"}, "aws.group-of-no-listener", {"listener": "443"}),
        ({"newTargetGroups": "80"}, "driver.option-no-list", {"option": "newTargetGroups", "part": "80"}),
        ({"newTargetGroups": "80=a,80=b"}, "driver.option-no-list", {"part": "80=b"}),
        ({"batch": "201"}, "driver.option-no-number", {"option": "batch", "least": 1, "most": 200}),
        ({"batch": "many"}, "driver.option-no-number", {"option": "batch", "given": "many"}),
        ({"settle": "2h"}, "driver.option-no-time", {"option": "settle", "most": 3600.0, "given": "2h"}),
        ({"settle": "soon"}, "driver.option-no-time", {"option": "settle", "given": "soon"}),
        ({"drainFloor": "-1"}, "driver.option-no-time", {"option": "drainFloor", "given": "-1"}),
        ({"instances": "10.0.0.7"}, "driver.option-no-list", {"option": "instances", "part": "10.0.0.7"}),
    ],
)
def test_options_that_mean_nothing_are_refused(options: Mapping[str, str], code: str, values: dict[str, Value]) -> None:
    with refused(UsageError, code, **values):
        aws(spec(**options))


def test_one_group_for_two_listeners_is_refused() -> None:
    listeners = (ListenerSpec("80", 80), ListenerSpec("443", 443))
    options = (("newTargetGroups", "80=a,443=a"),)

    with refused(UsageError, "aws.same-group"):
        aws(BalancerSpec("aws", "lb", listeners, "x", options=options))


def test_options_set_what_the_driver_can_do() -> None:
    usual, chosen = aws(spec()), aws(spec(batch="7", settle="5s", drainFloor="9"))

    assert (usual.capabilities().batch, usual.capabilities().settle, usual.capabilities().drain_floor) == (200, 60, 300)
    assert (chosen.capabilities().batch, chosen.capabilities().settle, chosen.capabilities().drain_floor) == (7, 5, 9)


def test_a_region_is_needed_to_sign() -> None:
    with refused(UsageError, "driver.no-region"):
        aws(replace(spec(), region=""))


@pytest.mark.parametrize(
    ("region", "domain"),
    [("eu-central-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")],
    ids=["usual", "China"],
)
def test_the_endpoint_is_the_regions_own(region: str, domain: str) -> None:
    driver = aws(replace(spec(), region=region), lambda: Credentials(KEY, SECRET))

    assert driver._api._client.endpoint == f"https://elasticloadbalancing.{region}.{domain}"


def test_nested_values_become_numbered_names_and_nothing_is_sent_for_none() -> None:
    body = form("Do", "1", {"A": [{"B": True, "C": 5}, {"D": "x y"}], "E": {"F": None}, "G": "&"})

    assert body == b"Action=Do&Version=1&A.member.1.B=true&A.member.1.C=5&A.member.2.D=x+y&G=%26"


def test_an_action_that_was_read_is_sent_back_as_it_was() -> None:
    """Types are lost on the way, texts are not: an unknown part of an action must come back the same."""
    raw = (
        f'<DoResponse xmlns="{SPACE}"><DoResult><A><member><Type>authenticate-oidc</Type><Order>1</Order>'
        "<C><SessionTimeout>60</SessionTimeout><X><entry><key>k</key><value>true</value></entry><entry><key>l</key><value/></entry></X></C></member></A>"
        "</DoResult></DoResponse>"
    )
    found = result(read(raw.encode()), "Do")

    assert form("Do", "1", found) == (
        b"Action=Do&Version=1&A.member.1.Type=authenticate-oidc&A.member.1.Order=1&A.member.1.C.SessionTimeout=60"
        b"&A.member.1.C.X.entry.1.key=k&A.member.1.C.X.entry.1.value=true&A.member.1.C.X.entry.2.key=l"
        b"&A.member.1.C.X.entry.2.value="
    )
