"""What each step says of its cost beforehand: bounded, named, and with what it adds to the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend, Capabilities, Side
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.spec import Approval, DrainSpec, FollowSpec, OnTimeout
from migrator.domain.planning.route import back
from migrator.domain.steps import (
    CompareAnswers,
    Confirm,
    Detach,
    Drain,
    Follow,
    Gate,
    Guard,
    Keep,
    Lead,
    PointBack,
    PointBackAfterAll,
    RehearseBack,
    RehearseUp,
    Remove,
    Restore,
    Retire,
    Shift,
    Step,
    TellToStay,
    Undo,
)
from migrator.domain.steps.estimate import NOTHING, READS_ONLY, Estimate, Pace, Scale, ShareCost, WayBack
from tests.fakes.world import FakeWorld, quick

OLD = tuple(Backend("l-1", f"10.0.0.{i}", 8080) for i in range(3))
NEW = tuple(Backend("l-1", f"10.1.0.{i}", 80) for i in range(2))
SCALE = Scale(OLD, NEW, (ShareCost(10.0, 2, 5, 3),), Capabilities(batch=2, drain_floor=4.0), Pace(2.0, 11.0), 30.0)
SERVICE = ObjectRef("v1", "Service", "edge", "gw")
CHANGE = Change(SERVICE, "u-1", {"spec": {}}, {"spec": {}}, say("stored.text", text="why"))


def codes(found: Estimate) -> list[str]:
    return [call.code for call in found.calls]


def test_every_step_of_both_routes_has_a_bounded_estimate_that_names_its_calls() -> None:
    plan = FakeWorld().plan(quick())
    retire = next(step for step in plan.steps if isinstance(step, Retire))
    for step in (*plan.steps, *back(plan, retire)):
        found = step.estimate(SCALE)

        assert found.calls
        assert found.expected >= 0.0
        assert found.worst is None or found.expected <= found.worst


def test_every_kind_of_step_has_an_estimate_of_its_own_or_of_the_step_that_it_is() -> None:
    assert [step.__name__ for step in get_args(Step) if not callable(getattr(step, "estimate", None))] == []


@pytest.mark.parametrize(
    ("step", "calls", "way_back"),
    [
        pytest.param(Guard((CHANGE,)), ["estimate.patch"], WayBack(rest=1.0), id="guard"),
        pytest.param(Guard(()), ["estimate.reads-only"], NOTHING, id="a guard without a change"),
        pytest.param(Lead((CHANGE,)), ["estimate.patch"], WayBack(rest=1.0), id="lead"),
        pytest.param(
            Restore(({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "gw"}},)),
            ["estimate.apply"],
            WayBack(rest=31.0),
            id="restore",
        ),
        pytest.param(
            Shift(Side.NEW, 10.0, ()),
            ["estimate.weights"],
            WayBack(weights=6.0, drain=30.0),
            id="a shift to the new side",
        ),
        pytest.param(
            Shift(Side.OLD, 0.0, ()), ["estimate.weights"], WayBack(weights=0.0), id="a shift to the old side"
        ),
        pytest.param(Keep(Side.NEW, 10.0, ()), ["estimate.reads-only"], WayBack(weights=6.0, drain=30.0), id="keep"),
        pytest.param(
            RehearseUp(Side.NEW, 0.01, ()),
            ["estimate.one-unit"],
            WayBack(weights=2.0, drain=30.0),
            id="the rehearsal up",
        ),
        pytest.param(RehearseBack(Side.OLD, 0.0, ()), ["estimate.take-back"], WayBack(weights=0.0), id="and back"),
        pytest.param(
            Detach(Side.OLD, OnTimeout.HOLD, 4.0),
            ["estimate.deregister"],
            WayBack(traffic=14.0),
            id="detach, in batches of 2",
        ),
        pytest.param(TellToStay(Side.OLD), ["estimate.tell-to-stay"], NOTHING, id="tell to stay"),
        pytest.param(Undo((CHANGE,)), ["estimate.patch"], NOTHING, id="undo"),
        pytest.param(PointBack((CHANGE,)), ["estimate.patch"], NOTHING, id="point back"),
        pytest.param(PointBackAfterAll((CHANGE,)), ["estimate.reads-only"], NOTHING, id="point back after all"),
        pytest.param(Remove((SERVICE,)), ["estimate.delete"], NOTHING, id="remove"),
        pytest.param(Remove(()), ["estimate.reads-only"], NOTHING, id="nothing to remove"),
        pytest.param(Confirm(Side.NEW, 5.0, (CHANGE,)), ["estimate.patch"], None, id="confirm"),
        pytest.param(Confirm(Side.NEW, 5.0), ["estimate.reads-only"], None, id="confirm without a change"),
        pytest.param(
            Follow(1, (), DrainSpec(), FollowSpec(), True, 60.0),
            ["estimate.follows"],
            None,
            id="follow, which is never done",
        ),
    ],
)
def test_a_step_names_its_calls_and_what_it_adds_to_the_way_back(
    step: Step, calls: list[str], way_back: WayBack | None
) -> None:
    found = step.estimate(SCALE)

    assert codes(found) == calls
    assert found.way_back == way_back


def test_a_step_that_may_wait_for_a_person_has_no_worst_case() -> None:
    drain, gate = Drain(Side.OLD, 60.0, OnTimeout.HOLD), Gate(say("gate.ask", new="b", old="a"), Approval.MANUAL)

    assert drain.estimate(SCALE).worst is None
    assert gate.estimate(SCALE).worst is None
    assert replace(drain, on_timeout=OnTimeout.CUT, tells=False).estimate(SCALE) == Estimate(
        60.0, 70.0, READS_ONLY, NOTHING, say("estimate.drain-cuts")
    )
    assert replace(gate, approval=Approval.AUTO).estimate(SCALE).worst == SCALE.pace.cluster


def test_calls_are_counted_in_batches_of_one_listener_unless_the_vendor_changes_several_at_once() -> None:
    two = (*OLD, *(Backend("l-2", b.address, b.port) for b in OLD))

    assert SCALE.batches(two) == 3
    assert replace(SCALE, can=replace(SCALE.can, several_listeners=False)).batches(two) == 4


def test_comparing_answers_takes_a_round_and_at_worst_the_deadline_and_one_round_more() -> None:
    found = CompareAnswers(120.0, longest=40.0).estimate(SCALE)

    assert (found.expected, found.worst, codes(found)) == (10.0, 160.0, ["estimate.asks-both-sides"])
