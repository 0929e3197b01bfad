"""How the share went, worked out of the journal: what each weight that was read back made of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from migrator.domain.model.actions import Action, Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Scope
from migrator.domain.planning.plan import Plan
from migrator.store import Event, Kind
from migrator.store.codec.codec import from_data
from migrator.store.codec.tags import ACTIONS


@dataclass(frozen=True, slots=True)
class Point:
    """From `at` on the weights sent `share` percent of new connections to the new side."""

    at: datetime
    share: float


def course(plan: Plan, events: Iterable[Event]) -> tuple[Point, ...]:
    """Give the share by the weights that were read back, from the run's first row on; one point for each change."""
    seen = plan.seen
    weights = {row.backend: row.weight for row in (*seen.old, *seen.new_now)}
    points: list[Point] = []
    for at, action in _settled(events):
        _apply(action, weights)
        share = share_of(plan, weights)
        if share is not None and (not points or points[-1].share != share):
            points.append(Point(at, share))
    return tuple(points)


def _settled(events: Iterable[Event]) -> Iterator[tuple[datetime, Action | None]]:
    """Give every write to the balancer when it was read back; the run's first row comes first, without a write."""
    intended: dict[int, Action] = {}
    is_first = True
    for event in events:
        if is_first:
            yield event.at, None
            is_first = False
        if event.kind is Kind.INTENDED:
            intended[event.id] = from_data(event.data["action"], *ACTIONS)
        elif event.kind is Kind.SETTLED and event.answers in intended:
            yield event.at, intended.pop(event.answers)


def _apply(action: Action | None, weights: dict[Backend, int]) -> None:
    match action:
        case SetWeights(rows=rows):
            weights.update((row.backend, row.weight) for row in rows)
        case Register(backends=backends):
            weights.update((backend, 0) for backend in backends if backend not in weights)
        case Deregister(backends=backends):
            for backend in backends:
                weights.pop(backend, None)


def share_of(plan: Plan, weights: Mapping[Backend, int]) -> float | None:
    """Give the new side's percent on the listener where it is highest; None where nothing has weight."""
    shares = []
    for listener in {backend.listener for backend in weights}:
        here = {backend: weight for backend, weight in weights.items() if backend.listener == listener}
        new = _sum(plan, [weight for backend, weight in here.items() if _is_new(plan, backend)])
        total = new + _sum(plan, [weight for backend, weight in here.items() if not _is_new(plan, backend)])
        shares += [100.0 * new / total] if total else []
    return max(shares, default=None)


def _is_new(plan: Plan, backend: Backend) -> bool:
    """Say whose a backend is. The new side's are known beforehand, or (pods that return) all but the recorded old ones."""
    if plan.seen.new:
        return backend in plan.seen.new
    return backend not in {row.backend for row in plan.seen.old}


def _sum(plan: Plan, weights: list[int]) -> int:
    """Add a side's weights up; where they are a pool's, its backends have one weight together."""
    is_pools = plan.seen.capabilities.weights_of is Scope.POOL
    return max(weights, default=0) if is_pools else sum(weights)
