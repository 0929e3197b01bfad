"""Every client of ours has a deadline for the whole call: a server that sends a byte now and then is late all the same."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

import pytest

from migrator.adapters.balancers.access import api_client, temporary
from migrator.adapters.balancers.access.api_client import ApiClient
from migrator.adapters.balancers.access.temporary import asked
from migrator.adapters.balancers.haproxy import runtime
from migrator.adapters.balancers.haproxy.runtime import Runtime
from migrator.adapters.bounded.deadline import AnswerTooLarge, Deadline, watch_now, whole
from migrator.adapters.cluster import connection
from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.tunnel import PodPorts
from migrator.adapters.metrics import talk
from migrator.adapters.metrics.prometheus import PrometheusRates
from migrator.adapters.prober import HttpProber
from migrator.adapters.witness.tcp import TcpWitness
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import ClusterSpec, JudgeSpec, PrometheusSpec
from tests.adapters.bounded.dripping import PLACES, dripping
from tests.adapters.served import Reply, serving
from tests.fakes.world import SPEC
from tests.words import refused

WITHIN = 0.6
SLACK = 8.0  # of a machine under load; a call that nothing ends takes 30 s and more
POD = PodRef("ns", "gw-1", "u", "10.0.0.1")
Call = Callable[[int, ClusterSpec], object]
Pair = tuple[socket.socket, socket.socket]


def cluster(port: int, spec: ClusterSpec) -> object:
    return Connection(spec, WITHIN).ask("GET", "/api/v1/nodes")


def write(port: int, spec: ClusterSpec) -> object:
    return Connection(spec, WITHIN).ask("DELETE", "/api/v1/nodes/n")


def tunnel(port: int, spec: ClusterSpec) -> object:
    return PodPorts(Connection(spec)).open(POD, 15000, WITHIN)


def cloud(port: int, spec: ClusterSpec) -> object:
    return ApiClient("Cloud", f"http://127.0.0.1:{port}", 5.0).post("DescribeThings", b"", {}, bytes)


def token(port: int, spec: ClusterSpec) -> object:
    return asked(say("eye.balancer"), "GET", f"http://127.0.0.1:{port}/")


def rates(port: int, spec: ClusterSpec) -> object:
    judge = JudgeSpec(prometheus=PrometheusSpec(f"http://127.0.0.1:{port}"))
    asking = PrometheusRates(replace(SPEC, judge=judge), judge.prometheus or PrometheusSpec(""))
    return asking.rate(Side.NEW, 60.0)


def haproxy(port: int, spec: ClusterSpec) -> object:
    return Runtime(f"127.0.0.1:{port}").ask(["show info"])


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Give two ends of one connection."""
    here, there = socket.socketpair()
    with here, there:
        yield here, there


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the constants of those short that take no seconds."""
    monkeypatch.setattr(api_client, "LONGEST", WITHIN)
    monkeypatch.setattr(temporary, "LONGEST", WITHIN)
    monkeypatch.setattr(talk, "_SECONDS", WITHIN)
    monkeypatch.setattr(runtime, "SECONDS", WITHIN)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("call", [cluster, write, tunnel, cloud, token, rates, haproxy], ids=lambda call: call.__name__)
def test_a_call_is_late_however_many_bytes_come(call: Call, place: str, spec_of: Callable[[str], ClusterSpec]) -> None:
    began = monotonic()
    with dripping(*PLACES[place]) as port:
        spec = spec_of(f"http://127.0.0.1:{port}")
        with pytest.raises((Unreachable, Refused)):  # Refused: a tunnel that is answered 200 is no tunnel
            call(port, spec)

    assert monotonic() - began < WITHIN + SLACK


@pytest.mark.parametrize("place", PLACES)
def test_a_probe_and_a_witness_that_wait_for_ever_have_failed(place: str) -> None:
    began = monotonic()
    with dripping(*PLACES[place]) as port:
        probed = HttpProber(WITHIN).probe("127.0.0.1", port, "shop.x", "/")
        witnessed = TcpWitness("127.0.0.1", port, seconds=WITHIN).try_once()

    assert probed is not None
    assert witnessed.error
    assert monotonic() - began < 2 * WITHIN + SLACK


def test_a_kept_connection_is_watched_again_by_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call was answered; over the same connection the second is not."""
    listening, served = socket.create_server(("127.0.0.1", 0)), []

    def serve() -> None:
        link, _ = listening.accept()
        with link:
            for answer in (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"HTTP/1.1 200 OK\r\n"):
                served.append(link.recv(1 << 16))
                link.sendall(answer)
            link.recv(1)  # until it is cut

    threading.Thread(target=serve, daemon=True).start()
    client = ApiClient("Cloud", f"http://127.0.0.1:{listening.getsockname()[1]}", 5.0)
    first = client.post("DescribeThings", b"", {}, bytes)
    began = monotonic()
    monkeypatch.setattr(api_client, "LONGEST", WITHIN)
    with pytest.raises(Unreachable, match="AnswerTooLate"):
        client.post("DescribeThings", b"", {}, bytes)
    listening.close()

    assert first == (200, b"{}")
    assert len(served) == 2
    assert monotonic() - began < WITHIN + SLACK


def test_a_handshake_of_tls_is_part_of_the_call() -> None:
    """Whoever accepts and says nothing more is late, too."""
    with dripping(b"", b"\x16") as port:
        began = monotonic()
        with Deadline(WITHIN), socket.create_connection(("127.0.0.1", port), 30.0) as link:
            watch_now(link)
            with pytest.raises((ssl.SSLError, ConnectionError)):
                ssl.create_default_context().wrap_socket(link, server_hostname="x")

    assert monotonic() - began < WITHIN + SLACK


def test_nothing_is_cut_before_its_time_nor_after_its_call(pair: Pair) -> None:
    here, there = pair
    with Deadline(0.2) as deadline:
        watch_now(here)
        there.sendall(b"a")
        assert here.recv(1) == b"a"
    with Deadline(0.05):  # a later one, so that the first one's time has passed
        threading.Event().wait(0.4)
    there.sendall(b"b")

    assert here.recv(1) == b"b"
    assert not deadline.over
    deadline.check()


def test_a_connection_that_comes_too_late_is_cut_at_once(pair: Pair) -> None:
    here, there = pair
    with Deadline(0.0) as deadline:
        while not deadline.over:
            threading.Event().wait(0.01)
        watch_now(here)

        assert there.recv(1) == b""
        with pytest.raises(TimeoutError):
            deadline.check()


def test_what_is_larger_than_it_may_be_is_not_read_to_its_end() -> None:
    read: list[bytes] = []

    def parts() -> object:
        for _ in range(9):
            read.append(b"x" * 10)
            yield read[-1]

    with pytest.raises(AnswerTooLarge):
        whole(parts(), 25)  # type: ignore[arg-type]

    assert len(read) == 3
    assert whole([b"a", b"b"], 2) == b"ab"


def test_an_answer_of_the_cluster_that_is_too_large_is_read_once_and_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, spec_of: Callable[[str], ClusterSpec]
) -> None:
    """Put again at once it would be as large: five times 64 MB were read, and called late."""
    monkeypatch.setattr(connection, "LARGEST", 1000)
    with serving(lambda _: Reply(200, b" " * 2000)) as served, refused(Unreachable, "cluster.too-large"):
        Connection(spec_of(served.url)).ask("GET", "/api/v1/nodes")

    assert len(served.asked) == 1
