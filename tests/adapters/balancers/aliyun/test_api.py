"""One call: which answers mean ask again, perhaps done, or no; and that no secret is ever in an error."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from migrator.adapters.balancers.access.api_client import Rejected
from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aliyun.access.api import Api, Product
from migrator.domain.messages.errors import Unreachable
from tests.adapters.served import Asked, Reply, serving
from tests.words import refused

SECRET, TOKEN = "canary-of-the-secret", "canary-of-the-token"


def api(url: str, chain: Chain | None = None) -> Api:
    product = Product("Aliyun CLB", "2014-05-15", url, "cn-test")
    return Api(product, chain or Chain(lambda: Credentials("the-key-id", SECRET, TOKEN)))


def no(status: int, code: str, message: str = "no") -> Reply:
    return Reply(status, json.dumps({"RequestId": "r-1", "Code": code, "Message": message}).encode())


NOT_NOW = [
    (409, "BackendServer.configuring"),
    (409, "ServiceIsStopping"),
    (400, "ServiceIsConfiguring"),
    (400, "VServerGroupProcessing"),
    (400, "OperationBusy"),
    (449, "SystemBusy"),
    (400, "IncorrectStatus.serverGroup"),
    (400, "Conflict.Lock"),
    (400, "OperationFailed.ResourceIsConfiguring"),
    (400, "Throttling"),
    (400, "Throttling.User"),
    (400, "Throttling.Api"),
    (400, "Rejected.Throttling"),
    (429, "TooManyRequests"),
    (503, "Throttling"),
]


@pytest.mark.parametrize(("status", "code"), [pytest.param(*each, id=f"{each[0]} {each[1]}") for each in NOT_NOW])
def test_busy_and_throttled_say_when_to_ask_again(status: int, code: str) -> None:
    with (
        serving(lambda asked: no(status, code)) as served,
        refused(Unreachable, "cloud.not-now", request="r-1", answer=code) as later,
    ):
        api(served.url).ask("SetVServerGroupAttribute")

    assert isinstance(later.value, Unreachable)
    assert later.value.retry_after is not None
    assert later.value.retry_after >= 1.0
    assert len(served.asked) == 1


UNCLEAR = [
    pytest.param(no(500, "InternalError"), id="their failure"),
    pytest.param(no(500, "InternalInvokeError"), id="their failure inside"),
    pytest.param(no(503, "ServiceUnavailable"), id="not available"),
    pytest.param(no(400, "SignatureNonceUsed"), id="somebody repeated our request"),
    pytest.param(Reply(502, b"<html>Bad Gateway</html>"), id="a gateway's page"),
    pytest.param(Reply(200, b"[]"), id="no object"),
    pytest.param(Reply(drop=True), id="no answer"),
    pytest.param(Reply(200, b'{"RequestId": "r"}', cut=True), id="half an answer"),
]


@pytest.mark.parametrize("reply", UNCLEAR)
def test_an_answer_that_leaves_it_open_is_perhaps_done(reply: Reply) -> None:
    with serving(lambda asked: reply) as served, pytest.raises(Unreachable) as open_:
        api(served.url).ask("SetVServerGroupAttribute")

    assert open_.value.retry_after is None
    assert len(served.asked) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        pytest.param(404, "InvalidLoadBalancerId.NotFound", id="no such balancer"),
        pytest.param(404, "The specified VServerGroupId does not exist", id="a code that is a sentence"),
        pytest.param(400, "InvalidParameter", id="wrong"),
        pytest.param(403, "Forbidden.RAM", id="not allowed"),
        pytest.param(400, "InvalidTimeStamp.Expired", id="our clock is wrong"),
    ],
)
def test_a_no_is_refused_with_its_code(status: int, code: str) -> None:
    with serving(lambda asked: no(status, code)) as served, pytest.raises(Rejected) as refused:
        api(served.url).ask("DescribeVServerGroups")

    assert refused.value.code == code


def test_no_secret_is_in_an_error_though_the_api_quotes_what_was_signed(caplog: pytest.LogCaptureFixture) -> None:
    """A wrong signature is answered with the whole canonical request: token, key id and all."""

    def quoting(asked: Asked) -> Reply:
        return no(400, "SignatureDoesNotMatch", f"server CanonicalRequest is: {asked.headers} {SECRET}")

    with caplog.at_level(logging.DEBUG), serving(quoting) as served, pytest.raises(Rejected) as refused:
        api(served.url).ask("DescribeVServerGroups")

    told = f"{refused.value} {refused.value!r} {caplog.text} {api(served.url)!r}"
    assert "CanonicalRequest" in told
    assert not any(word in told for word in (SECRET, TOKEN, "the-key-id"))


def test_an_expired_token_is_fetched_anew_for_the_next_call() -> None:
    given = iter([Credentials("old", "s", "t"), Credentials("new", "s", "t")])

    def reply(asked: Asked) -> Reply:
        return no(400, "InvalidSecurityToken.Expired") if "Credential=old" in _authorization(asked) else Reply()

    with serving(reply) as served:
        one = api(served.url, Chain(lambda: next(given)))
        with pytest.raises(Unreachable) as later:
            one.ask("DescribeVServerGroups")
        with pytest.raises(Unreachable):
            one.ask("DescribeVServerGroups")  # {} holds no answer; what matters is who signed it

    assert later.value.retry_after is not None
    assert ["Credential=new" in _authorization(asked) for asked in served.asked] == [False, True]


def _authorization(asked: Asked) -> str:
    return next(value for name, value in asked.headers.items() if name.lower() == "authorization")


def test_a_proxy_of_the_environment_never_sees_a_signed_request(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with serving(lambda asked: Reply(200, b'{"RequestId": "r"}')) as served:
        found: dict[str, Any] = api(served.url).ask("DescribeVServerGroups", LoadBalancerId="lb-1")

    assert found == {"RequestId": "r"}
    assert "RegionId=cn-test" in served.asked[0].path


def test_every_call_has_a_nonce_of_its_own() -> None:
    with serving(lambda asked: Reply(200, b'{"RequestId": "r"}')) as served:
        one = api(served.url)
        for _ in range(3):
            one.send("ListServerGroups")

    nonces = {
        value for asked in served.asked for name, value in asked.headers.items() if name.lower().endswith("nonce")
    }
    assert len(nonces) == 3
