"""Looking after a gateway that stands, by its plan file alone: the run that does it, an earlier process's or a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.one_run.gateway_lease import require_free
from migrator.app.plan.digest import digest
from migrator.app.plan.looking.probe_ways import ways_to
from migrator.app.run.following import end, require_no_other, require_not_raising, require_ours, step_of
from migrator.app.wiring import CLOCK, who
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import After
from migrator.domain.planning.backends import Slot
from migrator.domain.planning.following.follower import follower, following
from migrator.domain.planning.following.standing import NO_RUN, Standing, as_it_stands, rows_of, unclear

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import Readers
    from migrator.store import Store, StoreReader


def begin(store: Store, spec: Spec, readers: Readers) -> tuple[Run, Plan]:
    """Give the run that looks after the gateway of a plan file, and its plan: the one that an earlier process left, if it
    goes by the same words, else a new one, which takes over what stands.

    UsageError where that may not be or is not clear, LeaseHeld while another run has the gateway; Unreachable or Refused
    when cluster or balancer do not answer.
    """
    if spec.after is not After.MIGRATOR:
        raise UsageError(say("follow.file-not-ours", name=spec.name, after=spec.after))
    for run, plan in left(store, spec):
        if plan.spec == following(spec):
            require_no_other(store, spec, run.id)
            return run, plan
        end(store, run)
    require_no_other(store, spec, own=NO_RUN)
    require_free(store, spec, readers.cluster)  # a process that stands by would store a run at each try
    made = _made(spec, readers)
    return store.create_run(made), made


def left(store: StoreReader, spec: Spec) -> list[tuple[Run, Plan]]:
    """Give the runs of this plan file, by its name, that have not ended."""
    found = []
    for run in store.runs():
        plan = store.plan(run.plan_id)
        step = step_of(plan)
        if not run.ended and step is not None and step.run == NO_RUN and plan.spec.name == following(spec).name:
            found.append((run, plan))
    return found


def _made(spec: Spec, readers: Readers) -> Plan:
    workload = readers.cluster.get(target_ref(spec))
    if workload is None:
        raise UsageError(say("follow.file-target-gone", object=str(target_ref(spec)), name=spec.name))
    require_ours(spec, readers)
    require_not_raising(workload, spec)
    hosts = readers.cluster.hosts(spec.target.node_selector)
    seen = Standing(workload, readers.balancer.targets(), readers.balancer.capabilities(), hosts)
    if why := unclear(spec, seen):
        raise UsageError(why)
    slots = [Slot(row.backend, row.weight, Entry.POD, row.backend.port) for row in rows_of(spec, seen)]
    ways, _ = ways_to(spec, slots, seen.targets, readers.prober)
    plan, weights = as_it_stands(spec, seen, ways, CLOCK.now(), who())
    nodes = frozenset(host.dialled_like(plan.seen.new).address for host in hosts)
    return follower(plan, NO_RUN, weights, weights, nodes, CLOCK.now(), who(), digest)
