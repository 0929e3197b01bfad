"""What a person is told to type instead of a rollback: by what the run was, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.adopt.by_hand import of_store
from migrator.app.run.control import ask
from migrator.app.run.instead import instead_of_rollback
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import codes
from migrator.domain.model.runs import Heading, RequestKind, Run, State
from migrator.domain.planning.plan import Plan
from migrator.domain.turn.journeys import FOLLOW, IN_PLACE, ISOLATE, JOURNEYS, RELEASE, RESTART
from tests.app.world import stored, walked
from tests.store.world import START, make_plan

PLAN = make_plan("a1")


def of(way: str) -> Plan:
    """Give a plan of another journey."""
    return replace(PLAN, way=way)


def ended(state: State) -> Run:
    """Give a run in this state."""
    return Run(1, "a1", "gw", state, Heading.FORWARD, 0, START, START)


TOLD = [
    pytest.param(PLAN, State.COMPLETED, "instead.reverse", id="a move"),
    pytest.param(of(IN_PLACE.name), State.COMPLETED, "instead.reverse", id="a move in place"),
    pytest.param(of(RESTART.name), State.COMPLETED, "instead.restart", id="a restart"),
    pytest.param(PLAN, State.ROLLED_BACK, "instead.went-back", id="what went back"),
    pytest.param(PLAN, State.CANCELLED, "instead.never-began", id="what never began"),
    pytest.param(of(FOLLOW.name), State.RUNNING, "instead.pause-follower", id="a follower"),
    pytest.param(of(ISOLATE.name), State.COMPLETED, "instead.release", id="a pod apart"),
    pytest.param(of(RELEASE.name), State.RUNNING, "instead.isolate", id="a pod put back"),
]


@pytest.mark.parametrize(("plan", "state", "code"), TOLD)
def test_each_run_names_what_takes_it_back_now(plan: Plan, state: State, code: str) -> None:
    assert instead_of_rollback(ended(state), plan).code == code


@pytest.mark.parametrize("way", sorted(JOURNEYS))
def test_no_journey_ends_without_a_next_step(way: str) -> None:
    assert instead_of_rollback(ended(State.COMPLETED), of(way)).code.startswith("instead.")


def test_a_rollback_of_a_completed_run_names_the_plan_back_and_so_does_the_way_back_by_hand(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        with pytest.raises(UsageError) as asked:
            ask(store, str(run.id), RequestKind.ROLLBACK)
        with pytest.raises(UsageError) as printed:
            of_store(store, str(run.id))

    assert all("instead.reverse" in codes(error.value.message) for error in (asked, printed))
