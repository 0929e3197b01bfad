"""Whether a backend is fit for traffic, by the balancer, our own request and its pods. Pure; shared by run and follower."""

from __future__ import annotations

from datetime import timedelta

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Health, Pools, Row, Side
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import Clocks, Probes, Sighting

SILENCE, REFUSED = "probe.no-answer", "probe.refused"
"""The codes of a request of ours without any answer, and of one that was refused: from where we are the pod may be out of
reach, so they prove nothing against what the balancer says now. Against what it said before only silence proves nothing."""


def why_mute(backend: Backend, seen: Sighting) -> Message | None:
    """Say why our own request to a backend was not answered."""
    return seen[Probes].failure(backend)


def is_proved_by_balancer(row: Row, seen: Sighting) -> bool:
    """Say whether the balancer's word is evidence: it calls the backend healthy, and can see it at its weight."""
    seen_at = bool(row.weight) or seen[Pools].capabilities.health_at_zero
    return seen_at and row.target.health is Health.HEALTHY


def why_not_ready(slot: Slot) -> Message | None:
    """Say why the pods behind a slot are no proof that it can serve. A pod that nobody could read says nothing."""
    if not slot.live:
        return say("slot.deserted")
    if any(pod.ready or not pod.ref.uid for pod in slot.live):
        return None
    return say("slot.not-ready", pod=slot.live[0].ref.name, trouble=slot.live[0].trouble)


def why_not_raised(slot: Slot, seen: Sighting) -> Message | None:
    """Say why a slot at weight 0 must not be given weight; None when it may.

    A health check that passes may have no listener behind it (Istio's readiness has none), so of an old one our own request
    must have been made, too; one without any answer leaves the word to the balancer where it can see the slot.
    """
    if slot.row is None:
        return say("slot.unregistered")
    if why := why_not_ready(slot):
        return why
    proved = is_proved_by_balancer(slot.row, seen)
    if proved and slot.row.side is Side.NEW:
        return None
    return why_called_sick(slot.row, seen) or why_unanswered(slot, seen, proved, slot.vouched)


def why_called_sick(row: Row, seen: Sighting) -> Message | None:
    """Say what the balancer calls a row where that is anything but healthy, and evidence at its weight: where it cannot see
    weight 0, only "unhealthy" is."""
    health = row.target.health
    blind = not (row.weight or seen[Pools].capabilities.health_at_zero) and health is not Health.UNHEALTHY
    return None if blind or health is Health.HEALTHY else say("balancer.calls-it", health=health)


def why_unanswered(slot: Slot, seen: Sighting, proved: bool, vouched: bool = False) -> Message | None:
    """Say why our own request speaks against a slot. `proved`: the balancer calls it healthy and can see it; `vouched`: it did
    so of the same pod, and cannot see it now."""
    failure = seen[Probes].failure(slot.backend)
    if failure is None and not _is_of_this_pod(slot, seen):
        return say("probe.none-yet")
    if failure is None:
        return None
    excused = (failure.code in (SILENCE, REFUSED) and proved) or (failure.code == SILENCE and vouched)
    return None if excused else failure


def _is_of_this_pod(slot: Slot, seen: Sighting) -> bool:
    """Say whether our newest requests were sent since the pod is Ready: an earlier one may have met its predecessor."""
    clocks = seen[Clocks]
    asked = clocks.wall - timedelta(seconds=max(0.0, clocks.monotonic - seen[Probes].at))
    since = [pod.ready_since for pod in slot.live if pod.ready and pod.ready_since]
    return not since or asked >= max(since)


def awaiting_proof(seen: Sighting) -> tuple[Backend, ...]:
    """Give the backends that our own requests must go to: live ones of which the balancer's word is not enough."""
    sides = seen[Sides]
    old = (
        slot for slot in sides.old if not slot.weight or slot.row is None or slot.row.target.health is Health.UNKNOWN
    )
    new = (slot for slot in sides.new if not slot.weight and _is_unsaid(slot, seen))
    return tuple(slot.backend for slot in (*old, *new) if why_not_ready(slot) is None)


def _is_unsaid(slot: Slot, seen: Sighting) -> bool:
    """Say whether the balancer says nothing of a slot that is evidence: it is not on it, or its health cannot be seen."""
    if slot.row is None:
        return True
    return slot.row.target.health is not Health.HEALTHY and why_called_sick(slot.row, seen) is None
