"""Looking after the nodes of a run that has completed: which run, whether it may, and the run of its own that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.one_run.in_progress import begun, same
from migrator.app.plan.digest import digest
from migrator.app.wiring import CLOCK, holder, who
from migrator.domain.model.errors import LeaseHeld, UsageError
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.message import say
from migrator.domain.model.runs import Move, Run, State
from migrator.domain.model.spec import After
from migrator.domain.planning.follower import follower
from migrator.domain.steps import Follow
from migrator.workflow.machine import moved

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import Readers
    from migrator.store import Store, StoreReader

PROCEDURE = "docs/checks.md (after.manual) has the procedure for people."


def chosen(store: StoreReader, named: str | None) -> Run:
    """Give the completed run whose nodes are meant: the one named (or followed by the one named), or the newest.

    UsageError for a run that has not completed, or whose plan names somebody else to look after the nodes.
    """
    if named is None:
        return _newest(store)
    run = store.run(named)
    plan = store.plan(run.plan_id)
    if (step := _step(plan)) is not None:
        return store.run(step.run)
    if run.state is not State.COMPLETED:
        what = "never put the new side in place" if run.ended else "goes on"
        raise UsageError(
            f"Run {run.id} ({run.name}) is {run.state}: it {what}, so there are no nodes to look after. Nothing was "
            f"changed. `migrator status {run.id}` shows it."
        )
    if plan.spec.after is not After.MIGRATOR:
        raise UsageError(
            f"The plan of run {run.id} ({run.name}) says after: {plan.spec.after or 'nothing'}, so somebody else looks after "
            f"its nodes, and two would fight. Nothing was changed. Only a plan that says after: migrator is followed; "
            f"{PROCEDURE}"
        )
    return run


def _newest(store: StoreReader) -> Run:
    for run in store.runs():
        plan = store.plan(run.plan_id)
        if run.state is State.COMPLETED and plan.journey().half_way and plan.spec.after is After.MIGRATOR:
            return run
    raise UsageError(
        "There is no completed run whose plan says after: migrator. Nothing was changed. `migrator list` shows the runs."
    )


def follower_of(store: StoreReader, run: Run) -> Run | None:
    """Give the run that looks after the nodes of a completed one, if there is one."""
    for each in store.runs():
        step = _step(store.plan(each.plan_id))
        if not each.ended and step is not None and step.run == run.id:
            return each
    return None


def begin(store: Store, run: Run, readers: Readers) -> tuple[Run, Plan]:
    """Make the run that looks after the nodes. UsageError when it may not be; nothing is written then.

    Raises Unreachable or Refused when cluster or balancer do not answer.
    """
    plan = store.plan(run.plan_id)
    require_only_one(store, run, plan)
    ref = ObjectRef("apps/v1", "DaemonSet", plan.spec.cluster.namespace, plan.spec.target.name)
    if not readers.cluster.workload(ref).exists:
        raise UsageError(
            f"{ref}, which run {run.id} left in place, is not there any more: there are no nodes to look after. Nothing was "
            "changed."
        )
    if readers.balancer.capabilities().controlled:
        raise UsageError(
            f"Behind {plan.spec.balancer.provider} the cloud's controller registers and removes the gateways' pods: that is "
            "after: controller. Nothing was changed."
        )
    there = {target.backend: target.weight for target in readers.balancer.targets()}
    nodes = frozenset(node.address for node in readers.cluster.nodes(plan.spec.target.node_selector))
    meant = {backend: values[0] for backend, values in store.past(run, plan).weights.items() if values}
    made = follower(plan, run.id, meant, there, nodes, CLOCK.now(), who(), digest)
    return store.create_run(made), made


def end(store: Store, run: Run) -> Run:
    """End looking after nodes for good. LeaseHeld when a process does it: stop that first."""
    lease = store.acquire(run.id, holder())
    try:
        journal, run, why = store.journal(run.id, lease), store.run(run.id), say("run.ended-by", by=who())
        if run.state is State.PLANNED:
            return journal.move(run, state=moved(run.state, run.heading, Move.CANCEL)[0], why=why)
        if run.state is not State.RUNNING:
            run = journal.move(run, state=moved(run.state, run.heading, Move.RESUME)[0])
        return journal.move(run, state=moved(run.state, run.heading, Move.COMPLETE)[0], why=why)
    finally:
        lease.release()


def require_only_one(store: StoreReader, run: Run, plan: Plan) -> None:
    """Raise LeaseHeld when another run moves this gateway, or has begun to."""
    for each, other, by in begun(store):
        idle = by is None and not other.journey().half_way  # a follower that nobody carries out writes nothing
        if not idle and each.id != run.id and same(other.spec, plan.spec):
            raise LeaseHeld(
                f"Run {each.id} ({each.name}) of this store has this gateway ({each.state}"
                f"{f', carried out by {by}' if by else ''}). Nothing was changed. `migrator status {each.id}` shows it."
            )


def _step(plan: Plan) -> Follow | None:
    return next((step for step in plan.steps if isinstance(step, Follow)), None)
