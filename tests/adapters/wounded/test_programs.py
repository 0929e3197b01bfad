"""Whatever HAProxy, ipvsadm or an operator's command prints, a driver raises one of our errors and reads no wrong number."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.adapters.balancers.exec.driver import Command
from migrator.adapters.balancers.haproxy.driver import Haproxy
from migrator.adapters.balancers.ipvs.driver import Ipvs
from migrator.adapters.balancers.process import Ended
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.findings import told_of
from migrator.domain.model.actions import Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.wording import render
from tests.contracts.balancer import Driver
from tests.words import refused
from tests.wounds import PLACES, TEXTS, hurt, hurt_text, outcome

STAT = (
    "# pxname,svname,scur,status,weight,bck,type,check_status,addr,cookie,algo,uweight,\n"
    "web,a,3,UP,1,0,2,L4OK,10.0.0.1:80,,,40,\n"
    "web,six,0,UP,1,0,2,L4OK,[fd00::1]:80,,,40,\n"
    "web,byname,0,MAINT,1,0,2,,,,,1,\n"
    "web,BACKEND,3,UP,41,,1,,,,roundrobin,41,\n\n"
)
INFO = "Name: HAProxy\nVersion: 2.6.12\nUptime_sec: 7\nPid: 3\nStart_time_sec: 9\n"
LISTING = (
    "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n"
    "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
    "TCP  10.0.0.9:80 wrr persistent 360\n"
    "  -> 10.0.0.1:80                  Masq    40     3          0\n"
    "  -> [fd00::1]:80                 Masq    1      0          0\n"
    "UDP  10.0.0.9:53 wrr\n"
)
REPLIES: dict[str, Any] = {
    "capabilities": {"capabilities": {"weightMax": 100, "batch": 10, "healthAtZero": True, "settle": 1.5}},
    "targets": {
        "targets": [
            {"listener": "web", "address": "10.0.0.1", "port": 80, "weight": 5, "health": "healthy", "sessions": 3}
        ]
    },
    "findings": {"findings": [{"code": "x", "severity": "warn", "subject": "s", "problem": "p"}]},
    "address": {"address": "192.0.2.1"},
    "register": {"op": "1"},
    "set_weights": {"op": "1"},
    "deregister": {"op": ""},
    "poll": {"state": "done"},
}
WOUND = st.one_of(PLACES, st.sampled_from(sorted(TEXTS)))


def printed(sound: str, wound: Any) -> str:
    return TEXTS[wound].decode(errors="replace") if isinstance(wound, str) else hurt_text(sound, wound)


class Socket:
    """HAProxy's runtime API as the driver asks it."""

    def __init__(self, wound: Any) -> None:
        self._wound = wound

    def ask(self, commands: list[str]) -> str:
        assert all("\n" not in command and ";" not in command for command in commands)
        return printed(STAT if commands[0].startswith("show stat") else INFO, self._wound)


def haproxy(wound: Any) -> Driver:
    return Haproxy(Socket(wound), ("web",), "")  # type: ignore[arg-type]  # a fake of the socket


def ipvs(wound: Any) -> Driver:
    def run(_arguments: Sequence[str]) -> Ended:
        return Ended(0, printed(LISTING, wound), "")

    return Ipvs(run, ("10.0.0.9:80",), "", None)


def command(wound: Any) -> Driver:
    def run(request: str, reads: bool = False) -> Ended:
        reply = REPLIES[json.loads(request)["verb"]]
        out = TEXTS[wound].decode(errors="replace") if isinstance(wound, str) else json.dumps(hurt(reply, wound))
        return Ended(0, out, "")

    return Command(run, "my-balancer", BalancerSpec("exec", "lb", (ListenerSpec("web", 80),)))


@pytest.mark.parametrize("made", [haproxy, ipvs, command])
@settings(max_examples=80, deadline=None)
@given(wound=WOUND)
def test_no_program_makes_a_driver_raise_anything_but_our_two_errors(made: Callable[[Any], Driver], wound: Any) -> None:
    driver = made(wound)
    backend = Backend("10.0.0.9:80" if made is ipvs else "web", "10.0.0.1", 80)
    for ask in (
        driver.capabilities,
        driver.targets,
        lambda: render(told_of(driver.findings())),
        driver.address,
        lambda: driver.poll(Op("x", "1")),
        lambda: driver.set_weights(SetWeights((Weighted(backend, 10),))),
        lambda: driver.register(Register((backend,))),
        lambda: driver.deregister(Deregister((backend,))),
    ):
        found = outcome(ask)
        for target in found if isinstance(found, tuple) and ask == driver.targets else ():
            assert 0 < target.backend.port < 1 << 16
            assert target.weight >= 0


@pytest.mark.parametrize("made", [haproxy, ipvs, command])
def test_what_is_not_wounded_is_read(made: Callable[[Any], Driver]) -> None:
    assert made([]).targets()


@pytest.mark.parametrize(
    ("was", "now"),
    [
        pytest.param(",,,40,", ",,,,", id="no weight"),
        pytest.param(",,,40,", ",,,-1,", id="a weight below zero"),
        pytest.param(",,,40,", ",,,²,", id="a weight in other digits"),
        pytest.param("10.0.0.1:80", "10.0.0.1:http", id="a port by name"),
        pytest.param("10.0.0.1:80", "10.0.0.1:70000", id="a port that is none"),
        pytest.param("web,a,3", "web,a,", id="no count of sessions"),
        pytest.param("web,a,3", "web,a b;c,3", id="a name that would be a command"),
    ],
)
def test_a_server_line_of_haproxy_that_cannot_be_read_is_no_answer_and_never_a_weight_of_zero(
    was: str, now: str
) -> None:
    class Odd:
        def ask(self, _commands: list[str]) -> str:
            return STAT.replace(was, now, 1)

    with refused(Unreachable, "haproxy.unreadable-table"):
        Haproxy(Odd(), ("web",), "").targets()  # type: ignore[arg-type]  # a fake of the socket


@pytest.mark.parametrize("row", ["-1", "x", "²", ""])
def test_a_weight_of_ipvsadm_that_cannot_be_read_is_no_answer(row: str) -> None:
    odd = LISTING.replace("Masq    40 ", f"Masq    {row} ")

    with refused(Unreachable, "ipvs.unreadable-table"):
        Ipvs(lambda _: Ended(0, odd, ""), ("10.0.0.9:80",), "", None).targets()
