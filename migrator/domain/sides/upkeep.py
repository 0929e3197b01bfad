"""What a run owes its sides every turn: whoever comes is registered at 0 and given its place's weight once it is proved,
whoever goes is taken down and off. The share stays what it is; nothing here gives the new side more of it. Pure.

Which sides are looked after at a step is the step's word (`keeps`), and the most that the new side may have (`ceiling`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Pools, Row, Side, Unit, Weighted
from migrator.domain.model.decisions import Do
from migrator.domain.model.runs import Heading
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import Clocks, JournalFacts, Probes, RunPosition, Sighting
from migrator.domain.sides.batches import is_pooled, one_batch
from migrator.domain.sides.fitness import why_not_ready
from migrator.domain.sides.split import planned
from migrator.domain.weights.drift import stands_as_recorded
from migrator.domain.weights.planner import next_chunk, pending

CLOSE = 0.5
"""Percentage points within which a share is that of its step: weights are whole numbers."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which sides a step wants kept, and the percent that it allows the new side at most.

    `shifts`: the step gives a side traffic now, so it plans every weight itself, with whoever has come.
    """

    sides: tuple[Side, ...]
    ceiling: float = 100.0
    shifts: bool = False


def upkeep(keeping: Keeping, seen: Sighting) -> Do | None:
    """Give the first thing that is due: weights, who is to come, who is to go; None while the sides are as they should be."""
    pools = seen[Pools]
    lost = not pools.capabilities.controlled and any(row.deserted and row.weight for row in pools.rows)
    if lost:  # what leads to nobody comes first; else who has come, for the weights to be planned with them
        due = adopt(keeping, seen) or reweigh(keeping, seen) or leave(keeping, seen) or register(keeping, seen)
    else:
        due = adopt(keeping, seen) or register(keeping, seen) or reweigh(keeping, seen)
    return due or remove(keeping, seen)


# --- weights ------------------------------------------------------------------------------------------------------------


def adopt(keeping: Keeping, seen: Sighting) -> Do | None:
    """Account for old rows that came by themselves with the weight of their place: it is set as it is, once."""
    pools = seen[Pools]
    came = tuple(row.backend for row in pools.of(Side.OLD) if stands_as_recorded(row, seen))
    batch = one_batch(came, pools.capabilities) if Side.OLD in keeping.sides and not is_pooled(seen) else ()
    if not batch:
        return None
    rows = tuple(Weighted(backend, pools.weights()[backend]) for backend in batch)
    return Do(SetWeights(rows), say("sides.adopt", backends=tuple(map(str, batch))))


def reweigh(keeping: Keeping, seen: Sighting) -> Do | None:
    """Take down what leads to no pod, and give those their part that were proved, at the share that stands."""
    pools = seen[Pools]
    rows = [row for listener in pools.listeners for row in _due(keeping, seen.having(_of_listener(pools, listener)))]
    chunk = next_chunk(pools, rows)
    if not chunk:
        return None
    now = pools.weights()
    up = tuple(str(row.backend) for row in chunk if row.weight > now[row.backend])
    down = tuple(str(row.backend) for row in chunk if row.weight < now[row.backend])
    changes = (say("sides.raise", backends=up),) * bool(up) + (say("sides.lower", backends=down),) * bool(down)
    return Do(SetWeights(chunk), say("sides.weigh", changes=changes))


def _of_listener(pools: Pools, listener: str) -> Pools:
    return replace(pools, rows=tuple(row for row in pools.rows if row.backend.listener == listener))


def _due(keeping: Keeping, seen: Sighting) -> Sequence[Weighted]:
    """Give the rows of one listener that are to change; none while nobody has come or gone there."""
    pools, theirs = seen[Pools], {row.backend for row in brought(seen)}
    share = replace(pools, rows=tuple(row for row in pools.rows if row.backend not in theirs)).share()
    if share is None:
        return ()
    over = share > keeping.ceiling + CLOSE and not keeping.shifts
    gone = any(row.deserted and row.weight for row in pools.rows)
    # The new side's is spread anew by lowering first: a share that nothing brings back would shrink with every turn.
    regained = share >= 100 - CLOSE or _stood(keeping, seen)
    sides = (side for side in keeping.sides if not keeping.shifts and (side is Side.OLD or regained))
    idle = [row.backend for side in sides for row in _idle(pools, side, seen[Sides].vacant)]
    idle += theirs
    under = _stood(keeping, seen) and share < keeping.ceiling - CLOSE
    if not (over or under or gone or idle):
        return ()
    stands = under or abs(share - keeping.ceiling) <= CLOSE
    held = keeping.ceiling if stands else min(share, keeping.ceiling)
    back = seen[RunPosition].heading is Heading.BACK
    weighted = {row.backend for row in pools.rows if row.weight}
    rows = [
        row
        for row in pending(pools, planned(seen, held, restoring=back).rows)
        if not (back and _raises_new(row, pools))
    ]
    came = any(row.backend in idle and (row.weight or row.backend in weighted) for row in rows)
    return rows if gone or came or over or under else ()


def _stood(keeping: Keeping, seen: Sighting) -> bool:
    """Say whether the step's share was watched already: then it is the share that stands, whoever has come or gone since."""
    forward = seen[RunPosition].heading is Heading.FORWARD
    return forward and not keeping.shifts and keeping.ceiling < 100 and seen[JournalFacts].soaked > 0


def brought(seen: Sighting) -> list[Row]:
    """Give the old rows that a cloud's controller has registered by itself, with a weight of its own: each gets its slot's."""
    pools, known = seen[Pools], seen[JournalFacts].weights
    if not pools.capabilities.controlled:
        return []
    return [row for row in pools.of(Side.OLD) if row.weight and not row.deserted and row.backend not in known]


def _raises_new(wanted: Weighted, pools: Pools) -> bool:
    return any(row.backend == wanted.backend and wanted.weight > row.weight for row in pools.of(Side.NEW))


def _idle(pools: Pools, side: Side, vacant: Set[Backend]) -> list[Row]:
    """Give the rows of a side that may have come: those without weight beside others with some. Of the new side only where
    there is one such row, since a coarse share leaves several out, or where each had weight until its pod took itself off.
    """
    rows = [row for row in pools.of(side) if not row.deserted]
    idle = [row for row in rows if not row.weight]
    known = side is Side.OLD or len(idle) == 1 or all(row.backend in vacant for row in idle)
    return idle if len(idle) < len(rows) and known else []


# --- who comes ----------------------------------------------------------------------------------------------------------


def register(keeping: Keeping, seen: Sighting) -> Do | None:
    """Register the Ready pods that are not on the balancer, at weight 0; into a pool that has weight, proved ones alone."""
    due = registration(seen, *_registered(keeping, seen))
    if due is None:
        return None
    named = tuple(map(str, due.backends))
    return Do(due, say("sides.join", backends=named) if due.standing else say("sides.register", backends=named))


def registration(seen: Sighting, *sides: Side) -> Register | None:
    """Give the next batch of these sides' pods that are to be registered: none where a controller does so by itself."""
    capabilities = seen[Pools].capabilities
    due = tuple(slot.backend for side in sides for slot in coming(seen, side))
    for standing in (False, True) if capabilities.by_invitation or not capabilities.controlled else ():
        if batch := one_batch(tuple(b for b in due if _joins(b, seen) is standing), capabilities):
            return Register(batch, standing=standing)
    return None


def _registered(keeping: Keeping, seen: Sighting) -> tuple[Side, ...]:
    """Give the sides that get new backends: on the way back nobody is added to the new side."""
    back = seen[RunPosition].heading is Heading.BACK
    return tuple(side for side in keeping.sides if side is Side.OLD or not back)


def coming(seen: Sighting, side: Side) -> tuple[Slot, ...]:
    """Give the side's slots that are to be registered now."""
    slots = (slot for slot in seen[Sides].of(side) if slot.row is None)
    return tuple(slot for slot in slots if why_not_coming(slot, side, seen) is None)


def why_not_coming(slot: Slot, side: Side, seen: Sighting) -> Message | None:
    """Say why a slot is not registered yet."""
    if why := why_not_ready(slot):
        return why
    return seen[Probes].failure(slot.backend) if _joins(slot.backend, seen) else None


def _joins(backend: Backend, seen: Sighting) -> bool:
    """Say whether a backend gets weight by being registered: its side's pool on that listener has some."""
    if not is_pooled(seen):
        return False
    side = Side.OLD if any(slot.backend == backend for slot in seen[Sides].old) else Side.NEW
    return any(row.weight for row in seen[Pools].of(side, backend.listener))


# --- who goes -----------------------------------------------------------------------------------------------------------


def leave(keeping: Keeping, seen: Sighting) -> Do | None:
    """Take those out of a pool with weight whose pod is gone or going: the pool would go on sending them its part."""
    pools = seen[Pools]
    if not is_pooled(seen):
        return None
    units = (unit for name in pools.listeners for unit in pools.units(name) if unit.side in keeping.sides)
    due = tuple(backend for unit in units if unit.weight for backend in _leaving(unit, seen))
    batch = one_batch(due, pools.capabilities)
    return Do(Deregister(batch, standing=True), say("sides.leave", backends=tuple(map(str, batch)))) if batch else None


def _leaving(unit: Unit, seen: Sighting) -> Iterable[Backend]:
    """Give who leaves a pool that goes on without them: while another member carries it all whose pod goes, whose connections
    then end by the pool's own delay; else those who are gone, as long as somebody stays."""
    carried, slots = any(row.carrying for row in unit.rows), seen[Sides].by_backend()
    gone = [row.backend for row in unit.rows if row.deserted]
    if carried:
        return gone
    return [backend for backend in gone if not slots[backend].pods] if len(gone) < len(unit.rows) else ()


def remove(keeping: Keeping, seen: Sighting) -> Do | None:
    """Take off what has no weight and no pod at all any more."""
    pools = seen[Pools]
    if pools.capabilities.controlled:
        return None
    left = (slot for side in keeping.sides for slot in seen[Sides].of(side) if _is_left(slot, seen))
    due = tuple(slot.backend for slot in left if not slot.weight and _is_settled(slot.backend, seen))
    batch = one_batch(due, pools.capabilities)
    return Do(Deregister(batch), say("sides.remove", backends=tuple(map(str, batch)))) if batch else None


def _is_left(slot: Slot, seen: Sighting) -> bool:
    """Say whether nobody will come back to a row: its pod is gone, and the address was the pod's own."""
    row = slot.row
    return row is not None and row.deserted and not slot.pods and slot.backend.address not in seen[Sides].nodes


def _is_settled(backend: Backend, seen: Sighting) -> bool:
    """Say whether the weight 0 has reached the data plane."""
    written = seen[JournalFacts].written_at.get(backend)
    settle = seen[Pools].capabilities.settle
    return written is None or (seen[Clocks].wall - written).total_seconds() >= settle
