"""Health: checked whatever the weight, obeyed by the data plane, fail-open when nobody is left."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.lab.clouds.world import Balancer, Process, Server, until

pytestmark = pytest.mark.lab
Start = Callable[..., Server]
TCP = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.5, "rise": 2, "fall": 2}


def test_a_target_at_weight_zero_is_checked_like_any_other(process: Process, server: Start) -> None:
    up, down = server("up"), server("down")
    down.close()
    balancer = process.balancer({"targets": [up.target(0), down.target(0)]}, health=TCP)

    until(lambda: _detail(balancer) == {up.key[1]: "Alive", down.key[1]: "Dead"})


def test_a_target_is_unknown_before_it_was_checked_and_closed_without_checks(process: Process, server: Start) -> None:
    one = server("one")
    slow = process.balancer({"targets": [one.target()]}, health=TCP | {"interval_s": 30.0})
    off = process.balancer({"targets": [one.target()]})

    assert _detail(slow) == {one.key[1]: "Unknown"}
    assert _detail(off) == {one.key[1]: "Close"}


def test_a_target_that_dies_leaves_the_rotation_and_comes_back(process: Process, server: Start) -> None:
    one, other = server("one"), server("other")
    balancer = process.balancer({"targets": [one.target(), other.target()]}, health=TCP)
    until(lambda: set(_detail(balancer).values()) == {"Alive"})

    balancer.faults(health={other.text: "dead"})
    until(lambda: _detail(balancer)[other.key[1]] == "Dead")
    assert {balancer.who() for _ in range(10)} == {"one"}

    balancer.faults(health={other.text: "none"})
    until(lambda: _detail(balancer)[other.key[1]] == "Alive")
    assert {balancer.who() for _ in range(10)} == {"one", "other"}


def test_when_all_are_unhealthy_all_get_traffic(process: Process, server: Start) -> None:
    one, other = server("one"), server("other")
    targets = [one.target(), other.target()]
    balancer = process.balancer({"targets": targets}, {"targets": targets, "fail_open": False}, health=TCP)
    balancer.faults(health={one.text: "dead", other.text: "dead"})
    until(lambda: set(_detail(balancer).values()) == {"Dead"})
    until(lambda: set(_detail(balancer, at=1).values()) == {"Dead"})

    assert {balancer.who() for _ in range(10)} == {"one", "other"}
    with pytest.raises(ConnectionResetError):
        balancer.who(1)


def test_a_new_target_gets_nothing_before_it_is_healthy(process: Process, server: Start) -> None:
    one, late = server("one"), server("late")
    balancer = process.balancer({"targets": [one.target()]}, health=TCP)
    until(lambda: set(_detail(balancer).values()) == {"Alive"})
    balancer.faults(health={late.text: "dead"})

    row = {"ListenerId": "lbl-1", "EniIp": late.key[0], "Port": late.key[1], "Weight": 10}
    balancer.cloud.call("BatchRegisterTargets", Targets=[row])
    balancer.settle()
    assert {balancer.who() for _ in range(10)} == {"one"}

    balancer.faults(health={late.text: "none"})
    until(lambda: _detail(balancer)[late.key[1]] == "Alive")
    assert {balancer.who() for _ in range(10)} == {"one", "late"}


def test_a_target_that_left_is_checked_no_more_and_starts_afresh_when_it_is_back(
    process: Process, server: Start
) -> None:
    one = server("one")
    seldom = TCP | {"interval_s": 60.0, "rise": 1, "fall": 1}
    balancer = process.balancer({"targets": [one.target()]}, health=seldom)
    until(lambda: _detail(balancer) == {one.key[1]: "Alive"})
    row = {"ListenerId": "lbl-1", "EniIp": one.key[0], "Port": one.key[1]}

    balancer.cloud.call("BatchDeregisterTargets", Targets=[row])
    balancer.faults(health={one.text: "dead"})
    balancer.cloud.call("BatchRegisterTargets", Targets=[row])

    until(lambda: _detail(balancer) == {one.key[1]: "Dead"})


@pytest.mark.parametrize(("status", "detail"), [(200, "Alive"), (302, "Alive"), (404, "Dead"), (503, "Dead")])
def test_an_http_check_asks_the_ready_path_as_a_modern_client(
    process: Process, server: Start, ready: "Ready", status: int, detail: str
) -> None:
    ready.status = status
    one = server("one")
    check = {"kind": "http", "port": ready.port, "path": "/healthz/ready", "interval_s": 0.05, "timeout_s": 0.5}
    balancer = process.balancer({"targets": [one.target(0)]}, health=check)

    until(lambda: _detail(balancer) == {one.key[1]: detail})

    assert ready.asked == {("/healthz/ready", "HTTP/1.1", "lb")}


def _detail(balancer: Balancer, at: int = 0) -> dict[int, str]:
    found = balancer.cloud.raw("DescribeTargetHealth", LoadBalancerIds=[balancer.id])["LoadBalancers"][0]["Listeners"]
    threading.Event().wait(0.05)  # 20 calls of an action per second are allowed
    return {row["Port"]: row["HealthStatusDetail"] for row in found[at]["Rules"][0]["Targets"]}


class Ready(ThreadingHTTPServer):
    """A readiness endpoint that remembers how it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.port = self.server_address[1]
        self.status = 200
        self.asked: set[tuple[str, str, str | None]] = set()


class _Answer(BaseHTTPRequestHandler):
    server: Ready

    def do_GET(self) -> None:
        self.server.asked.add((self.path, self.request_version, self.headers["Host"]))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def ready() -> Iterator[Ready]:
    """A readiness endpoint on a free port."""
    found = Ready()
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()
