"""The checklists are filled in from facts; only what no fact can tell is asked of a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from migrator.domain.messages.findings import block, info
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.observation.logins import instant
from migrator.domain.observation.sides import Rehearsed
from migrator.domain.planning.checklist.items import PERSONS, Item, Mark, Phase, Tick, Walked, checklist, to_tick
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Attach, RehearseBack, RehearseUp, Retire, Swap, VerifyConfig
from tests.fakes.world import FakeWorld, quick
from tests.workflow.test_in_place import HERE as IN_PLACE
from tests.workflow.test_in_place import InPlaceWorld

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return FakeWorld().plan(quick())


def at(plan: Plan, cursor: int, heading: Heading = Heading.FORWARD, state: State = State.RUNNING) -> Walked:
    return Walked(Run(7, plan.id, "edge", state, heading, cursor, NOW, NOW))


def marks(items: tuple[Item, ...]) -> dict[str, Mark]:
    return {item.key: item.mark for item in items}


def said(items: tuple[Item, ...], key: str) -> str:
    return next(item.by.code for item in items if item.key == key)


def test_a_plan_has_four_lines_for_each_phase_and_asks_a_person_for_two(plan: Plan) -> None:
    items = checklist(plan, None, {})

    assert [sum(item.phase is phase for item in items) for phase in Phase] == [4, 4, 4]
    assert to_tick(items) == PERSONS
    assert to_tick(items, Phase.AFTER) == ("documents",)


def test_a_finding_that_blocks_is_told_at_the_line_that_it_is_about(plan: Plan) -> None:
    found = (block("balancer.sticky", "listener"), block("ports.taken", "node"), info("after.manual", "spec"))

    items = checklist(replace(plan, findings=found), None, {})

    assert (marks(items)["workload"], marks(items)["backends"]) == (Mark.WRONG, Mark.WRONG)
    assert [item.by["codes"] for item in items if item.mark is Mark.WRONG] == [("ports.taken",), ("balancer.sticky",)]


def test_what_nothing_proves_before_the_first_write_is_open_until_that_was_made(plan: Plan) -> None:
    unproven = replace(plan, findings=(info("balancer.permission-unproven", "balancer"),))
    attach = next(at for at, step in enumerate(plan.steps) if isinstance(step, Attach))

    assert marks(checklist(unproven, None, {}))["backends"] is Mark.OPEN
    assert said(checklist(unproven, at(plan, attach + 1), {}), "backends") == "checklist.backends-registered"
    assert said(checklist(unproven, at(plan, attach + 1, Heading.BACK), {}), "backends") == "checklist.went-back"
    assert said(checklist(replace(plan, findings=()), None, {}), "backends") == "checklist.backends-seen"


def test_a_configuration_is_verified_by_its_step_and_not_before(plan: Plan) -> None:
    verify = next(at for at, step in enumerate(plan.steps) if isinstance(step, VerifyConfig))
    without = replace(plan, steps=tuple(step for step in plan.steps if not isinstance(step, VerifyConfig)))

    assert said(checklist(plan, None, {}), "workload") == "checklist.workload-to-verify"
    assert marks(checklist(plan, at(plan, verify), {}))["workload"] is Mark.OPEN
    assert said(checklist(plan, at(plan, verify + 1), {}), "workload") == "checklist.workload-seen"
    assert said(checklist(plan, at(plan, 2, Heading.BACK), {}), "workload") == "checklist.workload-seen"
    assert said(checklist(without, None, {}), "workload") == "checklist.workload-seen"


def test_a_way_back_is_planned_rehearsed_or_not_there(plan: Plan) -> None:
    rehearsed = replace(at(plan, 9), rehearsed=Rehearsed(2.5, NOW))

    assert said(checklist(plan, None, {}), "way-back") == "checklist.way-back-planned"
    assert said(checklist(plan, rehearsed, {}), "way-back") == "checklist.way-back-rehearsed"
    assert marks(checklist(replace(plan, way="follow"), None, {}))["way-back"] is Mark.WRONG


def test_a_step_that_is_done_fills_its_line_in_and_a_completed_run_fills_all(plan: Plan) -> None:
    retire = next(at for at, step in enumerate(plan.steps) if isinstance(step, Retire))
    under_way = marks(checklist(plan, at(plan, retire), {}))
    ended = marks(checklist(plan, at(plan, len(plan.steps) - 1, state=State.COMPLETED), {}))

    assert [key for key, mark in under_way.items() if mark is Mark.OPEN] == ["retired", "metrics"]
    assert {key for key, mark in ended.items() if mark is not Mark.DONE} == set(PERSONS)


def test_only_the_plans_shares_are_counted_and_no_rehearsal(plan: Plan) -> None:
    rehearsing = replace(plan, steps=(*plan.steps, RehearseUp(Side.NEW, 1.0, ()), RehearseBack(Side.NEW, 0.0, ())))
    counted = next(item.by for item in checklist(rehearsing, None, {}) if item.key == "shares")

    assert (counted["reached"], counted["shares"]) == (0, len(plan.spec.traffic.shares))


def test_a_run_on_its_way_back_has_done_nothing_that_stands(plan: Plan) -> None:
    items = checklist(plan, at(plan, 5, Heading.BACK), {})

    assert said(items, "drained") == "checklist.went-back"
    assert said(items, "shares") == "checklist.went-back"


def test_a_line_whose_step_the_plan_does_not_have_is_left_out(plan: Plan) -> None:
    short = replace(plan, steps=tuple(step for step in plan.steps if not isinstance(step, Retire)))

    assert "retired" not in marks(checklist(short, None, {}))


def test_what_a_person_ticked_is_so_and_says_who(plan: Plan) -> None:
    items = checklist(plan, None, {"alarms": Tick("ann@ops", "now", "a link")})

    assert to_tick(items) == ("documents",)
    assert said(items, "alarms") == "checklist.ticked"


def test_a_line_that_is_ticked_after_the_runs_end_says_so_and_when(plan: Plan) -> None:
    ended = at(plan, len(plan.steps) - 1, state=State.COMPLETED)
    end = instant(ended.run.updated_at)
    before, after = Tick("ann@ops", end), Tick("ann@ops", f"9{end[1:]}", "a link")

    assert said(checklist(plan, ended, {"documents": before}), "documents") == "checklist.ticked"
    assert said(checklist(plan, at(plan, 2), {"documents": after}), "documents") == "checklist.ticked"
    [line] = (item for item in checklist(plan, ended, {"documents": after}) if item.key == "documents")
    assert (line.mark, line.by.code, line.by["end"]) == (Mark.DONE, "checklist.ticked-after", end)


def test_in_place_nothing_is_registered_and_the_lines_count_nodes() -> None:
    plan = InPlaceWorld().plan(IN_PLACE)
    first = next(at for at, step in enumerate(plan.steps) if isinstance(step, Swap))
    unproven = replace(plan, findings=(info("balancer.permission-unproven", "balancer"),))

    [shares] = (item for item in checklist(plan, at(plan, first + 2), {}) if item.key == "shares")
    assert (shares.by.code, shares.by["reached"], shares.by["nodes"]) == ("checklist.nodes", 2, 3)
    assert said(checklist(plan, at(plan, first + 2), {}), "backends") == "checklist.backends-stay"
    assert marks(checklist(unproven, at(plan, first), {}))["backends"] is Mark.OPEN
    assert marks(checklist(unproven, at(plan, first + 1), {}))["backends"] is Mark.DONE
