"""What runs of this store have done since a plan was made: one that it had itself, and any that moved its gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.one_run.in_progress import same
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import State
from migrator.domain.turn.journeys import FORWARD

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan
    from migrator.store import StoreReader


def carried_out(store: StoreReader, plan: Plan) -> Message | None:
    """Say that this store's newest run of the plan went back; None where there is none. UsageError: it has completed."""
    run = next((run for run in store.runs() if run.plan_id == plan.id and run.state is not State.CANCELLED), None)
    if run is None or not run.ended:
        return None
    at = f"{run.updated_at:%Y-%m-%d %H:%M} UTC"
    if run.state is not State.COMPLETED:
        return say("plan.went-back", run=run.id, at=at)
    if plan.spec.target.reverses is None:
        raise UsageError(say("plan.carried-out", plan=plan.id, run=run.id, at=at))
    raise UsageError(say("plan.reverse-carried-out", plan=plan.id, run=run.id, at=at))


def moved_by(store: StoreReader, plan: Plan) -> Message | None:
    """Say which run of this store has moved the plan's gateway since the plan was made; None where none has."""
    for run in store.runs():
        if run.state in (State.PLANNED, State.CANCELLED) or run.updated_at < plan.created_at:
            continue
        other = store.plan(run.plan_id)
        if same(other.spec, plan.spec):
            at = f"{run.updated_at:%Y-%m-%d %H:%M} UTC"
            if run.state is State.COMPLETED and other.way == FORWARD.name and other.spec.target.reverses is None:
                return say("moved.by-completed", run=run.id, name=run.name, at=at)
            return say("moved.by-run", run=run.id, name=run.name, state=run.state, at=at)
    return None
