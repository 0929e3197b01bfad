"""The weights to have now: from the recorded ones and the slots that can carry, so that the share is as it should be. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from migrator.domain.model.balancer import Backend, Health, Pools, Row, Scope, Side, Unit, Weighted
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import Sighting
from migrator.domain.sides.fitness import is_proved_by_balancer, why_not_raised, why_unanswered
from migrator.domain.weights.planner import Split, wanted


def planned(seen: Sighting, share: float, restoring: bool = False) -> Split:
    """Give the weights for `share` percent on the new side with whoever can carry now; a place that cannot gets none.

    `restoring`: the old side gets its recorded weights back, whatever the balancer thinks of it (see `_can_return`).
    """
    pools, slots = seen[Pools], seen[Sides].by_backend()
    ours = [row for row in pools.rows if row.side]
    if pools.capabilities.weights_of is Scope.POOL:
        idle = _forsaken(pools) & {row.backend for row in ours}
    else:
        idle = {row.backend for row in ours if not _has_part(row, slots, seen, restoring)}
    if restoring:
        idle -= {row.backend for row in pools.rows if _is_last_hope(row, idle, pools)}
    rest = replace(pools, rows=tuple(row for row in pools.rows if row.backend not in idle))
    split = wanted(rest, recorded_now(seen[Sides]), share)
    left = _of_the_controller(pools)
    return replace(split, rows=(*split.rows, *(Weighted(backend, left.get(backend, 0)) for backend in sorted(idle))))


def _of_the_controller(pools: Pools) -> dict[Backend, int]:
    """Give the rows that are left as they are, with their weight: those whose pod is gone or going, where a cloud's controller
    takes them off by itself. It may have done so before a write of ours comes."""
    return {row.backend: row.weight for row in pools.rows if row.deserted} if pools.capabilities.controlled else {}


def _is_last_hope(row: Row, idle: Set[Backend], pools: Pools) -> bool:
    """Say whether an old row has to do: nobody of its side is proved on its listener, and the balancer calls it healthy.

    A person was asked before it comes to that (`Attach`).
    """
    if row.side is not Side.OLD or row.deserted or row.target.health is not Health.HEALTHY:
        return False
    return all(each.backend in idle for each in pools.of(Side.OLD, row.backend.listener))


def recorded_now(sides: Sides) -> Sequence[Weighted]:
    """Give the recorded weight of each old slot that lives; where none does, the plan's record tells the usual one."""
    living = tuple(Weighted(slot.backend, slot.recorded) for slot in sides.old if slot.row is not None and slot.live)
    return living or sides.recorded


def _has_part(row: Row, slots: Mapping[Backend, Slot], seen: Sighting, restoring: bool) -> bool:
    if row.deserted or row.weight:
        return not row.deserted
    slot = slots[row.backend]
    return _can_return(slot, row, seen) if restoring and row.side is Side.OLD else why_not_raised(slot, seen) is None


def _can_return(slot: Slot, row: Row, seen: Sighting) -> bool:
    """Say whether an old row at weight 0 gets its recorded weight back. What the balancer calls unhealthy gets no traffic by
    it, and is left as it was found; but what passes a health check and does not answer us would get traffic that is lost.
    """
    called_sick = row.target.health is Health.UNHEALTHY
    return called_sick or why_unanswered(slot, seen, is_proved_by_balancer(row, seen), slot.vouched) is None


def _forsaken(pools: Pools) -> set[Backend]:
    """Give the rows in whose whole pool nobody carries its part: they have one weight, so they have their part together.

    Each is deserted, or came so lately that the balancer has not judged it yet: nothing sends their part to other pools.
    """
    units = (unit for name in pools.listeners for unit in pools.units(name) if _nobody_in(unit))
    return {backend for unit in units for backend in unit.backends}


def _nobody_in(unit: Unit) -> bool:
    left = [row for row in unit.rows if not row.deserted]
    return len(left) < len(unit.rows) and all(row.target.health is Health.PENDING for row in left)
