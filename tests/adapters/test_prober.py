"""A backend answers a probe, or the probe says why not."""

from __future__ import annotations

import socket
import threading

import pytest

from migrator.adapters.prober import HttpProber
from migrator.domain.model.balancer import ProbeWay
from tests.adapters.served import Reply, serving

PROBER = HttpProber(seconds=0.3)


@pytest.mark.parametrize("status", [200, 204, 301, 404, 426, 499])
def test_any_whole_answer_below_500_is_good(status: int) -> None:
    with serving(lambda _asked: Reply(status, b"")) as served:
        assert PROBER.probe("127.0.0.1", served.port, "shop.x", "/healthz") is None

    asked = served.asked[0]
    assert (asked.method, asked.path) == ("GET", "/healthz")
    assert (asked.headers["host"], asked.headers["connection"]) == ("shop.x", "close")


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        pytest.param(Reply(503), "probe.bad", "status=503", id="a 5xx"),
        pytest.param(Reply(drop=True), "probe.no-answer", "host=shop.x", id="dropped"),
        pytest.param(Reply(body=b"part", cut=True), "probe.no-answer", "", id="cut short"),
        pytest.param(Reply(seconds=1.0), "probe.no-answer", "call.late", id="too slow"),
    ],
)
def test_anything_else_says_what_happened(reply: Reply, code: str, words: str) -> None:
    with serving(lambda _asked: reply) as served:
        said = PROBER.probe("127.0.0.1", served.port, "shop.x", "/")

    assert said is not None
    assert said.code == code
    assert words in str(said)


def test_nobody_listening_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        said = PROBER.probe("127.0.0.1", taken.getsockname()[1], "", "/")

    assert "ConnectError" in str(said)


def test_no_proxy_answers_for_the_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _asked: Reply()) as proxy, serving(lambda _asked: Reply(500)) as backend:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        said = PROBER.probe("127.0.0.1", backend.port, "x", "/")

    assert "status=500" in str(said)
    assert proxy.asked == []


def test_a_tls_port_is_spoken_to_in_tls() -> None:
    with serving(lambda _asked: Reply()) as served:
        said = HttpProber(0.3, tls_ports=frozenset({served.port})).probe("127.0.0.1", served.port, "x", "/")

    assert said is not None
    assert served.asked == []


def test_a_way_that_is_said_is_taken_whatever_the_port() -> None:
    with serving(lambda _asked: Reply()) as served:
        plain = HttpProber(0.3, tls_ports=frozenset({served.port}))

        assert plain.probe("127.0.0.1", served.port, "x", "/", ProbeWay.HTTP) is None
        assert "probe.no-answer" in str(PROBER.probe("127.0.0.1", served.port, "x", "/", ProbeWay.HTTPS))


def test_by_tcp_a_connection_is_enough_and_by_none_nobody_is_asked() -> None:
    with serving(lambda _asked: Reply(503)) as served:
        assert PROBER.probe("127.0.0.1", served.port, "x", "/", ProbeWay.TCP) is None
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        assert PROBER.probe("127.0.0.1", port, "x", "/", ProbeWay.NONE) is None
        assert "probe.no-connection" in str(PROBER.probe("127.0.0.1", port, "x", "/", ProbeWay.TCP))


@pytest.mark.parametrize(("family", "address"), [("TCP4", "127.0.0.1"), ("TCP6", "::1")])
def test_by_proxy_protocol_it_says_first_who_asks(family: str, address: str) -> None:
    heard: list[bytes] = []
    kind = socket.AF_INET6 if family == "TCP6" else socket.AF_INET
    with socket.create_server((address, 0), family=kind) as server:
        server.settimeout(5)

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(5)
                while b"\r\n\r\n" not in b"".join(heard):
                    heard.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        port = server.getsockname()[1]
        said = HttpProber(3.0).probe(address, port, "shop.x", "/", ProbeWay.HTTP_PROXY)
        thread.join(5)

    first, _, rest = b"".join(heard).partition(b"\r\n")
    words = first.decode().split()
    assert said is None
    assert words[:4] == ["PROXY", family, address, address]
    assert (words[5], len(words)) == (str(port), 6)
    assert rest.startswith(b"GET / HTTP/1.1\r\n")
