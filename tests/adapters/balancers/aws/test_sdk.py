"""Our requests beside the official SDK's: the same parameters and the same signature for the same call."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from migrator.adapters.balancers.aws.access.query import form
from migrator.adapters.balancers.aws.access.signature import headers
from tests.adapters.served import Asked, Reply, serving

boto3 = pytest.importorskip("boto3", reason="the SDK is installed apart, see the Makefile")
ANSWER = (
    '<ModifyListenerResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><ModifyListenerResult/>'
    "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ModifyListenerResponse>"
)
FORWARD: dict[str, Any] = {
    "TargetGroups": [{"TargetGroupArn": "arn:old", "Weight": 90}, {"TargetGroupArn": "arn:new", "Weight": 10}],
    "TargetGroupStickinessConfig": {"Enabled": False},
}
CALL: dict[str, Any] = {
    "ListenerArn": "arn:lsn&x",
    "DefaultActions": [{"Type": "forward", "Order": 1, "ForwardConfig": FORWARD}],
}


def sent() -> tuple[Asked, str]:
    """Let the SDK make the call; give what arrived and where."""
    with serving(lambda _: Reply(200, ANSWER.encode(), {"Content-Type": "text/xml"})) as served:
        session = boto3.Session("key-id", "secret", "token", region_name="eu-central-1")
        session.client("elbv2", endpoint_url=served.url).modify_listener(**CALL)
        return served.asked[0], served.url.split("://")[1]


def test_our_parameters_are_the_sdks() -> None:
    asked, _ = sent()

    assert sorted(parse_qsl(form("ModifyListener", "2015-12-01", CALL).decode())) == sorted(
        parse_qsl(asked.body.decode())
    )


def test_our_signature_is_the_sdks() -> None:
    asked, host = sent()
    at = datetime.strptime(asked.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    ours = headers("key-id", "secret", "token", ("eu-central-1", "elasticloadbalancing"), host, asked.body, at)

    assert ours["Authorization"] == asked.headers["Authorization"]
