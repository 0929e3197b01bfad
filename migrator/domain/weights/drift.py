"""Drift: weights that somebody outside this run has changed, by what the journal says and what was seen. It fights nobody."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, SetWeights
from migrator.domain.model.balancer import Backend, Pools, Row
from migrator.domain.observation.sighting import JournalFacts, Sighting


@dataclass(frozen=True, slots=True)
class WeightDrift:
    """What somebody else did to a backend of ours."""

    backend: Backend
    problem: Message


def drifted_weights(seen: Sighting) -> list[WeightDrift]:
    """Give every backend of ours that has a weight this run never meant, appeared, or vanished."""
    past, weights = seen[JournalFacts], seen[Pools].weights()
    pending, going = _pending(past), _going(past)
    said = [
        WeightDrift(backend, say("drift.changed", weight=weights[backend], meant=meant[0]))
        for backend, meant in past.weights.items()
        if backend in weights and weights[backend] not in meant and weights[backend] != pending.get(backend)
    ]
    said += [
        WeightDrift(backend, say("drift.gone", meant=meant[0]))
        for backend, meant in past.weights.items()
        if backend not in weights and meant[0] and backend not in going
    ]
    said += [
        WeightDrift(row.backend, say("drift.appeared", weight=row.weight))
        for row in seen[Pools].rows
        if row.side is not None and row.weight and row.backend not in past.weights and not _joined(row, seen)
    ]
    return said


def drift(seen: Sighting) -> list[Finding]:
    """Give a finding for every one of them."""
    return [_finding(hand) for hand in drifted_weights(seen)]


def _joined(row: Row, seen: Sighting) -> bool:
    """Say whether a backend joined a pool whose weight this run knows: it shares that weight, and nobody set any."""
    meant = seen[JournalFacts].weights
    pool = (row.backend.listener, row.target.pool)
    return bool(row.target.pool) and any(
        (each.backend.listener, each.target.pool) == pool and each.backend in meant for each in seen[Pools].rows
    )


def _pending(past: JournalFacts) -> dict[Backend, int]:
    action = past.open.action if past.open else None
    return {row.backend: row.weight for row in action.rows} if isinstance(action, SetWeights) else {}


def _going(past: JournalFacts) -> tuple[Backend, ...]:
    """Give what is being removed right now: a pool's backend has weight to the end."""
    action = past.open.action if past.open else None
    return action.backends if isinstance(action, Deregister) else ()


def _finding(hand: WeightDrift) -> Finding:
    return block("weights.foreign-hand", str(hand.backend), change=hand.problem)
