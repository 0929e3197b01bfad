"""A gateway's own rows on the balancer: which are lowered when it goes, given back, or raised when it came. Pure.

The last that carries on a listener is never lowered: nobody else could answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from migrator.domain.model.balancer import Backend, Capabilities, Pools, Row, Target, Weighted
from migrator.domain.sides.batches import next_weights
from migrator.domain.weights.usual import usual


@dataclass(frozen=True, slots=True)
class Own:
    """Where the gateway is: its addresses, and the ports that the balancer dials there."""

    addresses: frozenset[str]
    ports: frozenset[int]

    def has(self, backend: Backend) -> bool:
        """Say whether a backend is this gateway."""
        return backend.address in self.addresses and backend.port in self.ports


def own_rows(targets: Sequence[Target], own: Own) -> tuple[Target, ...]:
    """Give the gateway's rows."""
    return tuple(target for target in targets if own.has(target.backend))


def lowers(targets: Sequence[Target], own: Own, capabilities: Capabilities) -> tuple[Weighted, ...]:
    """Give the next batch that takes the gateway off: to weight 0, but not where nobody else carries."""
    wanted = [Weighted(row.backend, 0) for row in own_rows(targets, own) if row.weight]
    return next_weights(_pools(targets, capabilities), (), wanted)


def forsaken(
    targets: Sequence[Target], lowered: Collection[Weighted], capabilities: Capabilities
) -> tuple[Weighted, ...]:
    """Give what is to be given back at once of what was lowered, with the weight that it had: where no row carries any more.

    Two that go in the same moment may each have counted on the other.
    """
    pools = _pools(targets, capabilities)
    carried = {row.backend.listener for row in pools.rows if row.carrying}
    there = {row.backend for row in pools.rows}
    wanted = [row for row in lowered if row.backend in there and row.backend.listener not in carried]
    return next_weights(pools, wanted, ())


def raises(targets: Sequence[Target], own: Own, capabilities: Capabilities) -> tuple[Weighted, ...]:
    """Give the next batch that brings the gateway back: from weight 0 to what most on its listener have.

    Where nobody has weight nothing is known, and nothing is raised.
    """
    wanted = []
    for row in own_rows(targets, own):
        weight = usual(each.weight for each in targets if each.backend.listener == row.backend.listener)
        if not row.weight and weight:
            wanted.append(Weighted(row.backend, weight))
    return next_weights(_pools(targets, capabilities), wanted, ())


def _pools(targets: Sequence[Target], capabilities: Capabilities) -> Pools:
    return Pools(tuple(Row(target, None) for target in targets), capabilities)
