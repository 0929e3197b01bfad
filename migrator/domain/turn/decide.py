"""Deciding a turn: the journey's rules in their order, then the step. The first that speaks wins; nothing here acts.

While a run is paused, waiting or halted the duties and the step are left out: somebody still watches, nothing advances.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.gates.begin import wait_before
from migrator.domain.messages.message import say
from migrator.domain.model.decisions import Decision, Do, Done, Wait, Withdraw
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import RunPosition, Sighting, Stale, Workloads
from migrator.domain.steps.step import elapsed
from migrator.domain.turn.journeys import Journey
from migrator.domain.turn.protection import guarded
from migrator.domain.turn.rules import reasons

if TYPE_CHECKING:
    from migrator.domain.steps import Step


def decide(journey: Journey, spec: Spec, step: Step, seen: Sighting) -> Decision:
    """Give the decision of the first rule that speaks; the step speaks last and always."""
    position = seen[RunPosition]
    for rule in journey.rules(position.state):
        if (decision := rule(spec, step, seen)) is not None:
            return decision
    if position.state is State.WAITING and (needless := withdrawn(journey, spec, step, seen)):
        return needless
    if position.state is not State.RUNNING:
        return Wait(say("rests", state=position.state, what=journey.resting_note or guarded(seen)))
    if step.may_follow and position.heading is Heading.BACK and Workloads in seen[Stale]:
        return Done(say("step.follows", why=reasons(seen)))
    if step.favour is not None and elapsed(seen) > step.favour:
        return Done(say("step.spared", patience=step.favour, why=reasons(seen) if seen[Stale].reasons else None))
    if unseen := [need.__name__ for need in step.needs if need not in seen]:
        return Wait(say("look.unseen", facets=tuple(sorted(unseen)), why=reasons(seen)))
    return step.decide(seen.only(step.needs))


def withdrawn(journey: Journey, spec: Spec, step: Step, seen: Sighting) -> Withdraw | None:
    """Give a question back that the step, asked again on a whole and fresh look, would not put to anybody any more.

    A gate before the step comes first: while it is shut, nobody asks the step.
    """
    if seen[Stale].reasons or any(need not in seen for need in step.needs):
        return None
    if wait_before in journey.moving and wait_before(spec, step, seen) is not None:
        return None
    match step.decide(seen.only(step.needs)):
        case Done(why) | Do(_, why):
            return Withdraw(say("ask.withdrawn", why=why))
        case _:
            return None
