"""From options to who is asked: a balancer in a plan file's words, or the follower over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from migrator.app.farewell.asking import asked_to_leave, by_balancer, by_follower
from migrator.cli.serving.server import Server, plain
from migrator.domain.messages.errors import Unreachable, UsageError
from tests.words import refused

ALONE = json.dumps({"provider": "haproxy", "id": "x", "listeners": [{"id": "b", "port": 80}]})


@pytest.mark.parametrize(
    ("text", "ports", "serves", "code"),
    [
        pytest.param("{", [80], "", "farewell.no-balancer", id="no JSON"),
        pytest.param('{"provider": "haproxy"}', [80], "", "farewell.no-balancer", id="no listeners"),
        pytest.param(ALONE, [], "", "farewell.no-port", id="no port"),
        pytest.param(ALONE, [80], "http://x/", "farewell.no-place", id="a URL for a place"),
        pytest.param(ALONE.replace("haproxy", "nobody"), [80], "", "driver.unknown-provider", id="an unknown provider"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(text: str, ports: list[int], serves: str, code: str) -> None:
    with refused(UsageError, code):
        by_balancer(text, "10.0.0.1", ports, serves)


@pytest.fixture
def follower() -> Iterator[tuple[Server, list[HTTPStatus]]]:
    answers: list[HTTPStatus] = []
    server = Server(
        "127.0.0.1", 0, lambda path: plain(answers[0] if path == "/off?address=10.0.0.1" else HTTPStatus(404))
    )
    server.start()
    yield server, answers
    server.close()


def test_the_follower_says_yes_or_no_and_anything_else_is_silence(follower: tuple[Server, list[HTTPStatus]]) -> None:
    server, answers = follower
    word, settle = by_follower(server.url, "10.0.0.1")

    answers[:] = [HTTPStatus.OK]
    assert word.is_off() is True
    answers[:] = [HTTPStatus.CONFLICT]
    assert word.is_off() is False
    answers[:] = [HTTPStatus.SERVICE_UNAVAILABLE]
    with refused(Unreachable, "farewell.follower-unsure"):
        word.is_off()
    assert (word.has_come(), settle > 0) == (True, True)


def test_a_follower_that_is_not_there_is_silence() -> None:
    word, _ = by_follower("http://127.0.0.1:9", "10.0.0.1")

    with refused(Unreachable, "farewell.no-follower"):
        word.is_off()


def test_a_gateway_is_told_by_a_post_that_has_to_succeed(follower: tuple[Server, list[HTTPStatus]]) -> None:
    server, _ = follower

    assert asked_to_leave(None)() is True
    for url in (server.url, "http://127.0.0.1:9/"):  # this one takes no POST, and nobody is at the other
        with refused(Unreachable, "farewell.not-told"):
            asked_to_leave(url)()
