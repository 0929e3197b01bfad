"""A resolver that does not answer holds no call longer than the call itself may take, whichever library asks it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from migrator.adapters.answers.wire import Direct
from migrator.adapters.balancers.access import api_client
from migrator.adapters.balancers.access.api_client import ApiClient
from migrator.adapters.balancers.haproxy import runtime
from migrator.adapters.balancers.haproxy.runtime import Runtime
from migrator.adapters.bounded.deadline import Deadline
from migrator.adapters.bounded.dialling import dialled, is_address
from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.tunnel import PodPorts
from migrator.adapters.metrics import talk
from migrator.adapters.metrics.prometheus import PrometheusRates
from migrator.adapters.prober import HttpProber
from migrator.adapters.witness.tcp import TcpWitness
from migrator.app.plan import address_check
from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import ProbeWay, Side
from migrator.domain.model.spec import ClusterSpec, JudgeSpec, ListenerSpec, PrometheusSpec
from tests.fakes.world import SPEC

WITHIN = 0.2
HOST = "slow.test"
URL = f"http://{HOST}:1"
Specs = Callable[[str], ClusterSpec]


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Let the resolver answer nothing before the test is over; the calls are short."""
    over, known = Event(), socket.getaddrinfo

    def look_up(host: Any, *of: Any, **named: Any) -> Any:
        if host in (HOST, HOST.encode()):
            over.wait(30.0)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return known(host, *of, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(api_client, "LONGEST", WITHIN)
    monkeypatch.setattr(runtime, "SECONDS", WITHIN)
    monkeypatch.setattr(talk, "_SECONDS", WITHIN)
    monkeypatch.setattr(address_check, "SECONDS", WITHIN)
    yield over
    over.set()


def rates() -> object:
    judge = JudgeSpec(prometheus=PrometheusSpec(URL))
    return PrometheusRates(replace(SPEC, judge=judge), judge.prometheus or PrometheusSpec("")).rate(Side.NEW, 60.0)


CALLS: dict[str, Callable[[Specs], object]] = {
    "a cloud's API": lambda _: ApiClient("Cloud", URL, 5.0).post("ModifyThings", b"", {}, bytes),
    "the cluster": lambda specs: Connection(specs(URL), WITHIN).ask("DELETE", "/api/v1/nodes/n"),
    "a tunnel to a pod": lambda specs: PodPorts(Connection(specs(URL))).open(
        PodRef("ns", "gw-1", "u", "10.0.0.1"), 15000, WITHIN
    ),
    "HAProxy's runtime API": lambda _: Runtime(f"{HOST}:1").ask(["set weight a/b 1"]),
    "Prometheus": lambda _: rates(),
    "a question of ours": lambda _: Direct(HOST, 1, WITHIN),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_call_ends_while_the_resolver_is_silent(
    call: Callable[[Specs], object], spec_of: Specs, silence: Event
) -> None:
    with pytest.raises((Unreachable, TimeoutError)):
        call(spec_of)

    assert not silence.is_set()


def test_a_probe_a_witness_and_a_knock_say_so_while_the_resolver_is_silent(silence: Event) -> None:
    prober = HttpProber(WITHIN)
    said = (
        prober.probe(HOST, 1, "", "/"),
        prober.probe(HOST, 1, "", "/", ProbeWay.TCP),
        TcpWitness(HOST, 1, seconds=WITHIN).try_once().error,
        address_check.connected(HOST, ListenerSpec("http", 1)),
    )

    assert all(said)
    assert not silence.is_set()


class Link:
    """Something that is opened late."""

    def __init__(self) -> None:
        self.closed = Event()

    def close(self) -> None:
        self.closed.set()


def test_what_is_opened_too_late_is_closed() -> None:
    go, link = Event(), Link()

    def dial() -> Link:
        go.wait(30.0)
        return link

    with Deadline(0.05), pytest.raises(TimeoutError):
        dialled("a.name", dial)
    go.set()

    assert link.closed.wait(30.0)


@pytest.mark.parametrize("host", ["10.0.0.1", "::1", "[fe80::1%eth0]"])
def test_an_address_is_dialled_without_a_look_up(host: str) -> None:
    assert is_address(host)
    assert not is_address("example.org")
