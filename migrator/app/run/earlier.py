"""What runs of this store have done since a plan was made: one that it had itself, and any that moved its gateway."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from migrator.app.one_run.in_progress import same
from migrator.app.plan.anew import made_by
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import State
from migrator.domain.steps.retire import Retire
from migrator.domain.turn.journeys import FORWARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.domain.model.runs import Run
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


def moved_by(store: StoreReader, plan: Plan, differs: Sequence[Message] = ()) -> Message | None:
    """Say which run of this store has moved the plan's gateway since the plan was made; None where none has.

    Of several it is the newest whose steps or changes name what `differs`: a pod that was set apart deletes no Deployment.
    """
    ours = _since(store, plan)
    if (newest := next(ours, None)) is None:
        return None
    words = " ".join(map(str, differs))
    run, other = next((pair for pair in chain((newest,), ours) if _names(pair[1], words)), newest) if words else newest
    at = f"{run.updated_at:%Y-%m-%d %H:%M} UTC"
    if run.state is State.COMPLETED and other.way == FORWARD.name and other.spec.target.reverses is None:
        return say("moved.by-completed", run=run.id, name=run.name, at=at)
    return say("moved.by-run", run=run.id, name=run.name, state=run.state, at=at, again=made_by(plan))


def _since(store: StoreReader, plan: Plan) -> Iterator[tuple[Run, Plan]]:
    """Yield each run of the plan's gateway that went on since it was made, the newest first, with its own plan."""
    for run in store.runs():
        if run.state in (State.PLANNED, State.CANCELLED) or run.updated_at < plan.created_at:
            continue
        other = store.plan(run.plan_id)
        if same(other.spec, plan.spec):
            yield run, other


def _names(plan: Plan, words: str) -> bool:
    """Say whether a plan writes an object that is named in the words."""
    retired = (ref for step in plan.steps if isinstance(step, Retire) for ref in step.objects)
    return any(str(ref) in words for ref in (*retired, *(change.ref for change in plan.changes)))
