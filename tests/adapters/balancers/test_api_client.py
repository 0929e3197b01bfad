"""The one client of every cloud's API: an answer is held to a time and a size, and nothing is sent twice."""

from __future__ import annotations

import json

import pytest

from migrator.adapters.balancers.access import api_client
from migrator.adapters.balancers.access.api_client import ApiClient
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from tests.adapters.served import Reply, serving
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
    [pytest.param(Reply(drop=True), id="no answer"), pytest.param(Reply(200, b"<html>"), id="what cannot be read")],
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
