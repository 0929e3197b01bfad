"""Before anything begins the balancer's address is dialled: bounded, each listener, and only where it is known."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from migrator.app.plan.address_check import TRIES, asking, connected, unanswered
from migrator.app.plan.precheck import not_asked, outset
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.spec import ListenerSpec
from tests.fakes.world import SPEC

AT = "127.0.0.1"


class Balancer:
    """A balancer that says its address, or does not answer."""

    def __init__(self, address: str | None) -> None:
        self._address = address

    def address(self) -> str:
        if self._address is None:
            raise Unreachable(verbatim("no"))
        return self._address


class Door:
    """Somebody to knock at; it counts, and opens at the given try."""

    def __init__(self, opens: int = 1) -> None:
        self.opens, self.knocks = opens, list[str]()

    def __call__(self, address: str, listener: ListenerSpec) -> str:
        self.knocks.append(f"{address}:{listener.port}")
        return "" if len(self.knocks) >= self.opens else "refused"


def dialled(address: str | None, first: Door, others: Door) -> tuple[tuple[str, str], ...]:
    balancer: Any = Balancer(address)
    return unanswered(SPEC, balancer, first, others)


def test_the_first_listener_is_asked_and_the_others_are_connected_to() -> None:
    first, others = Door(), Door()

    assert dialled(AT, first, others) == ()
    assert (len(first.knocks), len(others.knocks)) == (1, len(SPEC.balancer.listeners) - 1)


def test_forwarding_rules_of_one_port_are_dialled_once() -> None:
    rules = (*(ListenerSpec(f"l-7/loc-{at}", 80, layer=7) for at in range(3)), ListenerSpec("l-8/loc", 81, layer=7))
    balancer: Any = Balancer(AT)
    spec = replace(SPEC, balancer=replace(SPEC.balancer, listeners=rules))
    first, others = Door(99), Door()

    assert [name for name, _ in unanswered(spec, balancer, first, others)] == ["l-7/loc-0"]
    assert others.knocks == [f"{AT}:81"]


def test_an_answer_at_the_last_try_is_an_answer_and_no_more_are_made() -> None:
    assert dialled(AT, Door(TRIES), Door()) == ()
    shut = Door(TRIES + 1)
    assert dialled(AT, shut, Door()) == (("l-1", f"{shut.knocks[0]}: refused"),)
    assert len(shut.knocks) == TRIES


@pytest.mark.parametrize("address", [pytest.param("", id="not known"), pytest.param(None, id="no answer")])
def test_nobody_is_dialled_where_the_address_is_not_known(address: str | None) -> None:
    door = Door(99)

    assert dialled(address, door, door) == ()
    assert door.knocks == []
    assert not_asked() == ()


@pytest.fixture
def closed() -> Iterator[int]:
    """Give a port of this machine where nobody listens."""
    with socket.socket() as held:
        held.bind((AT, 0))
        yield held.getsockname()[1]


def test_a_port_where_nobody_listens_is_named_with_the_error(closed: int) -> None:
    spec = replace(SPEC, balancer=replace(SPEC.balancer, address=AT, listeners=(ListenerSpec("l", closed),)))
    balancer: Any = Balancer(None)

    found = outset(spec, None, balancer).unanswered()

    assert [listener for listener, _ in found] == ["l"]
    assert f"{AT}:{closed}: ConnectionRefusedError" in found[0][1]
    assert "refused" in connected(AT, ListenerSpec("l", closed)).lower()
    assert asking(spec)(AT, ListenerSpec("l", closed)).startswith("ConnectionRefusedError")


def test_a_port_where_somebody_listens_is_connected_to() -> None:
    with socket.create_server((AT, 0)) as server:
        assert connected(AT, ListenerSpec("l", server.getsockname()[1])) == ""
