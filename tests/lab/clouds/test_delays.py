"""The injected network delay: one way per direction, order kept, nothing overtakes."""

import socket
import time
from collections.abc import Callable

import pytest

from tests.lab.clouds.world import Process, Server

pytestmark = pytest.mark.lab
Start = Callable[..., Server]
UP, DOWN = 0.05, 0.1


@pytest.fixture
def far(process: Process, server: Start) -> tuple[socket.socket, Server]:
    """A client 50 ms up and 100 ms down from a server that echoes."""
    behind = server("far", greet=False)
    timings = {"delay_up_s": UP, "delay_down_s": DOWN}
    return process.balancer({"targets": [behind.target()]}, timings=timings).connect(), behind


def test_an_echo_takes_both_ways(far: tuple[socket.socket, Server]) -> None:
    client, _ = far
    times = []
    for _ in range(3):
        began = time.monotonic()
        client.sendall(b"ping")
        assert client.recv(64) == b"ping"
        times.append(time.monotonic() - began)

    assert min(times) >= UP + DOWN
    assert min(times) < UP + DOWN + 0.05


def test_the_connection_itself_travels_too(far: tuple[socket.socket, Server]) -> None:
    began = time.monotonic()
    _, behind = far
    behind.session()

    assert time.monotonic() - began >= UP - 0.02  # the fixture connected a moment before


def test_a_fin_and_a_reset_are_no_faster_than_data(process: Process, server: Start) -> None:
    behind = server("far", greet=False, echo=False)
    timings = {"delay_up_s": 0.0, "delay_down_s": DOWN}
    balancer = process.balancer({"targets": [behind.target()]}, timings=timings)
    client = balancer.connect()
    backend = behind.session()

    began = time.monotonic()
    backend.sendall(b"bye")
    backend.close()
    assert client.recv(64) == b"bye"
    assert client.recv(64) == b""
    assert time.monotonic() - began >= DOWN

    behind.close()
    began = time.monotonic()
    with balancer.connect() as refused, pytest.raises(ConnectionResetError):
        refused.recv(1)
    assert time.monotonic() - began >= DOWN


def test_a_request_that_crosses_a_fin_on_the_way_is_lost(process: Process, server: Start) -> None:
    """The reason for the delay: a server closes an idle connection while the next request is already on its way."""
    behind = server("far", greet=False, echo=False)
    timings = {"delay_up_s": UP, "delay_down_s": UP}
    client = process.balancer({"targets": [behind.target()]}, timings=timings).connect()
    backend = behind.session()

    backend.close()
    client.sendall(b"GET / HTTP/1.1\r\n\r\n")  # the FIN is still 50 ms away, so this is no client's mistake

    client.settimeout(5)
    try:
        answer = client.recv(64)
    except ConnectionResetError:
        answer = b""
    assert answer == b""


def test_the_delay_can_be_changed_while_connections_live(process: Process, server: Start) -> None:
    behind = server("far", greet=False)
    balancer = process.balancer({"targets": [behind.target()]}, timings={"delay_up_s": 0.2})
    client = balancer.connect()
    client.sendall(b"1")
    process.admin("POST", f"/balancers/{balancer.id}/timings", {"delay_up_s": 0.0})
    client.sendall(b"2")

    got = b""
    while len(got) < 2:
        got += client.recv(64)
    assert got == b"12"
