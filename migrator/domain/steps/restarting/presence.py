"""How a row is taken out of the traffic and put back: by its weight, or, where weights are a pool's, by leaving and joining.

A row that is out has weight 0 either way: one that has left its pool is shown as a row at 0 of which the balancer says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Capabilities, Health, Pools, Row, Scope, Target, Weighted
from migrator.domain.model.decisions import Do
from migrator.domain.sides.batches import next_weights, one_batch
from migrator.domain.weights.floors import safe_lowers


def leaves(capabilities: Capabilities) -> bool:
    """Say whether a row is out by having left its pool: the pool's weight is the others', too."""
    return capabilities.weights_of is Scope.POOL


def silence(capabilities: Capabilities) -> float:
    """Give the seconds after which nobody new is sent to a row that was taken out."""
    return capabilities.drain_floor if leaves(capabilities) else capabilities.settle


def as_seen(recorded: Sequence[Weighted], pools: Pools) -> tuple[Row, ...]:
    """Give the recorded rows that are there. One that had weight and has left its pool is given at 0; in which pool it was, the
    record says."""
    there = {row.backend: row for row in pools.rows}
    found = []
    for each in recorded:
        if each.backend in there:
            found.append(there[each.backend])
        elif leaves(pools.capabilities) and each.weight:
            found.append(Row(Target(each.backend, 0, Health.UNKNOWN, pool=each.backend.ref), None))
    return tuple(found)


def next_presence(pools: Pools, ins: Sequence[Weighted], outs: Sequence[Weighted]) -> Do | None:
    """Give the next batch: those that come back first, then as many that go as leave every listener something healthy with
    weight."""
    if not leaves(pools.capabilities):
        batch = next_weights(pools, ins, outs)
        return Do(SetWeights(batch), say("renew.weigh", rows=len(batch))) if batch else None
    if joining := one_batch(tuple(row.backend for row in ins), pools.capabilities):
        return Do(Register(joining, standing=True), say("presence.join", rows=len(joining)))
    going = one_batch(tuple(row.backend for row in safe_lowers(pools, outs)), pools.capabilities)
    return Do(Deregister(going, standing=True), say("presence.leave", rows=len(going))) if going else None


def put_back(rows: tuple[Weighted, ...], capabilities: Capabilities) -> SetWeights | Register:
    """Give the write that puts recorded rows back, whatever they are now."""
    if not leaves(capabilities):
        return SetWeights(rows)
    return Register(tuple(row.backend for row in rows), standing=True)


def take_out(rows: tuple[Weighted, ...], capabilities: Capabilities) -> SetWeights | Deregister:
    """Give the write that takes rows out."""
    if not leaves(capabilities):
        return SetWeights(tuple(Weighted(row.backend, 0) for row in rows))
    return Deregister(tuple(row.backend for row in rows), standing=True)
