"""The run that sets a pod apart, or puts it back: an earlier process's that was left, or a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.app.isolating.looking import ground
from migrator.app.one_run.gateway_lease import require_free
from migrator.app.plan.digest import digest
from migrator.app.plan.looking.probe_ways import ways_to
from migrator.app.run.following import require_no_other
from migrator.app.wiring import CLOCK, who
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.pod_targets import Entry
from migrator.domain.planning.backends import Slot
from migrator.domain.planning.following.standing import NO_RUN
from migrator.domain.planning.isolating import isolation, release
from migrator.domain.planning.isolating.ground import rows_of_all
from migrator.domain.planning.isolating.making import plan_of, spec_for
from migrator.domain.planning.isolating.mark import read
from migrator.domain.steps.isolating.captive import is_controlled, pod_object
from migrator.domain.turn.journeys import ISOLATE, RELEASE

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.isolating.ground import Ground
    from migrator.domain.planning.isolating.isolation import Outline
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import Readers
    from migrator.store import Store, StoreReader


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a pod: set apart (`end` None), put back, or ended."""

    pod: str
    end: bool | None = None

    @property
    def way(self) -> str:
        """Give the journey of such a run."""
        return ISOLATE.name if self.end is None else RELEASE.name


def left(store: StoreReader, spec: Spec, wanted: Wanted) -> tuple[Run, Plan] | None:
    """Give the run of the same kind about this pod that has not ended, if there is one."""
    for run in store.runs():
        if run.ended:
            continue
        plan = store.plan(run.plan_id)
        if plan.way == wanted.way and plan.spec.name == f"{spec.name}-{wanted.pod}":
            return run, plan
    return None


def begin(store: Store, spec: Spec, wanted: Wanted, readers: Readers) -> tuple[Plan, Outline]:
    """Give the plan and what a yes to it means. Nothing is written.

    UsageError with every reason where it may not be, LeaseHeld while another run has the gateway; Unreachable or Refused
    when cluster or balancer do not answer.
    """
    if spec.second is not None:
        raise UsageError(say("isolate.two-clusters", context=spec.second.context))
    require_no_other(store, spec, own=NO_RUN)
    require_free(store, spec, readers.cluster)
    seen = ground(spec, wanted.pod, readers)
    own = spec_for(spec, seen.workload.ref, wanted.pod)
    made = _apart(own, seen) if wanted.end is None else _back(own, seen, wanted.end, readers)
    slots = [Slot(row.backend, row.weight, Entry.POD) for row in rows_of_all(own, made.ports, seen)]
    ways, _ = ways_to(own, slots, seen.targets, readers.prober)
    return plan_of(own, seen, made, wanted.way, ways, CLOCK.now(), who(), digest), made


def _apart(spec: Spec, seen: Ground) -> Outline:
    if not is_controlled(seen.pod):
        raise UsageError(say("isolate.already", pod=seen.ref.name))
    if reasons := isolation.refused(spec, seen):
        raise UsageError(say("isolate.refused", pod=seen.ref.name, reasons=reasons))
    return isolation.outline(spec, seen, CLOCK.now(), who())


def _back(spec: Spec, seen: Ground, end: bool, readers: Readers) -> Outline:
    said = read(seen.pod)
    if said is None:
        raise UsageError(say("release.not-isolated", pod=seen.ref.name))
    if reasons := release.refused(spec, seen, end):
        raise UsageError(say("release.refused", pod=seen.ref.name, reasons=reasons))
    goes = None if end else release.surplus(seen)
    room = readers.cluster.get(pod_object(goes.ref)) if goes else None
    return release.outline(spec, seen, said, room, end)
