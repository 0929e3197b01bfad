"""A gateway's own rows: lowered when it goes unless nobody else carries, given back, raised to what its peers have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.farewell import Own, Terms, forsaken, is_over, lowers, own_rows, raises
from migrator.domain.model.balancer import Backend, Capabilities, Health, Target, Weighted

OURS, OTHER, STRANGE = (Backend("l-1", at, port) for at, port in (("10.0.0.1", 80), ("10.0.0.2", 80), ("10.0.0.1", 9)))
OWN = Own(frozenset({"10.0.0.1"}), frozenset({80}))
CAN = Capabilities()


def rows(ours: int, other: int, health: Health = Health.HEALTHY) -> list[Target]:
    return [Target(OURS, ours, Health.HEALTHY), Target(OTHER, other, health), Target(STRANGE, 10, Health.UNHEALTHY)]


def test_only_a_row_of_its_address_and_its_port_is_a_gateways_own() -> None:
    assert [row.backend for row in own_rows(rows(50, 50), OWN)] == [OURS]


@pytest.mark.parametrize(
    ("targets", "lowered"),
    [
        pytest.param(rows(50, 50), (Weighted(OURS, 0),), id="a peer carries"),
        pytest.param(rows(0, 50), (), id="it has none"),
        pytest.param(rows(50, 0), (), id="it is the last with weight"),
        pytest.param(rows(50, 50, Health.UNHEALTHY), (), id="the peer is sick"),
    ],
)
def test_a_gateway_that_goes_is_lowered_unless_nobody_else_carries(
    targets: list[Target], lowered: tuple[Weighted, ...]
) -> None:
    assert lowers(targets, OWN, CAN) == lowered


def test_rows_of_two_listeners_are_lowered_one_call_each_where_a_call_takes_one() -> None:
    second = [replace(row, backend=replace(row.backend, listener="l-2")) for row in rows(50, 50)]

    due = lowers([*rows(50, 50), *second], OWN, replace(CAN, several_listeners=False))

    assert due == (Weighted(OURS, 0),)


def test_what_was_lowered_is_given_back_where_nobody_carries_any_more() -> None:
    lowered = {Weighted(OURS, 50)}

    assert forsaken(rows(0, 0), lowered, CAN) == (Weighted(OURS, 50),)
    assert forsaken(rows(0, 50), lowered, CAN) == ()
    assert forsaken([], lowered, CAN) == ()


def test_a_gateway_that_came_gets_what_most_of_its_peers_have() -> None:
    assert raises(rows(0, 50), OWN, CAN) == (Weighted(OURS, 50),)
    assert raises(rows(20, 50), OWN, CAN) == ()
    assert raises([row for row in rows(0, 0) if row.backend != STRANGE], OWN, CAN) == ()


@pytest.mark.parametrize(
    ("told_for", "off_for", "over"),
    [
        pytest.param(3.0, None, False, id="nobody says that it is off"),
        pytest.param(3.0, 1.9, False, id="it is off, and the weight is on its way"),
        pytest.param(3.0, 2.0, False, id="its last requests are under way"),
        pytest.param(9.0, 7.0, True, id="it is off for long enough"),
        pytest.param(25.0, None, True, id="the computed seconds are over"),
    ],
)
def test_a_word_may_only_shorten_the_computed_seconds(told_for: float, off_for: float | None, over: bool) -> None:
    assert is_over(Terms(within=25.0, settle=2.0, after=5.0), told_for, off_for) is over
