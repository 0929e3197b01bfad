"""Drift: weights that somebody outside this run has changed, by what the journal says and what was seen. It fights nobody."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, SetWeights
from migrator.domain.model.balancer import Backend, Pools, Row, Side
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import JournalFacts, Sighting


@dataclass(frozen=True, slots=True)
class WeightDrift:
    """What somebody else did to a backend of ours."""

    backend: Backend
    problem: Message


def drifted_weights(seen: Sighting) -> list[WeightDrift]:
    """Give every backend of ours that has a weight this run never meant, appeared, or vanished.

    What becomes of the row of a pod that is gone or going is nobody's hand.
    """
    past, weights = seen[JournalFacts], seen[Pools].weights()
    pending, going = _pending(past), _going(past)
    vacant = seen[Sides].vacant if Sides in seen else frozenset()  # a follower tells every node's fate by itself
    said = [
        WeightDrift(backend, say("drift.changed", weight=weights[backend], meant=meant[0]))
        for backend, meant in past.weights.items()
        if backend in weights
        and backend not in vacant
        and weights[backend] not in meant
        and weights[backend] != pending.get(backend)
        and weights[backend] not in past.late.get(backend, ())
    ]
    said += [
        WeightDrift(backend, say("drift.gone", meant=meant[0]))
        for backend, meant in past.weights.items()
        if backend not in weights and meant[0] and backend not in going and backend not in vacant
    ]
    said += [
        WeightDrift(row.backend, say("drift.appeared", weight=row.weight))
        for row in seen[Pools].rows
        if row.side is not None
        and row.weight
        and row.backend not in past.weights
        and not (row.deserted or _joined(row, seen) or _is_brought(row, seen) or stands_as_recorded(row, seen))
    ]
    return said


def arrived_late(seen: Sighting) -> dict[Backend, int]:
    """Give the backends whose weight is that of a write of this run that was given up, and the row of that write."""
    past, weights = seen[JournalFacts], seen[Pools].weights()
    return {
        backend: rows[weights[backend]]
        for backend, rows in past.late.items()
        if weights.get(backend) in rows and weights[backend] not in past.weights.get(backend, ())
    }


def drift(seen: Sighting) -> list[Finding]:
    """Give a finding for every one of them."""
    return [_finding(hand) for hand in drifted_weights(seen)]


def _is_brought(row: Row, seen: Sighting) -> bool:
    """Say whether a cloud's controller has registered a living pod by itself: its row is taken over, once, with its weight."""
    return seen[Pools].capabilities.controlled and not row.deserted


def stands_as_recorded(row: Row, seen: Sighting) -> bool:
    """Say whether an old row came with a living pod or node and has its place's recorded weight, as all old rows still do."""
    past, slots = seen[JournalFacts], seen[Sides].old if Sides in seen else ()
    if row.side is not Side.OLD or row.deserted or not row.weight or row.backend in past.weights:
        return False
    if any(slot.weight != slot.recorded for slot in slots if slot.live and slot.backend in past.weights):
        return False
    return any(slot.backend == row.backend and slot.recorded == row.weight for slot in slots)


def _joined(row: Row, seen: Sighting) -> bool:
    """Say whether a backend joined a pool whose weight this run knows: it shares that weight, and nobody set any.

    Somebody else may have replaced all its members at once (a controller that keeps the old side's group): then the weight is
    still the one that the run knows of those that were there.
    """
    meant, pool = seen[JournalFacts].weights, (row.backend.listener, row.target.pool)
    if not row.target.pool:
        return False
    if any((each.backend.listener, each.target.pool) == pool and each.backend in meant for each in seen[Pools].rows):
        return True
    return any((known.listener, known.ref) == pool and row.weight in values for known, values in meant.items())


def _pending(past: JournalFacts) -> dict[Backend, int]:
    action = past.open.action if past.open else None
    return {row.backend: row.weight for row in action.rows} if isinstance(action, SetWeights) else {}


def _going(past: JournalFacts) -> tuple[Backend, ...]:
    """Give what is being removed right now: a pool's backend has weight to the end."""
    action = past.open.action if past.open else None
    return action.backends if isinstance(action, Deregister) else ()


def _finding(hand: WeightDrift) -> Finding:
    return block("weights.foreign-hand", str(hand.backend), change=hand.problem)
