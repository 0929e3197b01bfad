"""One run per gateway: what keeps a run from beginning beside another, of this store or of any. It never stops a rollback."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from migrator.app.one_run.in_progress import begun, held, holder_of, lease_name, same, taken
from migrator.app.wiring import CLOCK, who
from migrator.domain.messages.errors import Denied, LeaseHeld, MigratorError, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.refs import gateway_name, home
from migrator.domain.model.runs import Run, State
from migrator.domain.turn.journeys import holder_marks
from migrator.workflow.heartbeat import CLUSTER_SECONDS

if TYPE_CHECKING:
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import ClusterLease, ClusterReader
    from migrator.store import StoreReader

CALIBRATING = " calibrate"
"""How a calibration's holder ends; one that died leaves no migration behind."""

AT_ONCE = 1
"""Seconds (the least a Lease can last) until the Lease of a run that was left has run out: it names the run, and no more."""


def require_alone(store: StoreReader, plan: Plan) -> None:
    """Raise LeaseHeld when a run of this store has begun to move the plan's gateway (the workload's uid) and not ended."""
    for run, other, by in begun(store):
        if other.journey().moves:
            if other.seen.source_uid == plan.seen.source_uid:
                raise LeaseHeld(_underway(store, run, by))
        elif (by is not None or other.journey().half_way) and same(other.spec, plan.spec):
            raise LeaseHeld(taken(run, other, by))


def _underway(store: StoreReader, run: Run, by: str | None) -> Message:
    step = store.route(run.id, run.heading)[run.cursor].title
    if by is None:
        return say("lease.left-half-way", run=run.id, state=run.state, step=step)
    return say("lease.moves-now", run=run.id, state=run.state, step=step, by=by)


def require_free(store: StoreReader, spec: Spec, cluster: ClusterReader) -> None:
    """Raise LeaseHeld when the cluster's Lease names another run: what has moved since the plan was made is its doing."""
    require_not_own(store, holder_of(spec, cluster))
    if words := held(spec, cluster, CLOCK.now(), over_ended(store)):
        raise LeaseHeld(
            say(
                "lease.of-other-store",
                lease=words,
                namespace=home(spec).namespace,
                name=lease_name(spec),
                gateway=gateway_name(spec),
                context=home(spec).cluster.context or "",
            )
        )


def require_not_own(store: StoreReader, by: str, own: int | None = None) -> None:
    """Raise LeaseHeld when the Lease's holder is an unended run of this store other than `own`: nothing is to be deleted."""
    for run, plan, process in begun(store):
        idle = process is None and not plan.journey().half_way
        if run.id != own and not idle and _mark(store, run) in by:
            raise LeaseHeld(taken(run, plan, process))


def identity(store: StoreReader, run: Run) -> str:
    """Give the cluster Lease's holder: this store's run, not this process, so that a successor takes over at once.

    Processes of one store are kept apart by the store's own lease; the cluster's guards against another store.
    """
    return f"{who()}{_mark(store, run)}{store.plan(run.plan_id).journey().holder_mark}"


def _mark(store: StoreReader, run: Run) -> str:
    place = hashlib.sha256(str(store.file.resolve()).encode()).hexdigest()[:8]
    return f" run {run.id} store {place}"


def take(lease: ClusterLease, store: StoreReader, run: Run, stack: ExitStack) -> bool:
    """Take the cluster's Lease until the stack ends, and say whether it is ours now. LeaseHeld names another run.

    A run that begins is refused by another's Lease even when that has run out, for such a run was left half-way. One
    that goes on takes a Lease that has run out, and an API server that is silent or lets nobody in keeps it from nothing: it
    is watched and can be taken back, and the heartbeat takes the Lease as soon as it can.
    """
    holder, is_ours = identity(store, run), False
    begins = run.state is State.PLANNED
    try:
        if begins:
            lease.acquire(holder, CLUSTER_SECONDS, over_ended(store))
        else:
            lease.acquire(holder, CLUSTER_SECONDS)
        is_ours = True
    except Unreachable as error:
        if begins:
            raise Unreachable(say("run.not-begun", why=error.message), error.retry_after) from error
    except Denied:
        if begins:
            raise
    except LeaseHeld as error:
        require_not_own(store, str(error.message), run.id)
        raise
    stack.callback(_give_back, lease, store, run.id, holder)
    return is_ours


def over_ended(store: StoreReader) -> Callable[[str], bool]:
    """Say of a Lease's holder whether it left nothing half-way: an ended run of this store, or a calibration."""
    ended = tuple(_mark(store, run) for run in store.runs() if run.ended)
    return lambda other: other.endswith((*ended, CALIBRATING, *holder_marks()))


def _give_back(lease: ClusterLease, store: StoreReader, run_id: int, holder: str) -> None:
    """Free the Lease of a run that has ended or never began; one that was left half-way goes on being named by it."""
    try:
        run = store.run(run_id)
        if run.ended or run.state is State.PLANNED or holder.endswith(holder_marks()):
            lease.release(holder)
        else:
            lease.acquire(holder, AT_ONCE)
    except MigratorError:  # it runs out by itself
        return
