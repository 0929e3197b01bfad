"""The one client of every cloud's API: an answer is held to a time and a size, and nothing is sent twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrator.adapters.balancers.access import api_client
from migrator.adapters.balancers.access.api_client import ApiClient
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from tests.adapters.served import Reply, serving
from tests.adapters.terminator import terminating
from tests.words import refused


def test_a_call_gives_the_status_and_what_was_read() -> None:
    with serving(lambda _: Reply(418, b'{"a": 1}')) as served:
        client = ApiClient("Cloud", f"{served.url}/", 5.0)
        found = client.post("DescribeThings", b"body", {"x-sign": "me"}, json.loads, "a=b")

    assert found == (418, {"a": 1})
    assert (served.asked[0].path, served.asked[0].body) == ("/?a=b", b"body")
    assert client.host == served.url.split("://")[1]


@pytest.mark.parametrize(
    ("action", "then"),
    [
        pytest.param("DescribeThings", "driver.read-again", id="a read"),
        pytest.param("SetThings", "driver.perhaps-done", id="a write"),
    ],
)
@pytest.mark.parametrize(
    "reply",
    [pytest.param(Reply(drop=True), id="no answer"), pytest.param(Reply(200, b"no json"), id="what cannot be read")],
)
def test_a_call_that_was_not_answered_says_what_that_means_and_is_not_repeated(
    reply: Reply, action: str, then: str
) -> None:
    with (
        serving(lambda _: reply) as served,
        refused(Unreachable, "cloud.no-answer", api="Cloud", action=action, then=say(then)),
    ):
        ApiClient("Cloud", served.url, 5.0).post(action, b"", {}, json.loads)

    assert len(served.asked) == 1


def test_an_answer_that_is_too_large_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_client, "LARGEST", 1000)
    with (
        serving(lambda _: Reply(200, b"x" * 1001)) as served,
        refused(Unreachable, "cloud.no-answer", problem="AnswerTooLarge"),
    ):
        ApiClient("Cloud", served.url, 5.0).post("DescribeThings", b"", {}, bytes)


def test_an_answer_that_trickles_past_its_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_client, "LONGEST", 0.5)
    reply = Reply(200, b"x" * 50, trickle=0.1)
    with serving(lambda _: reply) as served, refused(Unreachable, "cloud.no-answer", problem="AnswerTooLate"):
        ApiClient("Cloud", served.url, 5.0).post("DescribeThings", b"", {}, bytes)


PAGE = b"<!DOCTYPE html><title>Sign in</title>"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        pytest.param(Reply(302, b"", {"Location": "https://login.example.org/"}), "cloud.redirected", id="a redirect"),
        pytest.param(Reply(200, PAGE), "cloud.web-page", id="a web page"),
        pytest.param(Reply(403, b"\n <HTML>no"), "cloud.web-page", id="a proxy's refusal"),
    ],
)
def test_what_is_no_api_is_refused_and_says_so(reply: Reply, code: str) -> None:
    with serving(lambda _: reply) as served, refused(Refused, code, api="Cloud", endpoint=served.url):
        ApiClient("Cloud", served.url, 5.0).post("DescribeThings", b"", {}, json.loads)


def test_the_page_of_a_gateway_in_trouble_passes() -> None:
    with serving(lambda _: Reply(502, PAGE)) as served, refused(Unreachable, "cloud.no-answer"):
        ApiClient("Cloud", served.url, 5.0).post("DescribeThings", b"", {}, json.loads)


def test_an_endpoint_without_an_address_is_named() -> None:
    with refused(Unreachable, "cloud.no-address", host="clb.no-such-region.invalid"):
        ApiClient("Cloud", "https://clb.no-such-region.invalid", 5.0).post("SetThings", b"", {}, json.loads)


def test_an_endpoint_that_speaks_no_tls_is_called_so() -> None:
    with serving(lambda _: Reply()) as served:
        endpoint = served.url.replace("http:", "https:")
        with refused(Refused, "cloud.no-tls", endpoint=endpoint):
            ApiClient("Cloud", endpoint, 5.0).post("SetThings", b"", {}, json.loads)


def test_a_certificate_that_is_not_trusted_is_named_and_nothing_was_sent(tmp_path: Path) -> None:
    with (
        serving(lambda _: Reply()) as served,
        terminating(tmp_path, ("127.0.0.1", served.port)) as front,
        refused(Refused, "cloud.untrusted", api="Cloud"),
    ):
        ApiClient("Cloud", front.url, 5.0).post("DescribeThings", b"", {}, json.loads)

    assert served.asked == []
