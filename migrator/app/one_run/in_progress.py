"""Who migrates this gateway already: a run of the same store, or whoever holds the cluster's Lease. It takes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from migrator.adapters.cluster.pods import moment
from migrator.domain.messages.errors import MigratorError, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, number, text
from migrator.domain.model.refs import home, lease_ref
from migrator.domain.model.runs import State
from migrator.domain.model.spec import Spec
from migrator.domain.ports.outside import ClusterReader

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Plan
    from migrator.store import StoreReader

Ended = Callable[[str], bool]


def lease_name(spec: Spec) -> str:
    """Give the name of the cluster's Lease of a gateway: one run at a time, whichever way and whichever store it belongs to."""
    return lease_ref(spec).name


def nobody(holder: str) -> bool:
    """Say of no holder that its run has ended: there is no store to tell."""
    return False


def held(spec: Spec, cluster: ClusterReader, now: datetime, ended: Ended = nobody) -> Message | None:
    """Say who holds the Lease and until when; None for nobody, and where we may not read it.

    One that has run out names a run that was left half-way, unless `ended` says of its holder that it left nothing.
    """
    ref = lease_ref(spec)
    found = _read(ref, cluster)
    return _holder(ref, found, now, ended) if found else None


def is_carried_out(spec: Spec, cluster: ClusterReader, now: datetime) -> bool:
    """Say whether a process holds the Lease now, whose run and which store it may be."""
    found = _read(lease_ref(spec), cluster)
    ends = ends_at(found) if found and text(found, "holderIdentity") else None
    return ends is not None and now < ends


def holder_of(spec: Spec, cluster: ClusterReader) -> str:
    """Give whom the Lease names, be it over or not; "" for nobody, and where we may not read it."""
    return text(_read(lease_ref(spec), cluster) or {}, "holderIdentity")


def _read(ref: ObjectRef, cluster: ClusterReader) -> Manifest | None:
    try:
        found = cluster.get(ref)
    except MigratorError:
        return None
    return mapping(found, "spec") if found else None


def ends_at(lease: Manifest) -> datetime | None:
    """Give when a Lease runs out, by its spec; None where nobody has renewed it."""
    renewed = moment(text(lease, "renewTime"))
    return renewed + timedelta(seconds=number(lease, "leaseDurationSeconds")) if renewed else None


def _holder(ref: ObjectRef, lease: Manifest, now: datetime, ended: Ended) -> Message | None:
    by, ends = text(lease, "holderIdentity"), ends_at(lease)
    if not by or ends is None:
        return None
    name = f"{ref.namespace}/{ref.name}"
    if now < ends:
        return say("lease.is-held", lease=name, by=by, until=f"{ends:%H:%M:%S} UTC")
    return None if ended(by) else say("lease.was-held", lease=name, by=by, until=f"{ends:%Y-%m-%d %H:%M:%S} UTC")


def require_none_in_progress(spec: Spec, store: StoreReader | None) -> None:
    """Raise UsageError when a run of this store on the same gateway has not ended: its weights are half-way."""
    if store is None:
        return
    for run, plan, by in begun(store):
        if not same(spec, plan.spec):
            continue
        if plan.journey().half_way:
            raise UsageError(say("run.in-progress", run=run.id, name=run.name, state=run.state, heading=run.heading))
        if by is not None:
            raise UsageError(taken(run, plan, by))


def begun(store: StoreReader) -> Iterator[tuple[Run, Plan, str | None]]:
    """Give each run that has begun, or is about to in somebody's hands, and has not ended; its plan, and who holds it."""
    for run in store.runs():
        by = None if run.ended else store.holder(run.id)
        if by is not None or not (run.ended or run.state is State.PLANNED):
            yield run, store.plan(run.plan_id), by


def taken(run: Run, plan: Plan, by: str | None) -> Message:
    """Say which run of this store has this gateway, what it does with it, and what to type. `by` None: nobody carries it out.

    Only a process that looks after nodes is to be stopped, for it never ends by itself.
    """
    journey = plan.journey(run.heading)
    if by is not None and journey.claims_every_node:
        return say("run.follows-gateway", run=run.id, name=run.name, by=by)
    then = say("taken.wait", run=run.id) if by else say("taken.end-it", run=run.id)
    return say("lease.gateway-taken", run=run.id, name=run.name, doing=journey.doing, state=run.state, by=by, then=then)


def same(one: Spec, other: Spec) -> bool:
    """Say whether two specs move the same gateway, or traffic of the same listener."""
    return _gateway(one) == _gateway(other) or bool(_listeners(one) & _listeners(other))


def _gateway(spec: Spec) -> tuple[str | None, ...]:
    there = home(spec)
    return (there.cluster.kubeconfig, there.cluster.context, there.namespace, there.name)


def _listeners(spec: Spec) -> set[tuple[str, ...]]:
    lb = spec.balancer
    return {(lb.provider, lb.region, lb.endpoint or "", lb.id, row.id) for row in lb.listeners}
