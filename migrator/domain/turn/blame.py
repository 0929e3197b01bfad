"""Whom a breach is blamed on, where the plan wants that gateway kept for a look. Pure; it never decides whether to go back."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import OnBreach, Spec
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Sighting
from migrator.domain.showing.worst import worst


def to_keep(spec: Spec, seen: Sighting, sick: Iterable[Backend] = ()) -> PodRef | None:
    """Give the gateway: one behind the `sick` backends, else the worst by its counts; None where the plan wants none kept."""
    if spec.on_breach is not OnBreach.ISOLATE:
        return None
    slots = seen[Sides].by_backend()
    behind = (pod.ref for backend in sick if backend in slots for pod in slots[backend].live if pod.ref.node)
    return next(behind, None) or worst(seen)
