"""What the record says of a run: its place on the route it walks, and what only the journal knew, in an order that stays."""

from __future__ import annotations

import pytest

from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.observation.sighting import JournalFacts, Patched
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.route import back
from migrator.domain.planning.survival.place import inherited, placed
from migrator.domain.steps import Retire, Shift
from tests.domain.seen import START
from tests.fakes.world import FakeWorld, quick

A, B = ObjectRef("v1", "Service", "edge", "a"), ObjectRef("v1", "Service", "edge", "b")
ONE, TWO = Backend("l-1", "10.0.0.1", 8080), Backend("l-1", "10.0.0.2", 8080)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return FakeWorld().plan(quick())


def run(heading: Heading = Heading.FORWARD, state: State = State.RUNNING, cursor: int = 3) -> Run:
    return Run(7, "p-1", "edge", state, heading, cursor, START, START, verbatim("so"))


def test_what_is_kept_of_a_journal_does_not_depend_on_its_order() -> None:
    first, last = {"x": Patched(1), "y": Patched(2)}, {"y": Patched(2), "x": Patched(1)}
    one = inherited(
        JournalFacts(removed={TWO: 4, ONE: 5}, patches={B: first, A: {}}, deleted=frozenset({"u-2", "u-1"}))
    )
    other = inherited(
        JournalFacts(removed={ONE: 5, TWO: 4}, patches={A: {}, B: last}, deleted=frozenset({"u-1", "u-2"}))
    )

    assert one == other
    assert list(one.removed) == [ONE, TWO]
    assert (one.deleted, [ref for ref, _ in one.patches]) == (("u-1", "u-2"), [A, B])


def test_a_place_lies_on_the_route_and_says_whether_the_services_come_first(plan: Plan) -> None:
    retire = next(step for step in plan.steps if isinstance(step, Retire))
    shift = next(step for step in plan.steps if isinstance(step, Shift))
    forward = placed(run(cursor=99), "us", "d", plan.steps, JournalFacts())
    late = placed(run(Heading.BACK), "us", "d", back(plan, retire), JournalFacts())
    early = placed(run(Heading.BACK, State.ROLLED_BACK), "us", "d", back(plan, shift), JournalFacts())

    assert (forward.cursor, forward.pointed, forward.ended) == (len(plan.steps) - 1, False, False)
    assert (late.pointed, late.ended) == (True, False)
    assert (early.pointed, early.ended) == (False, True)
