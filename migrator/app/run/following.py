"""Looking after the nodes of a run that has completed: which run, whether it may, and the run of its own that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.one_run.in_progress import begun, same, taken
from migrator.app.plan.digest import digest
from migrator.app.wiring import CLOCK, holder, who
from migrator.domain.hardening.companion import raising
from migrator.domain.messages.errors import LeaseHeld, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import ref_of
from migrator.domain.model.refs import lease_ref, target_ref
from migrator.domain.model.runs import Move, Run, State
from migrator.domain.model.spec import After, Spec
from migrator.domain.planning.clusters.alone import alone, stood_alone
from migrator.domain.planning.following.follower import follower
from migrator.domain.planning.following.standing import NO_RUN
from migrator.domain.steps import Follow
from migrator.workflow.lifecycle.machine import moved

if TYPE_CHECKING:
    from migrator.domain.model.manifests import Manifest
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import Readers
    from migrator.store import Store, StoreReader


def chosen(store: StoreReader, named: str | None) -> Run:
    """Give the completed run whose nodes are meant: the one named (or followed by the one named), or the newest.

    UsageError for a run that has not completed, or whose plan names somebody else to look after the nodes.
    """
    if named is None:
        return _newest(store)
    run = store.run(named)
    plan = store.plan(run.plan_id)
    if (step := step_of(plan)) is not None:
        if step.run == NO_RUN:
            raise UsageError(say("follow.of-file", run=run.id, name=run.name))
        return store.run(step.run)
    if not plan.journey().moves:
        raise UsageError(say("follow.of-restart", run=run.id, name=run.name))
    if run.state is not State.COMPLETED:
        raise UsageError(
            say(
                "follow.never-took-over" if run.ended else "follow.still-going",
                run=run.id,
                name=run.name,
                state=run.state,
            )
        )
    if plan.spec.after is not After.MIGRATOR:
        raise UsageError(say("follow.not-ours", run=run.id, name=run.name, after=plan.spec.after))
    return run


def _newest(store: StoreReader) -> Run:
    for run in store.runs():
        plan = store.plan(run.plan_id)
        if run.state is State.COMPLETED and plan.journey().moves and plan.spec.after is After.MIGRATOR:
            return run
    raise UsageError(say("follow.none-completed"))


def follower_of(store: StoreReader, run: Run) -> Run | None:
    """Give the run that looks after the nodes of a completed one, if there is one."""
    for each in store.runs():
        step = step_of(store.plan(each.plan_id))
        if not each.ended and step is not None and step.run == run.id:
            return each
    return None


def stands(store: StoreReader, run: Run) -> Spec:
    """Give the spec of a completed run's gateway where it stands: of two clusters, in the new side's alone."""
    return alone(store.plan(run.plan_id).spec, Side.NEW)


def begin(store: Store, run: Run, readers: Readers) -> tuple[Run, Plan]:
    """Make the run that looks after the nodes. UsageError when it may not be; nothing is written then. `readers` are those of
    where it `stands`.

    Raises Unreachable or Refused when cluster or balancer do not answer.
    """
    plan = stood_alone(store.plan(run.plan_id))
    require_only_one(store, run, plan)
    ref = target_ref(plan.spec)
    workload = readers.cluster.get(ref)
    if workload is None:
        raise UsageError(say("follow.target-gone", object=str(ref), run=run.id))
    require_ours(plan.spec, readers)
    require_not_raising(workload, plan.spec)
    there = {target.backend: target.weight for target in readers.balancer.targets()}
    hosts = readers.cluster.hosts(plan.spec.target.node_selector)
    nodes = frozenset(host.dialled_like(plan.seen.new).address for host in hosts)
    meant = {backend: values[0] for backend, values in store.past(run, plan).weights.items() if values}
    made = follower(plan, run.id, meant, there, nodes, CLOCK.now(), who(), digest)
    return store.create_run(made), made


def require_ours(spec: Spec, readers: Readers) -> None:
    """Raise UsageError where a cloud's controller registers the gateways' pods."""
    if readers.balancer.capabilities().controlled:
        raise UsageError(say("follow.controlled", provider=spec.balancer.provider))


def require_not_raising(workload: Manifest, spec: Spec) -> None:
    """Raise UsageError where a container of ours gives its pod's row weight before a run has proved the pod."""
    if container := raising(workload, lease_ref(spec, Side.NEW)):
        raise UsageError(say("follow.raises-itself", object=str(ref_of(workload)), container=container))


def end(store: Store, run: Run) -> Run:
    """End a run that leaves nothing half-way, for good. LeaseHeld when a process does it: stop that first."""
    lease = store.acquire(run.id, holder())
    try:
        journal, run, why = store.journal(run.id, lease), store.run(run.id), say("run.ended-by", by=who())
        if run.state is State.PLANNED:
            return journal.move(run, state=moved(run.state, run.heading, Move.CANCEL)[0], why=why)
        if run.state is State.WAITING:  # it is asked no more
            run = journal.move(run, state=moved(run.state, run.heading, Move.PAUSE)[0])
        if run.state is not State.RUNNING:
            run = journal.move(run, state=moved(run.state, run.heading, Move.RESUME)[0])
        return journal.move(run, state=moved(run.state, run.heading, Move.COMPLETE)[0], why=why)
    finally:
        lease.release()


def require_only_one(store: StoreReader, run: Run, plan: Plan) -> None:
    """Raise LeaseHeld when another run moves this gateway, or has begun to."""
    require_no_other(store, plan.spec, run.id)


def require_no_other(store: StoreReader, spec: Spec, own: int) -> None:
    """Raise LeaseHeld when a run besides `own` moves this gateway, or has begun to."""
    for each, other, by in begun(store):
        idle = by is None and not other.journey().half_way  # a follower that nobody carries out writes nothing
        if not idle and each.id != own and same(other.spec, spec):
            raise LeaseHeld(taken(each, other, by))


def step_of(plan: Plan) -> Follow | None:
    """Give the step by which a plan looks after nodes, if it does."""
    return next((step for step in plan.steps if isinstance(step, Follow)), None)
