"""What there is to type instead of a rollback that a run does not have any more, or never had: said where one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import State
from migrator.domain.turn.journeys import FOLLOW, RELEASE

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Plan


def instead_of_rollback(run: Run, plan: Plan) -> Message:
    """Say it of a run that has ended, or whose journey knows no way back."""
    if plan.journey().back is None:
        return _of_no_way_back(run, plan)
    match run.state:
        case State.COMPLETED:
            return _of_completed(run, plan)
        case State.ROLLED_BACK:
            return say("instead.went-back", run=run.id)
        case _:
            return say("instead.never-began")


def _of_completed(run: Run, plan: Plan) -> Message:
    if not plan.journey().moves:
        return say("instead.restart")
    if plan.spec.target.reverses is not None:
        return say("instead.forward-again")
    return say("instead.reverse", run=run.id)


def _of_no_way_back(run: Run, plan: Plan) -> Message:
    if plan.way == FOLLOW.name:
        return say("instead.pause-follower", run=run.id)
    return say("instead.isolate") if plan.way == RELEASE.name else say("instead.release")
