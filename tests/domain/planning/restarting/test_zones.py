"""Where weights are a pool's: what keeps a node from leaving its pool, and which nodes may be out together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.balancers.settings import Leaving
from migrator.domain.model.balancer import Capabilities, Scope, Target, Weighted
from migrator.domain.model.spec import DrainSpec, OnTimeout
from migrator.domain.planning.following.standing import Standing
from migrator.domain.planning.homeward import back
from migrator.domain.planning.restarting.restart import in_the_way
from migrator.domain.planning.restarting.zones import batches, zones
from migrator.domain.steps import Renew, Shed
from migrator.domain.steps.restarting.place import NodeRows
from tests.domain.planning.restarting.test_restart import HOSTS, PLAN, WORKLOAD, made, row, standing

POOLED = Capabilities(weights_of=Scope.POOL, several_listeners=False)
GROUP = Leaving("l-1", "g", 300.0, cuts=False, by_zone=False)
CUT = replace(PLAN, drain=DrainSpec(60.0, OnTimeout.CUT))


def member(number: int, pool: str = "g", listener: str = "l-1", weight: int = 100) -> Target:
    found = row(number, weight)
    backend = replace(found.backend, listener=listener, ref=pool)
    return replace(found, backend=backend, pool=pool)


ROWS = tuple(member(number) for number in (1, 2, 3))


def stands(*leaving: Leaving, rows: tuple[Target, ...] = ROWS, zone: str = "aab") -> Standing:
    hosts = tuple(replace(host, zone=name) for host, name in zip(HOSTS, zone, strict=False))
    return replace(standing(*rows, can=POOLED), hosts=hosts, leaving=leaving)


BY_ZONE = replace(GROUP, by_zone=True)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        pytest.param(stands(GROUP), None, id="nothing"),
        pytest.param(stands(), None, id="a driver that says nothing"),
        pytest.param(stands(replace(GROUP, cuts=True)), None, id="cut later than the plan would"),
        pytest.param(stands(replace(GROUP, cuts=True, delay=30.0)), "restart.pool-cuts", id="cut sooner"),
        pytest.param(stands(BY_ZONE), "restart.zone-alone", id="one node in its zone"),
        pytest.param(stands(BY_ZONE, zone="aaa"), None, id="all in one zone"),
        pytest.param(stands(replace(GROUP, least=3)), "restart.pool-small", id="all of them are needed"),
    ],
)
def test_what_keeps_nodes_from_leaving_is_said(seen: Standing, code: str | None) -> None:
    why = in_the_way(CUT, seen, WORKLOAD, 1)

    assert (why.code if why else None) == code


def test_a_group_behind_two_listeners_is_refused() -> None:
    spec = replace(CUT, balancer=replace(CUT.balancer, listeners=_two(CUT.balancer.listeners)))
    rows = (*ROWS, *(member(number, listener="l-2") for number in (1, 2, 3)))

    why = in_the_way(spec, stands(GROUP, rows=rows), WORKLOAD, 1)
    assert why is not None
    assert why.code == "restart.pool-shared"


def _two(listeners: tuple[object, ...]) -> tuple[object, ...]:
    return (*listeners, replace(listeners[0], id="l-2"))  # type: ignore[type-var]  # a listener of the plan


def test_nothing_is_cut_where_the_plan_says_hold() -> None:
    hold = replace(CUT, drain=DrainSpec(60.0, OnTimeout.HOLD))

    why = in_the_way(hold, stands(replace(GROUP, cuts=True)), WORKLOAD, 1)
    assert why is not None
    assert why.code == "restart.pool-cuts"
    assert why["hold"] == "hold"


def test_weights_of_their_own_have_no_zones() -> None:
    assert zones(standing(), []) == ()


def test_no_batch_takes_more_of_a_zone_than_leaves_it_enough() -> None:
    seen = stands(BY_ZONE, rows=tuple(member(n, weight=100 if n < 4 else 0) for n in (1, 2, 3, 4)), zone="aabb")
    nodes = [NodeRows(f"n-{n}", f"10.1.0.{n}", _rows(n)) for n in (1, 2, 3, 4)]

    together = zones(seen, nodes)
    assert [(zone.name, zone.addresses) for zone in together] == [("a", ("10.1.0.1", "10.1.0.2")), ("b", ("10.1.0.3",))]
    found = batches(nodes, 2, together[:1])
    assert [[node.name for node in batch] for batch in found] == [["n-1", "n-3"], ["n-2", "n-4"]]


def _rows(number: int) -> tuple[Weighted, ...]:
    return (Weighted(member(number).backend, 100 if number < 4 else 0),)


def test_both_ways_know_the_zones() -> None:
    plan = made(seen=stands(GROUP))
    renewals = [step for step in plan.steps if isinstance(step, Renew)]

    assert {len(step.zones) for step in renewals} == {1}
    shed = next(step for step in back(plan, plan.steps[-1]) if isinstance(step, Shed))
    assert shed.zones == renewals[0].zones
