"""ingress-nginx's metrics, over real HTTP: counts by class and pod; silence where they are off or another pod's."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.adapters.gateways import gateways
from migrator.adapters.gateways.nginx import OFF_FOR
from migrator.adapters.gateways.nginx_counters import counted_by_nginx
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Classes, Reading
from migrator.domain.model.spec import GatewaySpec
from tests.adapters.gateways.patient import readings
from tests.adapters.served import Asked, Reply, serving
from tests.fakes.clock import FakeClock
from tests.fakes.world import SPEC

POD = PodRef("ingress", "nginx-7d4b9", "u-1", "10.0.0.1")
NGINX = replace(SPEC, gateway=GatewaySpec("nginx"))
METRICS = """# HELP nginx_ingress_controller_requests The total number of client requests
# TYPE nginx_ingress_controller_requests counter
nginx_ingress_controller_requests{controller_pod="nginx-7d4b9",ingress="a",method="GET",status="200"} 90
nginx_ingress_controller_requests{controller_pod="nginx-7d4b9",ingress="b",method="GET",status="301"} 5
nginx_ingress_controller_requests{controller_pod="nginx-7d4b9",ingress="b",method="GET",status="404"} 1.2e+01
nginx_ingress_controller_requests{controller_pod="nginx-7d4b9",ingress="b",method="GET",status="499"} 7
nginx_ingress_controller_requests{controller_pod="nginx-7d4b9",ingress="b",method="GET",status="502"} 3
nginx_ingress_controller_request_size_sum{controller_pod="nginx-7d4b9",status="500"} 3000
nginx_ingress_controller_nginx_process_connections{controller_pod="nginx-7d4b9",state="active"} 4
nginx_ingress_controller_nginx_process_connections{controller_pod="nginx-7d4b9",state="waiting"} 2
nginx_ingress_controller_nginx_process_connections_total{controller_pod="nginx-7d4b9",state="accepted"} 41
nginx_ingress_controller_nginx_process_connections_total{controller_pod="nginx-7d4b9",state="handled"} 40
process_start_time_seconds 1.7e+09
"""


class Streams:
    """Streams to a pod's port that lead to a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port, self.asked, self.open_ones = port, list[int](), list[Wire]()

    def open(self, pod: PodRef, port: int, seconds: float) -> Wire:
        self.asked.append(port)
        self.open_ones.append(Wire(socket.create_connection(("127.0.0.1", self.port), seconds)))
        return self.open_ones[-1]


class Wire:
    """A stream over a socket."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link

    def send(self, data: bytes) -> None:
        self._link.sendall(data)

    def receive(self, seconds: float) -> bytes:
        self._link.settimeout(seconds)
        return self._link.recv(1 << 16)

    def close(self) -> None:
        self._link.close()


def read(reply: Callable[[Asked], Reply]) -> tuple[list[Reading], list[tuple[str, str]], Streams]:
    with serving(reply) as served:
        streams = Streams(served.port)
        reader, _ = gateways(NGINX, streams, FakeClock())
        found, silent = readings(reader, Side.NEW, [POD])
        for wire in streams.open_ones:
            wire.close()
        return found, [(name, getattr(why, "code", str(why))) for name, why in silent], streams


def test_a_controller_is_counted_by_its_own_metrics() -> None:
    (found,), silent, streams = read(lambda _asked: Reply(body=METRICS.encode()))

    assert not silent
    assert set(streams.asked) == {10254}
    assert (found.gateway, found.side, found.requests, found.bad) == (POD.name, Side.NEW, 110, 3)
    assert (found.connections, found.classes) == (3, Classes(12)), "one is the controller's own question"
    assert found.accepted is None, "the controller's own questions are counted among the clients' connections"
    assert found.epoch == "1.7e+09"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        pytest.param(Reply(404), "gateway.status", id="metrics are off"),
        pytest.param(Reply(body=METRICS.replace(POD.name, "another").encode()), "gateway.stranger", id="another pod's"),
        pytest.param(Reply(drop=True), "gateway.not-introduced", id="no answer"),
    ],
)
def test_who_does_not_count_is_silent_with_why(reply: Reply, code: str) -> None:
    found, silent, _ = read(lambda _asked: reply)

    assert (found, silent) == ([], [(POD.name, code)])


def test_a_controller_whose_metrics_are_off_is_not_asked_each_second() -> None:
    clock = FakeClock()
    with serving(lambda _asked: Reply(404)) as served:
        streams = Streams(served.port)
        reader, _ = gateways(NGINX, streams, clock)
        found = []
        for seconds in (0.0, 1.0, OFF_FOR):
            clock.advance(seconds)
            found.append(len(readings(reader, Side.NEW, [POD])[1]))
        for wire in streams.open_ones:
            wire.close()

    assert found == [1, 1, 1]
    assert len(streams.asked) == 2


def test_a_controller_that_has_answered_nobody_yet_has_counted_none() -> None:
    found = counted_by_nginx(b'nginx_ingress_controller_build_info{controller_pod="x"} 1\n')

    assert (found.requests, found.bad, found.connections, found.accepted) == (0, 0, None, None)


DURATIONS = """nginx_ingress_controller_request_duration_seconds_bucket{ingress="a",status="200",le="0.5"} 80
nginx_ingress_controller_request_duration_seconds_bucket{ingress="a",status="200",le="1"} 88
nginx_ingress_controller_request_duration_seconds_bucket{ingress="a",status="200",le="1e+01"} 90
nginx_ingress_controller_request_duration_seconds_bucket{ingress="a",status="200",le="+Inf"} 91
nginx_ingress_controller_request_duration_seconds_bucket{ingress="b",status="502",le="0.5"} 1
nginx_ingress_controller_request_duration_seconds_bucket{ingress="b",status="502",le="1"} 1
nginx_ingress_controller_request_duration_seconds_bucket{ingress="b",status="502",le="1e+01"} 3
nginx_ingress_controller_request_duration_seconds_bucket{ingress="b",status="502",le="+Inf"} 3
nginx_ingress_controller_connect_duration_seconds_bucket{ingress="b",status="502",le="1"} 3
nginx_ingress_controller_request_duration_seconds_bucket{ingress="a",status="101",le="1"} 0
nginx_ingress_controller_request_duration_seconds_bucket{ingress="a",status="101",le="+Inf"} 40
"""


@pytest.mark.parametrize(
    ("metrics", "over", "seen"),
    [
        pytest.param(METRICS + DURATIONS, 1.2, (5, 94, 1.0), id="by the edge nearest to the limit, over all Ingresses"),
        pytest.param(METRICS + DURATIONS, 60.0, (1, 94, 10.0), id="above the last edge"),
        pytest.param(METRICS + DURATIONS, None, (None, None, None), id="nobody wants to know"),
        pytest.param(METRICS, 1.0, (None, None, None), id="the histogram is left out"),
        pytest.param("", 1.0, (0, 0, None), id="nobody was answered yet"),
        pytest.param(DURATIONS.replace("+Inf", "x"), 1.0, (0, 0, None), id="no whole histogram"),
    ],
)
def test_slow_answers_are_counted_by_the_controllers_own_histogram(
    metrics: str, over: float | None, seen: tuple[int | None, int | None, float | None]
) -> None:
    found = counted_by_nginx(metrics.encode(), over)

    assert (found.slow, found.timed, found.slow_over) == seen


def test_a_reading_says_the_controllers_release() -> None:
    build = 'nginx_ingress_controller_build_info{build="0df",controller_pod="nginx-7d4b9",release="v1.15.1",repository="r"} 1\n'
    (found,), _, _ = read(lambda _asked: Reply(body=(METRICS + build).encode()))
    (other,), _, _ = read(lambda _asked: Reply(body=METRICS.encode()))

    assert (found.version, other.version) == ("v1.15.1", "")


def test_numbers_that_are_none_count_nothing() -> None:
    rows = "".join(
        f'nginx_ingress_controller_requests{{status="200"}} {words}\n' for words in ("NaN", "+Inf", "x", "-4", "6")
    )

    assert counted_by_nginx(rows.encode()).requests == 6
