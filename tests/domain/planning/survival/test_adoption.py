"""Where an adopted run goes on: at its record's step or at the share that is seen, verified once more where that can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from migrator.adapters.balancers import by_hand_of
from migrator.app.plan.digest import digest
from migrator.domain.model.balancer import Backend, Health, Pools, Row, Side, Target
from migrator.domain.model.runs import Heading
from migrator.domain.model.spec import BalancerSpec, GatewaySpec, ListenerSpec, LiveRange
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.adoption import adopted
from migrator.domain.planning.survival.by_hand import Stands, by_hand
from migrator.domain.planning.survival.place import Inherited, Place
from migrator.domain.planning.survival.withheld import WITHHELD, filled, lacking, values_in, without
from migrator.domain.steps import Detach, Guard, PointBack, Shift, Step, VerifyConfig
from tests.fakes.world import FakeWorld, quick

OLD, NEW = Backend("l-1", "10.0.0.1", 8080), Backend("l-1", "10.1.0.1", 18080)
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return FakeWorld().plan(quick())


def pools(old: int, new: int) -> Pools:
    rows = ((OLD, old, Side.OLD), (NEW, new, Side.NEW))
    return Pools(tuple(Row(Target(backend, weight, Health.HEALTHY), side) for backend, weight, side in rows))


def step(plan: Plan, kind: type[Step], share: float = 0.0) -> int:
    found = (i for i, each in enumerate(plan.steps) if isinstance(each, kind))
    return next(i for i in found if not share or getattr(plan.steps[i], "share", None) == share)


def place(plan: Plan, cursor: int, heading: Heading = Heading.FORWARD, **more: Any) -> Place:
    return replace(Place(3, "edge", "ann@ops", plan.digest, heading, cursor, BEGAN), **more)


def test_before_anything_was_verified_the_run_goes_on_at_its_step(plan: Plan) -> None:
    found = adopted(place(plan, step(plan, Guard)), plan, pools(100, 0), True, digest)

    assert (found.plan, found.cursor, found.heading) == (plan, step(plan, Guard), Heading.FORWARD)


def test_without_an_old_side_there_is_nothing_to_verify_against(plan: Plan) -> None:
    last = len(plan.steps) - 1

    found = adopted(place(plan, last), plan, pools(0, 100), False, digest)

    assert (found.plan, found.cursor) == (plan, last)


def test_a_share_is_verified_first_and_what_was_removed_keeps_its_step(plan: Plan) -> None:
    half, detach = step(plan, Shift, 50.0), step(plan, Detach)
    gone = Inherited(removed={OLD: detach, NEW: 1})

    found = adopted(place(plan, half, inherited=gone), plan, pools(100, 100), True, digest)

    assert isinstance(found.plan.steps[found.cursor], VerifyConfig)
    assert found.plan.steps[found.cursor + 1] == plan.steps[half]
    assert isinstance(found.plan.steps[found.inherited.removed[OLD]], Detach)
    assert found.inherited.removed[NEW] == 1
    assert found.plan.id != plan.id
    assert {row.backend: row.weight for row in found.begins_with} == {OLD: 100, NEW: 100}


def test_what_was_set_holds_on_within_the_plans_limits(plan: Plan) -> None:
    ranges = (LiveRange("soak", 300.0, 3600.0), LiveRange("maxSoak", 1.0, 2.0))
    live = replace(plan, spec=replace(plan.spec, live=ranges))
    lost = Inherited(live={"soak": 1200.0, "maxSoak": 9.0, "keepOld": 7.0})

    for at in (step(plan, Guard), step(plan, Shift, 50.0)):
        found = adopted(place(plan, at, inherited=lost), live, pools(100, 0), True, digest)
        assert found.inherited.live == {"soak": 1200.0}


@pytest.mark.parametrize(("old", "new", "share"), [(100, 1, 10.0), (100, 11, 10.0), (11, 100, 90.0), (0, 100, 100.0)])
def test_a_record_that_is_behind_is_followed_by_what_is_seen(plan: Plan, old: int, new: int, share: float) -> None:
    first = step(plan, Shift, 10.0)

    found = adopted(place(plan, first), plan, pools(old, new), True, digest)

    ahead = found.plan.steps[found.cursor + 1]
    assert isinstance(ahead, Shift)
    assert ahead.share == share


@pytest.mark.parametrize("pointed", [True, False])
def test_a_way_back_is_the_one_that_was_begun(plan: Plan, pointed: bool) -> None:
    found = adopted(place(plan, 2, Heading.BACK, pointed=pointed), plan, pools(100, 50), True, digest)

    assert (found.heading, found.cursor) == (Heading.BACK, 2)
    assert found.home is not None
    assert isinstance(found.home[0], PointBack) is pointed


def test_by_hand_nobody_is_told_who_cannot_be_and_nothing_is_lowered_that_is_not_there(plan: Plan) -> None:
    spec = BalancerSpec("exec", "lb", (ListenerSpec("l-1", 80),), options=(("command", "lb"),))
    bare = replace(
        plan,
        spec=replace(plan.spec, balancer=spec, gateway=GatewaySpec("nginx")),
        manifests=(),
        changes=(),
        seen=replace(plan.seen, source={}),
    )
    lines = by_hand_of("exec")
    assert lines is not None

    codes = [stage.title.code for stage in by_hand(bare, Stands(bare.seen.old, ()), lines)]
    told = replace(bare, spec=replace(bare.spec, gateway=GatewaySpec("istio")))
    still = [stage.title.code for stage in by_hand(told, Stands(bare.seen.old, ()), lines)]

    assert codes == still == ["hand.nobody-else", "hand.raise", "hand.look", "hand.drain", "hand.forget"]


def test_values_are_withheld_where_the_source_has_them_and_found_again_by_container_and_name() -> None:
    env: list[Any] = [
        {"name": "KEY", "value": "s3"},
        {"name": "NODE", "valueFrom": {}},
        {"name": "OTHER", "value": "plain"},
    ]
    other: Any = {"name": "side", "env": [{"name": "KEY", "value": "s3"}, {"name": "KEY2", "value": WITHHELD}]}
    source = values_in({"containers": [{"name": "gw", "env": env[:2]}]})

    bare: Any = without({"made": {"containers": [{"name": "gw", "env": env}, other]}, "env": "no list"}, source)

    assert lacking(bare) == ("gw/KEY", "side/KEY2")
    whole: Any = filled(bare, {("gw", "KEY"): "s3", ("side", "KEY2"): "x"})
    assert whole["made"]["containers"][0]["env"] == env
    assert values_in(bare) == {("gw", "OTHER"): "plain", ("side", "KEY"): "s3"}
