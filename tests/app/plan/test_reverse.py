"""Which runs can be reversed, and what is said of those that cannot: what to do instead, and that nothing was changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from migrator.app.one_run.in_progress import lease_name
from migrator.app.plan.planfiles import read, write
from migrator.app.plan.reverse import way_back
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Capabilities, Scope
from migrator.domain.model.refs import source_ref
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.spec import DrainSpec, FollowSpec
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Follow, HandOver
from migrator.domain.turn import journeys
from tests.domain.seen import START
from tests.fakes.returned import done, returning
from tests.words import refused, text

FOLLOW = Follow(7, (), DrainSpec(), FollowSpec(), True, 60.0)


def handed_over(plan: Plan) -> Plan:
    """Give the plan as it is where a controller owned the old workload."""
    return replace(plan, steps=(*plan.steps, HandOver(source_ref(plan.spec), "u-1", (), ())))


@dataclass(frozen=True)
class OneRun:
    """A store with one run of one plan."""

    of: Plan
    state: State = State.COMPLETED

    def run(self, name: str) -> Run:
        assert name == "7"
        return Run(7, self.of.id, "edge", self.state, Heading.FORWARD, 0, START, START)

    def plan(self, _plan: str) -> Plan:
        return self.of


def asked(plan: Plan, state: State = State.COMPLETED) -> Any:
    store: Any = OneRun(plan, state)
    return way_back(store, "7")


def test_a_completed_run_can_be_reversed_and_both_ways_share_one_lease() -> None:
    world, plan = done()

    spec = asked(plan)

    assert (spec.target.run, spec.target.plan) == (7, plan.id)
    assert lease_name(spec) == lease_name(plan.spec)
    assert world.plan(spec).steps


@pytest.mark.parametrize(
    ("state", "instead"),
    [
        pytest.param(State.RUNNING, say("reverse.roll-back", run=7), id="running"),
        pytest.param(State.HALTED, say("reverse.roll-back", run=7), id="halted"),
        pytest.param(State.ROLLED_BACK, say("reverse.went-back"), id="rolled back"),
        pytest.param(State.PLANNED, say("reverse.never-began"), id="planned"),
        pytest.param(State.CANCELLED, say("reverse.never-began"), id="cancelled"),
    ],
)
def test_a_run_that_has_not_completed_is_told_the_other_way(state: State, instead: Message) -> None:
    with refused(UsageError, "reverse.not-completed", run=7, name="edge", state=state, instead=instead):
        asked(done()[1], state)


def test_behind_groups_of_weights_the_old_backends_group_is_the_new_sides_of_the_plan_back() -> None:
    _, plan = done()
    rows = tuple(replace(row, backend=replace(row.backend, ref="arn:old")) for row in plan.seen.old)
    plan = pooled(replace(plan, seen=replace(plan.seen, old=rows)))
    aws = replace(plan.spec.balancer, provider="aws", options=(("newTargetGroups", "l-1=new"),))

    spec = asked(replace(plan, spec=replace(plan.spec, balancer=aws)))

    assert dict(spec.balancer.options) == {"newTargetGroups": "l-1=arn:old"}


def without_source(plan: Plan) -> Plan:
    return replace(plan, seen=replace(plan.seen, source=None))


def pooled(plan: Plan) -> Plan:
    return replace(plan, seen=replace(plan.seen, capabilities=Capabilities(weights_of=Scope.POOL)))


def untold(plan: Plan) -> Plan:
    return replace(plan, spec=replace(plan.spec, target=replace(plan.spec.target, labels=())))


def itself_back(plan: Plan) -> Plan:
    return returning(done()[0], plan)


def following(plan: Plan) -> Plan:
    return replace(plan, steps=(FOLLOW,), way=journeys.FOLLOW.name)


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        pytest.param(handed_over, "reverse.handed-over", id="handed over"),
        pytest.param(without_source, "reverse.no-manifest", id="no manifest"),
        pytest.param(pooled, "reverse.weights-of-groups", id="weights of groups"),
        pytest.param(untold, "reverse.no-label", id="no label"),
        pytest.param(itself_back, "reverse.of-reverse", id="a plan back"),
        pytest.param(following, "reverse.of-follower", id="a follower"),
    ],
)
def test_what_cannot_be_reversed_says_why_and_that_nothing_was_changed(spoilt: Any, code: str) -> None:
    with refused(UsageError, code) as told:
        asked(spoilt(done()[1]))

    assert "Nothing was changed, and no plan was made." in text(told.value.message)


def test_a_plan_back_can_be_saved_to_a_file_and_is_the_same_plan_when_it_is_read(tmp_path: Path) -> None:
    made = returning(*done())

    write(made, str(tmp_path / "back.plan"))

    assert read(str(tmp_path / "back.plan")) == made
