"""Which pods the balancer has called healthy while it could see them, and for how long that stands. Pure.

A balancer that does not show the health of a backend without weight leaves an old side at weight 0 to our own requests; and
where these reach no pod, what was seen of the same pod before is all there is to go by.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from migrator.domain.model.balancer import Backend, Capabilities, Health
from migrator.domain.observation.sides import Sides, Slot, Vouched


def vouching(before: Iterable[Vouched], sides: Sides, capabilities: Capabilities, now: datetime) -> tuple[Vouched, ...]:
    """Give what is known after this look: who is called healthy now, by its pod; and what was known of the others before.

    It is dropped where the balancer calls the pod something else, or another pod has come.
    """
    known = {each.backend: each for each in before}
    found: dict[Backend, Vouched] = {}
    for slot in sides.old:
        uid = _alone(slot)
        if uid and slot.row is not None and _is_seen(slot, capabilities):
            if slot.row.target.health is Health.HEALTHY:
                found[slot.backend] = Vouched(slot.backend, uid, now)
        elif (each := known.get(slot.backend)) is not None and each.uid == uid:
            found[slot.backend] = each
    return tuple(found.values())


def told_of_before(sides: Sides, known: Iterable[Vouched]) -> Sides:
    """Give the sides with those old slots marked whose very pod the balancer called healthy since it is Ready."""
    by_backend = {each.backend: each for each in known}
    return replace(sides, old=tuple(replace(slot, vouched=_stands(slot, by_backend)) for slot in sides.old))


def _stands(slot: Slot, known: dict[Backend, Vouched]) -> bool:
    each = known.get(slot.backend)
    if each is None or each.uid != _alone(slot):
        return False
    return all(pod.ready and (pod.ready_since is None or pod.ready_since <= each.at) for pod in slot.live)


def _alone(slot: Slot) -> str:
    """Give the uid of the one pod behind a slot; "" where there are several, or nobody could read it."""
    return slot.live[0].ref.uid if len(slot.live) == 1 else ""


def _is_seen(slot: Slot, capabilities: Capabilities) -> bool:
    """Say whether what the balancer calls a slot is evidence."""
    seen_at = bool(slot.weight) or capabilities.health_at_zero
    return seen_at and slot.row is not None and slot.row.target.health is not Health.UNKNOWN
