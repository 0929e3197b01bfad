"""The rules no write may break, as functions of what was seen and what is about to be done. Called before every write.

1. No write leaves, at any instant, the sum of weight x healthy at zero on any listener.
2. Nothing with weight is removed or told to go; nothing with live connections is removed without consent.
3. Only a side that is fit gains traffic: no new backend is raised that the balancer calls unhealthy.
6. No weight is written over somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from migrator.domain.messages.errors import UnsafeAction
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import (
    Action,
    ApplyObject,
    DeleteObject,
    Deregister,
    PatchObject,
    PodRef,
    Register,
    SetWeights,
    Tell,
    Word,
)
from migrator.domain.model.balancer import Backend, Health, Pools, Row, Scope, Side
from migrator.domain.model.runs import Heading
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sides import Sides, Slot, Waived
from migrator.domain.observation.sighting import JournalFacts, RunPosition, Sighting, Workloads
from migrator.domain.steps.connections import connections_of
from migrator.domain.steps.following.survey import pods_by_address
from migrator.domain.steps.isolating.captive import answers_at, there
from migrator.domain.turn.settling import named
from migrator.domain.turn.shrinking import ends_nobody_with_weight
from migrator.domain.weights.drift import arrived_late
from migrator.domain.weights.floors import floor


def require_safe(action: Action, seen: Sighting) -> None:
    """Raise UnsafeAction, naming every broken rule, unless the action is safe in the light of what was seen."""
    if broken := violations(action, seen):
        raise UnsafeAction(say("unsafe.action", action=named(action), broken=tuple(broken)))


def violations(action: Action, seen: Sighting) -> list[Message]:
    """Give the rules that the action would break; none when it is safe."""
    match action:
        case SetWeights():
            return [said for rule in _OF_WEIGHTS for said in rule(action, seen)]
        case Register():
            return _batched(seen[Pools], action.backends)
        case Deregister():
            return [said for rule in _OF_REMOVALS for said in rule(action, seen)]
        case Tell():
            return _may_go(action, seen)
        case DeleteObject():
            return _deletable(action, seen)
        case PatchObject():
            return ends_nobody_with_weight(action, seen)
        case ApplyObject():
            return []
        case _:
            assert_never(action)


def stays_above_zero(action: SetWeights, seen: Sighting) -> list[Message]:
    """Rule 1, whatever part of the batch is applied and in whatever order; a listener may be emptied that nothing but waived
    rows are lowered on."""
    pools = seen[Pools]
    changes = {row.backend: row.weight for row in action.rows}
    waived = seen[Waived].rows if Waived in seen else frozenset[Backend]()
    touched = {backend.listener for backend in changes.keys() - waived}
    kept, carrying = floor(pools, changes), floor(pools, {})
    still, answering = answers(pools, changes), answers(pools, {})
    # A listener that carries nothing already cannot be made worse; raising is how it is mended.
    return [
        say("rule.listener-empty", listener=name)
        for name in sorted(touched)
        if (kept.get(name, 0) == 0 and carrying.get(name, 0) > 0)
        or (still.get(name, 0) == 0 and answering.get(name, 0) > 0)
    ]


def answers(pools: Pools, changes: Mapping[Backend, int]) -> dict[str, int]:
    """Give the same floor by the balancer's word alone: what we call deserted may answer all the same."""
    return floor(replace(pools, rows=tuple(replace(row, deserted=False) for row in pools.rows)), changes)


def gains_only_if_fit(action: SetWeights, seen: Sighting) -> list[Message]:
    """Rule 3, for the new side; the old side's recorded weights may always be restored. A pool is raised for those of it that
    are fit: to the others the balancer sends nobody."""
    pools = seen[Pools]
    rows = {row.backend: row for row in pools.rows}
    sharing = _sharing(pools)
    return [
        say(
            "rule.raises-unhealthy",
            backend=str(wanted.backend),
            health=row.target.health,
            now=row.weight,
            wanted=wanted.weight,
        )
        for wanted in action.rows
        if (row := rows.get(wanted.backend)) is not None
        and row.side is Side.NEW
        and wanted.weight > row.weight
        and all(each.target.health is Health.UNHEALTHY or each.deserted for each in sharing[row.backend])
    ]


def _sharing(pools: Pools) -> dict[Backend, tuple[Row, ...]]:
    """Give the rows that have one weight with each: itself alone, or its side's in its pool."""
    units = (unit for name in pools.listeners for unit in pools.units(name))
    return {backend: unit.rows for unit in units for backend in unit.backends}


def is_ours_to_change(action: SetWeights, seen: Sighting) -> list[Message]:
    """Rule 6 and the vendor's range: only rows of the two sides that are there, within 0 and the largest weight."""
    pools = seen[Pools]
    rows = {row.backend: row for row in pools.rows}
    top = pools.capabilities.weight_max
    return [
        *(say("rule.not-ours", backend=str(w.backend)) for w in action.rows if not _known(rows.get(w.backend))),
        *(
            say("rule.out-of-range", backend=str(w.backend), weight=w.weight, most=top)
            for w in action.rows
            if not 0 <= w.weight <= top
        ),
        *(_halved(pools, action) if pools.capabilities.weights_of is Scope.POOL else ()),
        *_batched(pools, [row.backend for row in action.rows], of_pools=pools.capabilities.weights_of is Scope.POOL),
    ]


def _halved(pools: Pools, action: SetWeights) -> list[Message]:
    """Give the pools that would get two weights, or of which only some backends are named: they have but one weight."""
    given = {row.backend: row.weight for row in action.rows}
    named = {backend.listener for backend in given}
    units = [unit for name in sorted(named) for unit in pools.units(name) if any(b in given for b in unit.backends)]
    return [
        say("rule.pool-split", backend=str(unit.backends[0]))
        for unit in units
        if len({given.get(backend) for backend in unit.backends}) > 1
    ]


def overwrites_nobody(action: SetWeights, seen: Sighting) -> list[Message]:
    """Rule 6: a weight that this run never meant is somebody else's, but where a pod went. Nothing outranks a way back."""
    weights, late = seen[Pools].weights(), arrived_late(seen)
    vacant = seen[Sides].vacant if Sides in seen else frozenset[Backend]()
    meant = seen[JournalFacts].weights
    return [
        say("rule.drifted", backend=str(row.backend), weight=weights[row.backend])
        for row in action.rows
        if seen[RunPosition].heading is Heading.FORWARD
        and row.backend in weights
        and row.backend in meant
        and weights[row.backend] not in meant[row.backend]
        and row.backend not in late
        and row.backend not in vacant
    ]


_OF_WEIGHTS: tuple[Callable[[SetWeights, Sighting], list[Message]], ...] = (
    stays_above_zero,
    gains_only_if_fit,
    is_ours_to_change,
    overwrites_nobody,
)


def _known(row: object) -> bool:
    return row is not None and getattr(row, "side", None) is not None


def _batched(pools: Pools, backends: Iterable[Backend], of_pools: bool = False) -> list[Message]:
    """Give what makes this more than one vendor batch; the weights of pools are few, however many rows share them."""
    named = list(backends)
    caps = pools.capabilities
    many = len(named) > caps.batch and not of_pools
    said = [say("rule.too-many", rows=len(named), batch=caps.batch)] if many else []
    if not caps.several_listeners and len({backend.listener for backend in named}) > 1:
        said.append(say("rule.several-listeners"))
    return said


def is_one_batch(action: Deregister, seen: Sighting) -> list[Message]:
    """Give what makes a removal more than one vendor batch."""
    return _batched(seen[Pools], action.backends)


def has_no_weight(action: Deregister, seen: Sighting) -> list[Message]:
    """Rule 2: nothing with weight is removed. Where it is a pool's, a backend may leave while others there carry it on."""
    weights = seen[Pools].weights()
    if action.standing and seen[Pools].capabilities.weights_of is Scope.POOL:
        return _left_empty(action, seen[Pools])
    return [
        say("rule.removes-weight", backend=str(b), weight=weights[b]) for b in action.backends if weights.get(b, 0) > 0
    ]


def _left_empty(action: Deregister, pools: Pools) -> list[Message]:
    """Rule 1 for a removal: the listener keeps something healthy with weight, if it has any."""
    left = dict.fromkeys(pools.listeners, 0)
    for row in pools.rows:
        left[row.backend.listener] += row.carrying if row.backend not in action.backends else 0
    carrying = floor(pools, {})
    return [
        say("rule.listener-empty", listener=name)
        for name in sorted({backend.listener for backend in action.backends})
        if not left.get(name, 0) and carrying.get(name, 0)
    ]


def has_no_live_connection(action: Deregister, seen: Sighting) -> list[Message]:
    """Rule 2: nothing with live connections is removed without consent; unknown is not 0.

    Of a pool's backend the vendor lets the connections end. Each backend is counted by the pods behind it: one without a
    pod has no connection.
    """
    if action.consent or (action.standing and seen[Pools].capabilities.weights_of is Scope.POOL):
        return []
    if Hosts in seen:
        return _live_at(action, seen)
    live = {side: connections_of(seen, _behind(action, seen[Sides].of(side))) for side in Side}
    return [say("rule.live-on-side", connections=count, side=side) for side, count in live.items() if count != 0]


def _behind(action: Deregister, slots: tuple[Slot, ...]) -> tuple[PodRef, ...]:
    leaving = (slot for slot in slots if slot.row and slot.backend in action.backends)
    return tuple(dict.fromkeys(pod.ref for slot in leaving for pod in slot.pods))


def _live_at(action: Deregister, seen: Sighting) -> list[Message]:
    there = seen[Pools].weights()
    addresses = sorted({backend.address for backend in action.backends if backend in there})
    pods = pods_by_address(seen, addresses)
    live = {at: connections_of(seen, tuple(pod.ref for pod in pods[at])) for at in addresses}
    return [say("rule.live-at", connections=count, address=at) for at, count in live.items() if count != 0]


def is_nobody_elses(action: Deregister, seen: Sighting) -> list[Message]:
    """Rule 6: a foreign row is never removed."""
    foreign = {row.backend for row in seen[Pools].rows if row.side is None}
    return [say("rule.foreign", backend=str(backend)) for backend in action.backends if backend in foreign]


_OF_REMOVALS: tuple[Callable[[Deregister, Sighting], list[Message]], ...] = (
    is_one_batch,
    is_nobody_elses,
    has_no_weight,
    has_no_live_connection,
)


def _may_go(action: Tell, seen: Sighting) -> list[Message]:
    if action.word is Word.STAY:
        return []
    where = seen[Hosts].addresses(action.pods) if Hosts in seen else None  # where nodes are known, each by itself
    others = _of_others(action, seen)
    return [
        say("rule.drains-weight", side=action.side, backend=str(row.backend), weight=row.weight)
        for row in seen[Pools].of(action.side)
        if row.weight and row.backend not in others and (where is None or row.backend.address in where)
    ]


def _of_others(action: Tell, seen: Sighting) -> frozenset[Backend]:
    """Give the backends that are known to lead to other pods than those that are told."""
    told = {pod.uid for pod in action.pods}
    slots = seen[Sides].of(action.side) if Sides in seen and told else ()
    return frozenset(slot.backend for slot in slots if slot.pods and told.isdisjoint(p.ref.uid for p in slot.pods))


def _deletable(action: DeleteObject, seen: Sighting) -> list[Message]:
    """Rule 2 for workloads: a side that still has weight keeps its pods. So does a node, where a single pod is to end."""
    if action.ref.kind == "Pod":
        return _endable(action, seen)
    for side in Side:
        if action.ref == seen[Workloads].of(side).ref and any(row.weight for row in seen[Pools].of(side)):
            return [say("rule.deletes-weight", object=str(action.ref), side=side)]
    return []


def _endable(action: DeleteObject, seen: Sighting) -> list[Message]:
    """Give what still sends traffic to a pod that is to end. Where nobody has seen the pod, nobody knows that nothing does."""
    pods = [pod.ref for side in Side for pod in seen[Workloads].of(side).pods if pod.ref.uid == action.uid]
    where = seen[Hosts].addresses(pods) if Hosts in seen else frozenset(pod.ip for pod in pods)
    if not pods:
        apart = there(PodRef(action.ref.namespace, action.ref.name, action.uid, "", ""), seen)
        if apart is None or not (where := answers_at(apart)):
            return [say("rule.unseen-pod", object=str(action.ref))]
    return [
        say("rule.deletes-weight", object=str(action.ref), side=row.side)
        for row in seen[Pools].rows
        if row.weight and row.side is not None and row.backend.address in where
    ]
