"""A plan back from the end of a completed run: what the run must be, and what it must have kept. It changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.adapters.balancers import profile_of
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Scope
from migrator.domain.model.refs import source_ref
from migrator.domain.model.runs import Run, State
from migrator.domain.model.spec import Spec
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.reverse import groups, kept, reversed_spec, telling
from migrator.domain.steps import HandOver

if TYPE_CHECKING:
    from migrator.store import StoreReader


def way_back(store: StoreReader, named: str) -> Spec:
    """Give the spec of the way back from a run. NotFound for no such run; UsageError says what to do instead."""
    run = store.run(named)
    plan = store.plan(run.plan_id)
    if plan.journey().back is None:
        raise UsageError(say("reverse.of-follower", run=run.id, name=run.name))
    if not plan.journey().moves:
        raise UsageError(say("reverse.of-restart", run=run.id, name=run.name))
    require_completed(run)
    new_groups = profile_of(plan.spec.balancer.provider).new_groups
    require_kept(run, plan, new_groups)
    return reversed_spec(plan, run.id, new_groups)


def require_completed(run: Run) -> None:
    """Raise UsageError unless the run has completed: until Retire the way back is a rollback."""
    if run.state is State.COMPLETED:
        return
    raise UsageError(say("reverse.not-completed", run=run.id, name=run.name, state=run.state, instead=_instead(run)))


def _instead(run: Run) -> Message:
    if run.state is State.ROLLED_BACK:
        return say("reverse.went-back")
    if run.state in (State.CANCELLED, State.PLANNED):
        return say("reverse.never-began")
    return say("reverse.roll-back", run=run.id)


def require_kept(run: Run, plan: Plan, new_groups: str) -> None:
    """Raise UsageError where the run's plan does not hold what a way back is made from. `new_groups` is the driver's option
    for the new side's groups, if it has one."""
    if plan.spec.target.reverses is not None:
        raise UsageError(say("reverse.of-reverse", run=run.id, name=run.name))
    if any(isinstance(step, HandOver) for step in plan.steps):
        raise UsageError(say("reverse.handed-over", run=run.id, name=run.name, object=str(source_ref(plan.spec))))
    if plan.detour is not None:
        raise UsageError(say("reverse.led-over", run=run.id, name=run.name))
    if not kept(plan):
        raise UsageError(
            say("reverse.no-manifest", run=run.id, name=run.name, plan=plan.id, object=str(source_ref(plan.spec)))
        )
    if plan.seen.capabilities.weights_of is Scope.POOL and not (new_groups and all(groups(plan).values())):
        raise UsageError(say("reverse.weights-of-groups", run=run.id, name=run.name))
    if not telling(plan):
        raise UsageError(say("reverse.no-label", run=run.id, name=run.name))
