"""The run that sets a pod apart, or puts it back: an earlier process's that was left, or a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.app.isolating.looking import ground
from migrator.app.one_run.gateway_lease import require_free
from migrator.app.plan.digest import digest
from migrator.app.plan.looking.probe_ways import ways_to
from migrator.app.run.following import end, require_no_other
from migrator.app.wiring import CLOCK, who
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import codes, say
from migrator.domain.model.actions import pod_object
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.runs import State
from migrator.domain.planning.backends import Slot
from migrator.domain.planning.following.standing import NO_RUN
from migrator.domain.planning.isolating import isolation, release
from migrator.domain.planning.isolating.ground import rows_of_all
from migrator.domain.planning.isolating.making import plan_of, spec_for
from migrator.domain.steps.isolating.captive import is_controlled
from migrator.domain.steps.isolating.let_go import EndPod
from migrator.domain.steps.isolating.mark import read
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


STALE = frozenset({"isolate.has-weight", "isolate.no-room"})
"""Why a run halts that found another world than its plan's: the command typed again begins anew."""


def left(store: StoreReader, spec: Spec, wanted: Wanted) -> tuple[Run, Plan] | None:
    """Give the run that does the very same with this pod and has not ended, if there is one that can go on."""
    for run, plan in _unended(store, spec, wanted.pod):
        ends = any(isinstance(step, EndPod) for step in plan.steps)
        stale = run.state is State.HALTED and not STALE.isdisjoint(codes(run.why))
        if plan.way == wanted.way and ends is bool(wanted.end) and not stale:
            return run, plan
    return None


def give_up(store: Store, spec: Spec, wanted: Wanted) -> None:
    """End what is unended about this pod: what is begun now takes its place. LeaseHeld where somebody carries one out."""
    for run, _ in _unended(store, spec, wanted.pod):
        end(store, run)


def _unended(store: StoreReader, spec: Spec, pod: str) -> list[tuple[Run, Plan]]:
    runs = ((run, store.plan(run.plan_id)) for run in store.runs() if not run.ended)
    ways = (ISOLATE.name, RELEASE.name)
    return [(run, plan) for run, plan in runs if plan.way in ways and plan.spec.name == f"{spec.name}-{pod}"]


def begin(store: Store, spec: Spec, wanted: Wanted, readers: Readers) -> tuple[Plan, Outline]:
    """Give the plan and what a yes to it means. Nothing is written.

    UsageError with every reason where it may not be, LeaseHeld while another run has the gateway; Unreachable or Refused
    when cluster or balancer do not answer.
    """
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
    if reasons := release.refused(spec, seen, said, end):
        raise UsageError(say("release.refused", pod=seen.ref.name, reasons=reasons))
    goes = None if end else release.surplus(seen)
    room = readers.cluster.get(pod_object(goes.ref)) if goes else None
    return release.outline(spec, seen, said, room, end)
