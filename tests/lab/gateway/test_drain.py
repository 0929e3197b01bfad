"""The facts about draining that migrator is built on, shown on a real Envoy with Istio's flags."""

import http.client
import socket
import time

import h2.config
import h2.connection
import pytest
from websocket import create_connection

from tests.lab.gateway.world import until

pytestmark = [pytest.mark.lab, pytest.mark.slow]

DATA, HEADERS, GOAWAY = 0, 1, 7  # RFC 9113, section 6


def test_healthcheck_fail_keeps_accepting_and_says_goodbye(gateway):
    gateway.admin("/healthcheck/fail")

    for _ in range(20):
        assert gateway.ask(8080, "/")[::2] == (200, "close")
    assert gateway.server_info()["state"] == "DRAINING"


def test_healthcheck_ok_undoes_healthcheck_fail(gateway):
    gateway.admin("/healthcheck/fail")
    gateway.admin("/healthcheck/ok")

    assert gateway.ask(8080, "/")[::2] == (200, "")
    assert gateway.server_info()["state"] == "LIVE"


def test_istio_readiness_stays_200_while_envoy_says_it_fails(gateway):
    gateway.admin("/healthcheck/fail")

    assert gateway.status(15021, "/healthz/ready") == 200


def test_healthcheck_ok_does_not_undo_drain_listeners(gateway):
    gateway.admin("/drain_listeners?graceful&skip_exit")
    gateway.admin("/healthcheck/ok")

    assert gateway.ask(8080, "/")[::2] == (200, "close")


def test_inboundonly_does_nothing_to_a_gateway(gateway):
    gateway.admin("/drain_listeners?inboundonly")

    assert gateway.ask(8080, "/")[::2] == (200, "")


def test_drain_listeners_without_graceful_refuses_new_connections(gateway):
    gateway.admin("/drain_listeners")

    until(lambda: gateway.status(8080) == 0, "new connections are refused", seconds=1.0)


def test_an_idle_connection_is_never_told_to_go(gateway):
    connection = http.client.HTTPConnection(gateway.ip, 8080, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    gateway.admin("/healthcheck/fail")
    time.sleep(1.5)

    connection.request("GET", "/")
    answer = connection.getresponse()

    assert (answer.status, answer.headers["connection"]) == (200, "close")
    connection.close()


def test_a_websocket_lives_on_whatever_is_said(gateway):
    talk = create_connection(f"ws://{gateway.ip}:8080/ws", timeout=5)
    gateway.admin("/healthcheck/fail")
    gateway.admin("/drain_listeners?graceful&skip_exit")
    time.sleep(1)
    talk.send("still here")

    assert talk.recv() == "still here"
    talk.close()


def test_healthcheck_fail_sends_goaway_to_an_http2_client_that_asks_again(gateway):
    with socket.create_connection((gateway.ip, 8080), timeout=5) as connection:
        client = h2.connection.H2Connection(h2.config.H2Configuration())
        client.initiate_connection()
        before = exchange(connection, client, gateway.ip)
        gateway.admin("/healthcheck/fail")
        after = exchange(connection, client, gateway.ip)

    assert before == {DATA, HEADERS}
    assert after == {DATA, HEADERS, GOAWAY}


def exchange(connection, client, host):
    """Ask once over HTTP/2; the kinds of frames among these three that came within half a second.

    The frames are told apart here because h2 refuses an answer that follows a GOAWAY, which the protocol allows.
    """
    head = [(":method", "GET"), (":path", "/"), (":scheme", "http"), (":authority", host)]
    client.send_headers(client.get_next_available_stream_id(), head, end_stream=True)
    connection.sendall(client.data_to_send())
    raw = b""
    deadline = time.monotonic() + 0.5
    while (left := deadline - time.monotonic()) > 0:
        connection.settimeout(left)
        try:
            raw += connection.recv(65536)
        except TimeoutError:
            break
    return kinds(raw) & {DATA, HEADERS, GOAWAY}


def kinds(raw):
    """The types of the frames in `raw`."""
    found = set()
    while raw:
        found.add(raw[3])
        raw = raw[9 + int.from_bytes(raw[:3], "big") :]
    return found
