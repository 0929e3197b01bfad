"""In whose counters a request of ours to a backend is. Pure."""

from __future__ import annotations

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Sighting, Workloads


def behind(backend: Backend, seen: Sighting) -> tuple[tuple[Side, PodRef], ...]:
    """Give the pod behind a backend, with its side: none where several answer there, since nobody knows which did.

    A slot is of one side alone: pods of the other that share its node's address are not behind it. A backend that is no slot
    (a follower's) is that of the pod whose own address it has.
    """
    for side, slots in ((Side.OLD, seen[Sides].old), (Side.NEW, seen[Sides].new)) if Sides in seen else ():
        for slot in slots:
            if slot.backend == backend:
                return tuple((side, pod.ref) for pod in slot.live) if len(slot.live) == 1 else ()
    return tuple(
        (side, pod.ref) for side in Side for pod in seen[Workloads].of(side).live if pod.ref.ip == backend.address
    )
