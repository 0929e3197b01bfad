"""Whom a breach is blamed on, and that nobody is kept whose plan does not want it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Backend, Health, Pools, Side
from migrator.domain.model.decisions import TurnBack
from migrator.domain.model.samples import Rate, Ruling, Verdict
from migrator.domain.model.spec import OnBreach
from migrator.domain.observation.shown import Served
from migrator.domain.observation.sighting import Judgement, Sighting
from migrator.domain.steps import Keep
from migrator.domain.turn.blame import to_keep
from migrator.domain.turn.rules import turn_back_on_unhealthy, turn_back_on_verdict
from tests.domain.seen import NEW, OLD, pod, rows, seen, workload, workloads
from tests.fakes.world import SPEC

KEEPING = replace(SPEC, on_breach=OnBreach.ISOLATE)
STEP = Keep(Side.NEW, 100.0, (), ())
SERVED = Served(10.0, (("new-0", Rate(100, 5)), ("new-1", Rate(100, 40, 0, client=0))))
STANDING = Pools((*rows(Side.OLD, OLD, 100, 100), *rows(Side.NEW, NEW, 100, 100)))


def ruled(*gateways: str, served: Served = SERVED) -> Sighting:
    verdict = Verdict(Ruling.ABORT, verbatim("worse"), "gateway counters", gateways=gateways)
    return seen(STANDING, Judgement(verdict, at=1100.0, served=served))


@pytest.mark.parametrize(
    ("sighting", "worst"),
    [
        pytest.param(ruled(), "new-1", id="the verdict names nobody: the one with most bad answers"),
        pytest.param(ruled("new-0"), "new-0", id="the verdict names one"),
        pytest.param(ruled("new-0", "new-1"), "new-1", id="it names both: the worse of them"),
        pytest.param(ruled("gone"), "new-1", id="the one that it names is gone"),
        pytest.param(ruled(served=Served()), "new-1", id="nothing was counted of anybody: one all the same"),
        pytest.param(seen(STANDING, Judgement(served=SERVED)), "new-1", id="no verdict: by the counts"),
    ],
)
def test_the_worst_gateway_is_the_one_that_is_blamed(sighting: Sighting, worst: str) -> None:
    found = to_keep(KEEPING, sighting)

    assert found is not None
    assert found.name == worst
    assert to_keep(SPEC, sighting) is None


def test_nobody_is_blamed_where_no_new_gateway_is_on_a_node() -> None:
    nowhere = replace(pod(Side.NEW, 0), ref=replace(pod(Side.NEW, 0).ref, node=""))
    there = workloads(new=workload(Side.NEW, (nowhere,)))

    assert to_keep(KEEPING, seen(STANDING, there)) is None


def test_of_sick_backends_the_pod_behind_one_is_blamed() -> None:
    sick = Pools((*rows(Side.OLD, OLD, 100, 100), *rows(Side.NEW, NEW, 100, 100, health=Health.UNHEALTHY)))
    stranger = Backend("l-1", "10.9.9.9", 80)

    found = to_keep(KEEPING, seen(sick), (stranger, NEW[0]))

    assert found is not None
    assert found.name == "new-0"


def test_a_turn_back_carries_the_gateway_that_the_plan_wants_kept() -> None:
    by_verdict = turn_back_on_verdict(KEEPING, STEP, ruled("new-0"))
    sick = Pools((*rows(Side.OLD, OLD, 100, 100), *rows(Side.NEW, NEW, 100, 100, health=Health.UNHEALTHY)))
    by_health = turn_back_on_unhealthy(KEEPING, STEP, seen(sick))

    assert isinstance(by_verdict, TurnBack)
    assert by_verdict.worst == pod(Side.NEW, 0).ref
    assert isinstance(by_health, TurnBack)
    assert by_health.worst == pod(Side.NEW, 0).ref
