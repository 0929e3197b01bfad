"""What became of a plan that was carried out before: one that completed is not run again, one that went back may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import State

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
