"""New connections through an address: answered whole, or the error in words."""

from __future__ import annotations

import socket

import pytest

from migrator.adapters.witness.tcp import TcpWitness
from tests.adapters.served import Reply, serving


def test_an_answer_names_its_gateway_by_the_header() -> None:
    with serving(lambda _asked: Reply(200, b"ok", {"X-Gateway": "10.0.0.1:80"})) as served:
        seen = TcpWitness("127.0.0.1", served.port, "shop.x", "/a").try_once()

    assert (seen.error, seen.gateway, seen.status) == ("", "10.0.0.1:80", 200)
    assert (served.asked[0].path, served.asked[0].headers["Host"]) == ("/a", "shop.x")


def test_an_answer_that_names_nobody_says_nothing_of_its_sender() -> None:
    with serving(lambda _asked: Reply(503, b"no", {"X-Other": "b"})) as served:
        plain = TcpWitness("127.0.0.1", served.port).try_once()
        named = TcpWitness("127.0.0.1", served.port, header="x-other").try_once()

    assert (plain.error, plain.gateway, plain.status) == ("", "", 503)
    assert named.gateway == "b"


def test_every_try_is_a_new_connection() -> None:
    with serving(lambda asked: Reply(200, b"", {"X-Gateway": asked.headers["Connection"]})) as served:
        witness = TcpWitness("127.0.0.1", served.port)

        assert [witness.try_once().gateway for _ in range(2)] == ["close", "close"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        pytest.param(Reply(drop=True), "closed without an answer", id="closed"),
        pytest.param(Reply(body=b"part", cut=True), "10 bytes are missing", id="a short answer"),
        pytest.param(Reply(seconds=0.6), "no answer in time", id="too slow"),
    ],
)
def test_an_answer_that_is_not_whole_is_an_error(reply: Reply, words: str) -> None:
    with serving(lambda _asked: reply) as served:
        seen = TcpWitness("127.0.0.1", served.port, seconds=0.2).try_once()

    assert words in seen.error
    assert seen.gateway == ""


def test_a_refused_connection_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        seen = TcpWitness("127.0.0.1", taken.getsockname()[1]).try_once()

    assert "ConnectionRefusedError" in seen.error


def test_a_reset_connection_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        import struct
        import threading

        def reset() -> None:
            connection, _ = server.accept()
            connection.recv(100)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        thread = threading.Thread(target=reset)
        thread.start()
        seen = TcpWitness("127.0.0.1", server.getsockname()[1]).try_once()
        thread.join()

    assert "ConnectionResetError" in seen.error
