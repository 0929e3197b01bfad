"""A plan back from the end of a completed run: what the run must be, and what it must have kept. It changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.model.balancer import Scope
from migrator.domain.model.errors import UsageError
from migrator.domain.model.refs import source_ref
from migrator.domain.model.runs import Run, State
from migrator.domain.model.spec import Spec
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.reverse import by_host_port, kept, reversed_spec, telling

if TYPE_CHECKING:
    from migrator.store import StoreReader

NOTHING = "Nothing was changed, and no plan was made."


def way_back(store: StoreReader, named: str) -> Spec:
    """Give the spec of the way back from a run. NotFound for no such run; UsageError says what to do instead."""
    run = store.run(named)
    plan = store.plan(run.plan_id)
    if plan.journey().back is None:
        raise UsageError(
            f"Run {run.id} ({run.name}) looks after the nodes of another run; that one can be reversed. {NOTHING} "
            "`migrator list` shows the runs."
        )
    require_completed(run)
    require_kept(run, plan)
    return reversed_spec(plan, run.id)


def require_completed(run: Run) -> None:
    """Raise UsageError unless the run has completed: until Retire the way back is a rollback."""
    if run.state is State.COMPLETED:
        return
    instead = {
        State.ROLLED_BACK: "it went back, so the old side serves already",
        State.CANCELLED: "it never began, so the old side serves as it did",
        State.PLANNED: "it never began, so the old side serves as it did",
    }.get(run.state, f"its old side is still there: `migrator rollback {run.id}` goes back, by the same route")
    raise UsageError(f"Run {run.id} ({run.name}) is {run.state}, not completed: {instead}. {NOTHING}")


def require_kept(run: Run, plan: Plan) -> None:
    """Raise UsageError where the run's plan does not hold what a way back is made from."""
    begin = f"Run {run.id} ({run.name}) cannot be reversed:"
    if plan.spec.target.reverses is not None:
        raise UsageError(f"{begin} it is a way back itself. {NOTHING} Go forward again with `migrator plan FILE`.")
    if not kept(plan):
        raise UsageError(
            f"{begin} its plan {plan.id} holds no manifest of {source_ref(plan.spec)}. {NOTHING} Apply the workload by "
            "hand, and move the backends with a plan of your own."
        )
    if plan.seen.capabilities.weights_of is Scope.POOL:
        raise UsageError(
            f"{begin} its balancer gives weights to groups, whose names a plan file gives, and a plan back has none. "
            f"{NOTHING} `migrator manifests {run.id}` prints the old side as it was."
        )
    if not telling(plan):
        raise UsageError(
            f"{begin} no label of its plan tells the two sides' pods apart, so traffic would reach the returning ones "
            f"before their share. {NOTHING} `migrator manifests {run.id}` prints the old side as it was."
        )
    if ports := by_host_port(plan):
        raise UsageError(
            f"{begin} its old backends were hostPort {', '.join(map(str, ports))} of the nodes on which the pods ran, and "
            f"nobody knows where they will run now. {NOTHING} `migrator manifests {run.id}` prints the old side as it was."
        )
