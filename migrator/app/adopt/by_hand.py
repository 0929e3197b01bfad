"""The way back by hand of a run: of this store, or of its record in the cluster. It looks where it can, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.adapters.balancers import by_hand_of
from migrator.app.adopt.adopting import looked, named, recorded
from migrator.app.run.instead import instead_of_rollback
from migrator.app.run.picking import pick_one
from migrator.app.wiring import wire
from migrator.domain.messages.errors import MigratorError, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.runs import Heading
from migrator.domain.observation.sighting import JournalFacts, Workloads
from migrator.domain.planning.detour.phases import grounded, phased
from migrator.domain.planning.inplace.ground import is_in_place
from migrator.domain.planning.survival.by_hand import Stage, Stands, by_hand
from migrator.domain.planning.survival.by_hand_restart import restarted_by_hand
from migrator.domain.planning.survival.place import Place, kept_of
from migrator.domain.sides.filling import filled
from migrator.domain.steps import PointBack, Retire

if TYPE_CHECKING:
    from migrator.domain.balancers.by_hand import ByHand
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import Readers
    from migrator.store import StoreReader


@dataclass(frozen=True, slots=True)
class HandBack:
    """The stages of a way back, of which run, and why they are of the plan alone (None: of what was seen just now)."""

    run: int
    name: str
    stages: tuple[Stage, ...]
    unseen: Message | None = None


def of_store(store: StoreReader, name: str | None) -> HandBack:
    """Give the way back of a run of this store. UsageError: it has ended, or there is none."""
    run = pick_one(store, name)
    plan = store.plan(run.plan_id)
    if run.ended or plan.journey().back is None or not plan.journey().recorded:
        instead = instead_of_rollback(run, plan)
        raise UsageError(say("hand.no-way-back", run=run.id, name=run.name, state=run.state, instead=instead))
    past = store.past(run, plan)
    return handed(run.id, run.name, plan, past, pointed(store, run), kept_of(store.route(run.id, run.heading)))


def pointed(store: StoreReader, run: Run) -> bool:
    """Say whether Services may lead to the new side already: only Retire does that."""
    route = store.route(run.id, run.heading)
    forward = run.heading is Heading.FORWARD
    first = next((i for i, step in enumerate(route) if isinstance(step, Retire if forward else PointBack)), None)
    return first is not None and (run.cursor >= first or not forward)


def of_cluster(gateway: str, context: str | None, kubeconfig: str | None) -> HandBack:
    """Give the way back of the run whose record is in the cluster. Raises as `recorded` does."""
    from migrator.adapters.cluster import connect

    where, name = named(gateway, context, kubeconfig)
    place, plan = recorded(connect(where).reader, where, name)
    return handed(place.run, place.name, plan, past_of(place), led(place, plan), place.kept)


def past_of(place: Place) -> JournalFacts:
    """Give what the record tells of the journal."""
    return JournalFacts(removed=place.inherited.removed)


def led(place: Place, plan: Plan) -> bool:
    """Say whether Services may lead to the new side already."""
    if place.heading is Heading.BACK:
        return place.pointed
    retire = next((i for i, step in enumerate(plan.steps) if isinstance(step, Retire)), None)
    return retire is not None and place.cursor >= retire


def handed(run: int, name: str, plan: Plan, past: JournalFacts, pointed: bool, kept: PodRef | None = None) -> HandBack:
    """Look, where cluster and balancer answer, and give the stages; else those of the plan's own record.

    UsageError on a detour and in place: what goes next is told by the rows and the pods that are there then, and no list of
    commands looks.
    """
    if plan.detour is not None:
        raise UsageError(say("hand.detour", run=run, name=name))
    if is_in_place(plan.spec):
        raise UsageError(say("hand.in-place", run=run, name=name))
    lines = by_hand_of(plan.spec.balancer.provider)
    if lines is None:
        raise UsageError(say("hand.not-for", provider=plan.spec.balancer.provider))
    if plan.seen.former:
        return _of_restart(run, name, plan, lines)
    unseen = None
    try:
        stands = seen(plan, past, wire(plan.spec).readers)
    except MigratorError as error:
        unseen = error.message
        known = phased(plan, None, past).seen
        stands = Stands(known.old, known.new, tuple(past.removed))
    return HandBack(run, name, by_hand(plan, replace(stands, pointed=pointed, kept=kept), lines), unseen)


def _of_restart(run: int, name: str, plan: Plan, lines: ByHand) -> HandBack:
    """Give the stages of a restart: of the nodes that have a pod of the new revision, or of all where nobody can say."""
    try:
        _, workloads, _ = looked(plan, wire(plan.spec).readers)
    except MigratorError as error:
        every = (node.name for node in plan.seen.nodes)
        return HandBack(run, name, restarted_by_hand(plan, every, lines), error.message)
    renewed = {pod.ref.node for pod in workloads.new.pods} | _without(plan, workloads)
    return HandBack(run, name, restarted_by_hand(plan, renewed, lines))


def _without(plan: Plan, workloads: Workloads) -> set[str]:
    """Give the plan's nodes that have no pod now: one of whatever revision is about to come."""
    return {node.name for node in plan.seen.nodes} - {pod.ref.node for pod in workloads.old.live}


def seen(plan: Plan, past: JournalFacts, readers: Readers) -> Stands:
    """Give the old side's live places with their recorded weights, and what the new side has on the balancer."""
    pools, workloads, hosts = looked(plan, readers)
    plan = phased(plan, workloads, past)
    marked, sides = filled(grounded(plan, hosts, bool(hosts), workloads), pools, workloads, past)
    living = [slot for slot in sides.old if slot.live]
    old = tuple(Weighted(slot.backend, slot.recorded) for slot in living) or plan.seen.old
    known = {row.backend: row.backend for row in plan.seen.old}  # with the vendor's own name, which no pod tells
    away = tuple(known.get(slot.backend, slot.backend) for slot in living if slot.row is None)
    return Stands(old, tuple(row.backend for row in marked.of(Side.NEW)), away, seen=True)
