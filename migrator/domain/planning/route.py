"""The two routes of a run, computed from its plan: forward, and back from any point until Retire."""

from __future__ import annotations

from migrator.domain.gateways import gateway_profile, gateway_profiles
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change, Order
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, items, labels, mapping, number, ref_of, uid_of
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import JudgeSpec, Spec, Strategy
from migrator.domain.model.target import Kept
from migrator.domain.observation.detour import Detour
from migrator.domain.planning.detour.legs import closed, is_on_the_way_over, led_back, led_over
from migrator.domain.planning.detour.phases import over
from migrator.domain.planning.plan import Plan, Seen
from migrator.domain.steps import (
    Attach,
    AwaitReady,
    CompareAnswers,
    Confirm,
    Deploy,
    Detach,
    Drain,
    Gate,
    Guard,
    HandOver,
    Keep,
    KeepApart,
    Lead,
    LeadBack,
    PointBack,
    PointBackAfterAll,
    Preflight,
    RehearseBack,
    RehearseUp,
    Remove,
    Restore,
    Retire,
    Shift,
    Stand,
    Step,
    TellToStay,
    Undo,
    VerifyConfig,
)
from migrator.domain.steps.prepare import DIGEST, MANAGED_BY

ONE_UNIT = 0.01
"""A share (percent) so small that the weights give the new side the least they can: one unit on one backend."""


def shares(spec: Spec) -> tuple[float, ...]:
    """Give the shares of the climb; blue-green is the same route with the one share 100."""
    return (100.0,) if spec.strategy is Strategy.BLUE_GREEN else spec.traffic.shares


def forward(
    spec: Spec,
    seen: Seen,
    manifests: tuple[Json, ...],
    changes: tuple[Change, ...],
    coming_back: tuple[Json, ...] = (),
    stands: Stand | None = None,
    orders: tuple[Order, ...] | None = None,
    detour: Detour | None = None,
) -> tuple[Step, ...]:
    """Give the route from the old side to the new; `coming_back` is applied when the new side serves alone.

    `stands` finds the new side's workload where somebody else has made it; nothing is deployed then. `orders` are what a
    person does with the owner of the old workload; None: no controller owns it. `detour` frees the host ports that the old side
    holds; from then on it is behind node ports.
    """
    direct, seen = seen, over(seen, detour)
    return (
        Preflight(spec.waivers),
        Guard(changes),
        *led_over(spec, direct, detour),
        stands or Deploy(manifests),
        AwaitReady(seen.nodes, spec.deadlines.ready, scattered=seen.scattered),
        *((Lead(led),) if (led := _led(seen, changes)) else ()),
        VerifyConfig(seen.new, spec.deadlines.config, _compared(spec, stands), seen.scattered),
        *((CompareAnswers(spec.deadlines.config, spec.waivers, spec.answers.longest),) if spec.answers else ()),
        Attach(Side.NEW, seen.new, spec.deadlines.healthy, seen.scattered),
        *_rehearsal(spec, seen),
        *(_shift(spec, seen, share) for share in shares(spec)),
        _keep(spec, seen),
        Drain(
            Side.OLD,
            spec.drain.timeout,
            spec.drain.on_timeout,
            gateway_profile(spec, Side.OLD).reversible,
            *_proof(spec),
        ),
        gate(spec),
        Detach(Side.OLD, spec.drain.on_timeout, seen.capabilities.drain_floor, *_proof(spec)),
        retire(spec, seen, manifests, changes) if orders is None else _hand_over(spec, seen, changes, orders),
        *((Restore(coming_back),) if coming_back else ()),
        *closed(detour),
        Confirm(Side.NEW, window(spec.judge), restore=final_settings(spec, manifests, changes)),
    )


def _compared(spec: Spec, stands: Stand | None) -> bool:
    gateways = gateway_profiles(spec)
    return not (gateways.old.mute or gateways.differ) and (stands is None or stands.alike)


def retire(spec: Spec, seen: Seen, manifests: tuple[Json, ...], changes: tuple[Change, ...]) -> Retire:
    """Give the step that removes the old side."""
    return Retire(
        _source(spec, seen),
        seen.source_uid,
        tuple((ref_of(m), uid_of(m)) for m in seen.companions if isinstance(m, dict)),
        tuple(change for change in changes if change.after is not None),
        spare=_spare(spec, manifests, changes),
        compares=spec.answers is not None,
        waivers=spec.waivers,
        least=spec.way_back.least,
        asks_after=spec.way_back.patience,
    )


def _hand_over(spec: Spec, seen: Seen, changes: tuple[Change, ...], orders: tuple[Order, ...]) -> HandOver:
    return HandOver(
        _source(spec, seen),
        seen.source_uid,
        (),
        tuple(change for change in changes if change.after is not None),
        compares=spec.answers is not None,
        waivers=spec.waivers,
        least=spec.way_back.least,
        asks_after=spec.way_back.patience,
        orders=orders,
    )


def back(plan: Plan, left: Step, worst: PodRef | None = None) -> tuple[Step, ...]:
    """Give the route back from the step that is left. Every step of it is a statement about the end, so it serves from any
    point until the old workload is deleted; only Retire has pointed anything at the new side that is to be pointed back.

    What the run did not make is left standing, and told to stay: it may serve others, or the next run. `worst` is the gateway
    that is kept for a look, once its whole side is off the balancer.
    """
    if is_on_the_way_over(plan, left):
        return (TellToStay(Side.OLD), *led_back(plan, left), *_as_it_was(plan))
    spec, seen = plan.spec, over(plan.seen, plan.detour)
    pointed = tuple(change for change in plan.changes if change.back is not None)
    made = tuple(ref_of(manifest) for manifest in plan.manifests if isinstance(manifest, dict))
    return (
        *((PointBack(pointed),) if isinstance(left, Retire) and pointed else ()),
        TellToStay(Side.OLD),
        Attach(Side.OLD, tuple(row.backend for row in seen.old), spec.deadlines.healthy),
        Shift(Side.OLD, 0.0, seen.old, settle=spec.deadlines.healthy, tells=gateway_profile(spec, Side.NEW).reversible),
        *((PointBackAfterAll(pointed),) if isinstance(left, Retire) and pointed else ()),
        Drain(Side.NEW, spec.drain.timeout, spec.drain.on_timeout, gateway_profile(spec, Side.NEW).reversible),
        Detach(Side.NEW, spec.drain.on_timeout, seen.capabilities.drain_floor),
        *((LeadBack(led),) if (led := _led(seen, plan.changes)) else ()),
        *((KeepApart(worst, target_ref(spec), plan.aside),) if worst and plan.aside else ()),
        Remove(tuple(reversed(made))) if made else TellToStay(Side.NEW),
        *led_back(plan, left),
        *_as_it_was(plan),
    )


def _as_it_was(plan: Plan) -> tuple[Step, ...]:
    return (Undo(plan.changes), Confirm(Side.OLD, 0.0, originals=plan.seen.old))


def _proof(spec: Spec) -> tuple[float, float]:
    """Give how much of the old side must stand before it is taken away, and after how long a person is asked."""
    return spec.way_back.least, spec.way_back.patience


def window(judge: JudgeSpec) -> float:
    """Give the seconds of one full window of the judge: the longest of its sources."""
    windows = [judge.scrape.window if judge.scrape else 0.0, judge.prometheus.window if judge.prometheus else 0.0]
    return max(windows)


def _rehearsal(spec: Spec, seen: Seen) -> tuple[Step, ...]:
    """Give the optional rehearsal: one unit up and back again, timed."""
    limit = spec.traffic.rehearse
    if limit is None:
        return ()
    settle = spec.traffic.settle
    up = RehearseUp(
        Side.NEW,
        ONE_UNIT,
        seen.old,
        seen.nodes,
        settle=settle,
        scattered=seen.scattered,
        least=spec.way_back.least,
        patience=spec.way_back.patience,
    )
    return up, RehearseBack(Side.OLD, 0.0, seen.old, settle=settle, limit=limit)


def _shift(spec: Spec, seen: Seen, share: float) -> Shift:
    traffic = spec.traffic
    return Shift(
        Side.NEW,
        share,
        seen.old,
        seen.nodes,
        soak=traffic.soak,
        max_soak=max(traffic.max_soak, traffic.soak),
        min_requests=traffic.min_requests,
        settle=traffic.settle,
        scattered=seen.scattered,
        compares=spec.answers is not None,
        waivers=spec.waivers,
        least=spec.way_back.least,
        patience=spec.way_back.patience,
    )


def _keep(spec: Spec, seen: Seen) -> Keep:
    keep, settle = spec.cleanup.keep_old, spec.traffic.settle
    return Keep(
        Side.NEW,
        100.0,
        seen.old,
        seen.nodes,
        soak=keep,
        max_soak=keep,
        settle=settle,
        scattered=seen.scattered,
        compares=spec.answers is not None,
        waivers=spec.waivers,
        least=spec.way_back.least,
        patience=spec.way_back.patience,
    )


def gate(spec: Spec) -> Gate:
    """Give the step in which a person says that the old side may go."""
    asked = say("gate.ask", new=spec.target.name, old=f"{spec.source.kind} {spec.source.name}", left=None)
    return Gate(asked, spec.cleanup.approval)


def _source(spec: Spec, seen: Seen) -> ObjectRef:
    if isinstance(seen.source, dict) and seen.source:
        return ref_of(seen.source)
    return source_ref(spec)


def _led(seen: Seen, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Give the changes that lead the new backends' node ports to the new pods, once these are Ready."""
    dialled = {backend.port for backend in seen.new}
    return tuple(
        change.led
        for change in changes
        if dialled & {number(port, "nodePort") for port in items(change.after, "spec", "ports")}
        and change.last is not None
    )


def _spare(spec: Spec, manifests: tuple[Json, ...], changes: tuple[Change, ...]) -> tuple[ObjectRef, ...]:
    """Give what a plan back needs no more at its end: what the earlier run made, and the returning pods' own Service once
    the live ones lead to them again."""
    if not isinstance(spec.target, Kept):
        return ()
    led = any(change.after is not None and change.ref.kind == "Service" for change in changes)
    made = [ref_of(m) for m in manifests if isinstance(m, dict)]
    return (*spec.target.leftovers, *(ref for ref in made if ref.kind == "Service" and led))


def final_settings(spec: Spec, manifests: tuple[Json, ...], changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Give the DaemonSet its ordinary update strategy (OnDelete kept others' edits from restarting gateways mid-run), the
    objects that returned the marks that they had, and the Services their last selectors."""
    patch: Json = {"spec": {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}}}
    rolling = tuple(
        Change(ref_of(m), "", patch, None, say("change.update-strategy"))
        for m in manifests
        if isinstance(m, dict) and m.get("kind") == "DaemonSet"
    )
    last = tuple(
        Change(change.ref, "", change.last, None, _at_the_end(change)) for change in changes if change.last is not None
    )
    kept = spec.target.manifests if isinstance(spec.target, Kept) else ()
    return (*rolling, *last, *(_unmarked(manifest) for manifest in kept))


def _at_the_end(change: Change) -> Message:
    if mapping(change.last, "spec"):
        return say("change.selects-as-before", object=str(change.ref))
    return say("change.weights-given-back", object=str(change.ref))


def _unmarked(kept: Manifest) -> Change:
    was = labels(kept, "metadata", "labels").get(MANAGED_BY)
    marks: Json = {"metadata": {"labels": {MANAGED_BY: was}, "annotations": {DIGEST: None}}}
    return Change(ref_of(kept), "", marks, None, say("change.unmarked", object=str(ref_of(kept))))
