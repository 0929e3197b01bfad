"""Taking over a run whose store is lost: from its record in the cluster, into this store, halted. It writes no weight.

Whoever holds the cluster's Lease keeps it: a run that somebody carries out is nobody's to take over.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.app.adopt import record
from migrator.app.adopt.keeper import Keeper
from migrator.app.one_run.gateway_lease import AT_ONCE, identity
from migrator.app.one_run.in_progress import begun, same
from migrator.app.plan.digest import digest
from migrator.app.wiring import Wired, holder, wire
from migrator.domain.messages.errors import Denied, MigratorError, Refused, Unreachable, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import holds, mapping, text
from migrator.domain.model.refs import place, source_ref, target_ref
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import JournalFacts, Workloads
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.backends import is_by_node
from migrator.domain.planning.detour.phases import phased
from migrator.domain.planning.restarting.template import RESTARTED
from migrator.domain.planning.survival.adoption import Adoption, adopted
from migrator.domain.planning.survival.place import Place, placed
from migrator.domain.sides.revisions import REVISION
from migrator.workflow.heartbeat import CLUSTER_SECONDS
from migrator.workflow.looking.whose import People, told_apart
from migrator.workflow.noticing import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.app.adopt.record import Record
    from migrator.domain.model.balancer import Pools
    from migrator.domain.model.manifests import Json, Manifest
    from migrator.domain.model.runs import Run
    from migrator.domain.model.spec import Spec
    from migrator.domain.observation.nodes import Host
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import ClusterReader, Readers
    from migrator.store import Store


def adopt(
    store: Store, where: ClusterSpec, gateway: str, wired: Callable[[Spec, Store], Wired] = wire
) -> tuple[Run, Snapshot]:
    """Take over the run of a gateway (a workload of the namespace) from its record; give it as it is in this store, and what
    was seen at the balancer.

    NotFound: there is no record. LeaseHeld: somebody carries the run out. UsageError: it has ended, or this store has a run of
    the gateway. Refused: the record is not whole. Unreachable: cluster or balancer do not answer.
    """
    stood, plan = recorded(opened(where), where, gateway)
    if stood.ended:
        raise UsageError(say("adopt.ended", run=stood.run, name=stood.name, namespace=where.namespace, gateway=gateway))
    require_not_here(store, plan)
    return taken(store, stood, plan, wired(plan.spec, store))


def named(gateway: str, context: str | None, kubeconfig: str | None) -> tuple[ClusterSpec, str]:
    """Give where a gateway is that is named NAMESPACE/NAME, and its name. UsageError for anything else."""
    namespace, _, name = gateway.partition("/")
    if not namespace or not name or "/" in name:
        raise UsageError(say("adopt.no-gateway", given=gateway))
    return ClusterSpec(namespace, context, kubeconfig), name


def opened(where: ClusterSpec) -> ClusterReader:
    """Connect to a cluster, to read of it. UsageError: there is no such kubeconfig or context."""
    from migrator.adapters.cluster import connect

    return connect(where).reader


def recorded(
    cluster: ClusterReader, where: ClusterSpec, gateway: str, there: Callable[[ClusterSpec], ClusterReader] = opened
) -> tuple[Place, Plan]:
    """Read where a run stood, and its plan with what live workloads say of it; its home is the cluster that was asked.

    `there` connects to its other cluster, where it has one: only when the home's workload does not say enough.
    """
    kept = record.read(cluster, where.namespace, gateway)
    spec = _reached(kept.as_kept().spec, where)
    return kept.place, replace(_whole(kept, spec, cluster, there), spec=spec)


def _reached(spec: Spec, where: ClusterSpec) -> Spec:
    """Give a recorded spec as whoever asks reaches its clusters: two of one kubeconfig are in the one that is asked."""
    second = spec.second
    if second is not None and second.kubeconfig == spec.cluster.kubeconfig:
        second = replace(second, kubeconfig=where.kubeconfig)
    return replace(spec, cluster=replace(where, namespace=spec.cluster.namespace), second=second)


def _whole(kept: Record, spec: Spec, home: ClusterReader, there: Callable[[ClusterSpec], ClusterReader]) -> Plan:
    if kept.as_kept().seen.former:
        return _whole_restart(kept, spec, home)
    live = [home.get(each) for each in (source_ref(spec), target_ref(spec)) if not each.cluster]
    away = next((side for side in (place(spec, each) for each in Side) if side.at), None)
    if away is None:
        return kept.whole(*live)
    try:
        return kept.whole(*live)
    except Refused:
        return kept.whole(*live, there(away.cluster).get(replace(away.ref, cluster="")))


def _whole_restart(kept: Record, spec: Spec, home: ClusterReader) -> Plan:
    """Give the plan of a restart: the former values are those of the former revision, as its ControllerRevision or a pod of it
    has them; the new ones are the DaemonSet's, once it has the new template."""
    ref, plan = target_ref(spec), kept.as_kept()
    named = f"{REVISION}={plan.seen.former[0]}"
    revisions = home.list_objects(ref.api_version, "ControllerRevision", ref.namespace, named)
    pods = home.list_objects("v1", "Pod", ref.namespace, named)
    now = home.get(ref)
    before = () if now is None or _is_rewritten(plan, now) else (now,)
    return kept.whole(*(each.get("data") for each in revisions), *pods, *before, renewed=now)


def _is_rewritten(plan: Plan, now: Manifest) -> bool:
    return any(
        bool(mapping(change.patch, "spec", "template")) and holds(now, _stamp(change.patch)) for change in plan.changes
    )


def _stamp(patch: Json) -> Json:
    """Give the part of a template's patch by which each restart makes a revision of its own."""
    noted = text(patch, "spec", "template", "metadata", "annotations", RESTARTED)
    return {"spec": {"template": {"metadata": {"annotations": {RESTARTED: noted}}}}}


def require_not_here(store: Store, plan: Plan) -> None:
    """Raise UsageError when this store has a run of the same gateway that has begun: it goes on there."""
    for run, other, _ in begun(store):
        if other.journey().half_way and (other.seen.source_uid == plan.seen.source_uid or same(other.spec, plan.spec)):
            raise UsageError(say("adopt.in-store", run=run.id, name=run.name, state=run.state))


def taken(store: Store, place: Place, plan: Plan, wired: Wired) -> tuple[Run, Snapshot]:
    """Look, and make the run, while nobody else may have the gateway."""
    mine = holder()
    wired.lease.acquire(mine, CLUSTER_SECONDS, lambda _ended: True)  # of two clusters both Leases, or none
    try:
        found = seen(place, plan, wired.readers)
        run = store.adopt_run(found, say("run.adopted", run=place.run, name=place.name, holder=place.holder))
        look = _remembered(store, run, found, mine)
        _kept(store, run, found, wired)
    finally:
        with suppress(MigratorError):  # it runs out by itself
            wired.lease.release(mine)
    with suppress(MigratorError):  # whoever goes on takes it
        wired.lease.acquire(identity(store, run), AT_ONCE)
    return run, look


def seen(place: Place, plan: Plan, readers: Readers) -> Adoption:
    """Look at the balancer and at both sides, and give the run that goes on from there."""
    pools, workloads, _ = looked(plan, readers)
    return adopted(place, plan, pools, workloads.old.uid == plan.seen.source_uid, digest)


def looked(plan: Plan, readers: Readers) -> tuple[Pools, Workloads, tuple[Host, ...]]:
    """Look at both sides and at the balancer once; nodes only where the old side is dialled at theirs."""
    cluster = readers.cluster
    workloads = _workloads(plan, cluster)
    hosts = tuple(cluster.hosts(())) if is_by_node(plan) else ()
    standing = readers.balancer.targets(), readers.balancer.capabilities()
    plan = phased(plan, workloads, JournalFacts())
    return told_apart(plan, standing, People(workloads, hosts), JournalFacts()), workloads, hosts


def _workloads(plan: Plan, cluster: ClusterReader) -> Workloads:
    """List both sides' pods. The new side's cluster, where it is another, may be silent: its rows are the plan's backends, and
    they lose their weight whoever is behind them."""
    spec = plan.spec
    away = target_ref(spec)
    if not away.cluster:
        return listed.workloads(cluster, spec, plan.seen.former, afresh=True)
    old = cluster.workload(source_ref(spec))
    try:
        return Workloads(old, cluster.workload(away))
    except (Unreachable, Denied):
        return Workloads(old, Workload(away))


def _remembered(store: Store, run: Run, found: Adoption, mine: str) -> Snapshot:
    """Keep what was seen of the balancer: whoever asks where the run stands is told it, with its age."""
    now = store.now()
    look = Snapshot(now, found.share, found.begins_with, looked_at=now)
    lease = store.acquire(run.id, mine)
    try:
        store.journal(run.id, lease).looked(look, leaves=True)
    finally:
        lease.release()
    return look


def _kept(store: Store, run: Run, found: Adoption, wired: Wired) -> None:
    """Let the record say where the run is now. Where it cannot, the process that goes on writes it."""
    past = store.past(run, found.plan)
    now = placed(run, identity(store, run), found.plan.digest, store.route(run.id, run.heading), past)
    with suppress(MigratorError):
        Keeper(wired.readers.cluster, wired.writers.cluster, found.plan).begin(now)
