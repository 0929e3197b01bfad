"""A plan that was carried out before says what became of it: one that completed is not run again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from migrator.app.run.earlier import carried_out, moved_by
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import State
from migrator.domain.model.target import Kept
from migrator.domain.steps.retire import Retire
from tests.app.one_run.test_gateway_lease import created, put
from tests.app.world import stored
from tests.store.world import make_plan
from tests.words import refused


def test_a_plan_whose_run_completed_is_refused_with_its_run(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        run = created(store, State.COMPLETED, plan)

        with refused(UsageError, "plan.carried-out", plan=plan.id, run=run.id):
            carried_out(store, plan)


def test_a_plan_whose_run_went_back_may_be_run_again_and_that_is_said(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        run = created(store, State.ROLLED_BACK, plan)

        said = carried_out(store, plan)

    assert said is not None
    assert (said.code, said["run"]) == ("plan.went-back", run.id)


@pytest.mark.parametrize("state", [None, State.PLANNED, State.CANCELLED])
def test_nothing_is_said_of_a_plan_that_never_began(tmp_path: Path, state: State | None) -> None:
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        if state is not None:
            created(store, state, plan)

        assert carried_out(store, plan) is None


def test_the_newest_run_counts_and_one_that_was_cancelled_does_not(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        went = created(store, State.ROLLED_BACK, plan)
        put(store, store.create_run(plan), State.CANCELLED)

        said = carried_out(store, plan)

    assert said is not None
    assert said["run"] == went.id


@pytest.mark.parametrize(
    ("state", "code"),
    [
        pytest.param(State.COMPLETED, "moved.by-completed", id="completed"),
        pytest.param(State.ROLLED_BACK, "moved.by-run", id="rolled back"),
    ],
)
def test_a_plan_names_the_run_of_another_plan_that_moved_its_gateway_since(
    tmp_path: Path, state: State, code: str
) -> None:
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        run = created(store, state, plan)

        said = moved_by(store, replace(plan, id="another"))

    assert said is not None
    assert (said.code, said["run"]) == (code, run.id)


def test_a_plan_back_that_is_stale_is_made_anew_as_a_plan_back(tmp_path: Path) -> None:
    kept = Kept("old", (), (), "Deployment", 7, "first", {}, (), service="", leftovers=(), pod_targets=None)
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        created(store, State.ROLLED_BACK, plan)
        back = replace(plan, id="another", spec=replace(plan.spec, target=kept))

        said, of_a_way_back = moved_by(store, replace(plan, id="another")), moved_by(store, back)

    assert said is not None
    assert of_a_way_back is not None
    assert (said["again"], of_a_way_back["again"]) == ("migrator plan FILE", "migrator plan --reverse 7")


@pytest.mark.parametrize("state", [State.PLANNED, State.CANCELLED])
def test_a_run_that_never_began_has_moved_nothing(tmp_path: Path, state: State) -> None:
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        created(store, state, plan)

        assert moved_by(store, plan) is None


def test_a_run_that_had_ended_before_the_plan_was_made_has_moved_nothing_since(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        run = created(store, State.COMPLETED, plan)

        assert moved_by(store, replace(plan, created_at=run.updated_at + timedelta(seconds=1))) is None


def test_a_run_of_another_gateway_has_not_moved_this_one(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        plan = make_plan()
        created(store, State.COMPLETED, plan)
        source = replace(plan.spec.source, name="another")
        listeners = tuple(replace(each, id=f"another-{each.id}") for each in plan.spec.balancer.listeners)
        spec = replace(plan.spec, source=source, balancer=replace(plan.spec.balancer, listeners=listeners))

        assert moved_by(store, replace(plan, spec=spec)) is None


def test_of_several_runs_the_one_that_writes_what_differs_is_named(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        gone = ObjectRef("apps/v1", "Deployment", "istio-gateways", "gw")
        plan = replace(make_plan(), steps=(Retire(gone, "u-1", (), ()),), changes=())
        moves = created(store, State.COMPLETED, plan)
        apart = created(store, State.COMPLETED, replace(make_plan("b2"), way="isolate", changes=()))
        differs = [say("moved", fact=say("fact.uid", object=str(gone)), difference=say("moved.gone"))]

        said, newest = moved_by(store, plan, differs), moved_by(store, plan)

    assert said is not None
    assert newest is not None
    assert (said["run"], newest["run"]) == (moves.id, apart.id)
