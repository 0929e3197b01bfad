"""Bytes, FIN and RST pass both ways as they came; nothing is repaired."""

import hashlib
import socket
import threading
from collections.abc import Callable

import pytest

from tests.lab.clouds.world import Balancer, Process, Server, reset, until

pytestmark = pytest.mark.lab
Start = Callable[..., Server]


@pytest.fixture(params=[0.0, 0.005], ids=["no delay", "5 ms each way"])
def pair(request: pytest.FixtureRequest, process: Process, server: Start) -> tuple[Balancer, Server]:
    """A balancer in front of one silent server."""
    behind = server("one", greet=False, echo=False)
    timings = {"delay_up_s": request.param, "delay_down_s": request.param}
    return process.balancer({"targets": [behind.target()]}, timings=timings), behind


def test_a_client_that_half_closes_still_gets_its_answer(pair: tuple[Balancer, Server]) -> None:
    balancer, behind = pair
    client = balancer.connect()
    client.sendall(b"question")
    client.shutdown(socket.SHUT_WR)

    backend = behind.session()
    asked = _all(backend)
    backend.sendall(b"answer")
    backend.close()

    assert asked == b"question"
    assert _all(client) == b"answer"
    until(lambda: balancer.stats()["active"] == 0)


def test_a_server_that_half_closes_can_still_be_talked_to(pair: tuple[Balancer, Server]) -> None:
    balancer, behind = pair
    client, backend = balancer.connect(), behind.session()
    backend.sendall(b"last words")
    backend.shutdown(socket.SHUT_WR)

    assert _all(client) == b"last words"
    client.sendall(b"I heard you")
    client.close()

    assert _all(backend) == b"I heard you"


def test_a_reset_of_the_server_reaches_the_client(pair: tuple[Balancer, Server]) -> None:
    balancer, behind = pair
    client = balancer.connect()
    reset(behind.session())

    with pytest.raises(ConnectionResetError):
        client.recv(1)
    until(lambda: balancer.stats()["active"] == 0)
    assert balancer.stats()["targets"][behind.text]["resets"] == 1


def test_a_reset_of_the_client_reaches_the_server(pair: tuple[Balancer, Server]) -> None:
    balancer, behind = pair
    client = balancer.connect()
    backend = behind.session()
    reset(client)

    backend.settimeout(5)
    with pytest.raises(ConnectionResetError):
        backend.recv(1)


def test_a_reset_after_a_half_close_is_not_overlooked(pair: tuple[Balancer, Server]) -> None:
    balancer, behind = pair
    client, backend = balancer.connect(), behind.session()
    client.shutdown(socket.SHUT_WR)
    assert _all(backend) == b""

    reset(client)

    backend.settimeout(5)
    until(lambda: balancer.stats()["active"] == 0)
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        _insist(backend)


def test_a_request_sent_to_a_server_that_has_closed_is_lost_with_a_reset(pair: tuple[Balancer, Server]) -> None:
    balancer, behind = pair
    client = balancer.connect()
    behind.session().close()

    with pytest.raises(ConnectionError):  # the FIN comes first; the server's kernel answers what follows with RST
        _insist(client)


def test_many_megabytes_pass_unchanged_both_ways_at_once(pair: tuple[Balancer, Server]) -> None:
    balancer, behind = pair
    data = bytes(range(256)) * 4096 * 12  # 12 MiB
    client, backend = balancer.connect(), behind.session()
    got: dict[str, str] = {}

    def read(name: str, sock: socket.socket) -> None:
        got[name] = hashlib.sha256(_all(sock)).hexdigest()

    def write(sock: socket.socket) -> None:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)

    jobs = [(read, ("client", client)), (read, ("backend", backend)), (write, (client,)), (write, (backend,))]
    threads = [threading.Thread(target=job, args=args) for job, args in jobs]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert got == dict.fromkeys(("client", "backend"), hashlib.sha256(data).hexdigest())


def test_a_reader_that_does_not_read_stops_the_sender(pair: tuple[Balancer, Server]) -> None:
    balancer, behind = pair
    client = balancer.connect()
    behind.session()
    client.settimeout(1.0)

    with pytest.raises(TimeoutError):
        client.sendall(b"z" * (64 << 20))

    taken = balancer.stats()["targets"][behind.text]["bytes_in"]
    assert taken < 32 << 20  # kernel buffers and half a megabyte of ours


def test_bytes_sent_before_a_close_arrive_at_a_reader_that_was_slow(pair: tuple[Balancer, Server]) -> None:
    """Both FINs are in while the balancer is not reading: the kernel says hang-up, and data is still waiting."""
    balancer, behind = pair
    client, backend = balancer.connect(), behind.session()
    client.shutdown(socket.SHUT_WR)
    assert _all(backend) == b""
    sent, carried = 0, -1
    while sent < 64 << 20:
        before, carried = carried, balancer.stats()["targets"][behind.text]["bytes_out"]
        if before == carried < sent:  # nothing moved between two looks: it is not reading any more
            break
        backend.sendall(b"w" * 65536)
        sent += 65536
    backend.close()
    threading.Event().wait(0.05)

    assert len(_all(client)) == sent


def _insist(sock: socket.socket) -> None:
    """Send again and again for at most a second."""
    for _ in range(200):
        sock.sendall(b"anybody there?")
        threading.Event().wait(0.005)


def _all(sock: socket.socket) -> bytes:
    """Read until FIN."""
    sock.settimeout(10)
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)
