"""Nodes of which some have to carry together, whoever is out: those of one zone, where each zone has only its own. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from migrator.domain.model.balancer import Backend, Pools


@dataclass(frozen=True, slots=True)
class Zone:
    """The addresses of its nodes, and how many of them must carry behind each listener at any time."""

    name: str
    addresses: tuple[str, ...]
    least: int = 1


def spared(zones: Iterable[Zone], pools: Pools, out: Collection[Backend]) -> bool:
    """Say whether each zone has enough that carry behind every listener without these backends; one that has too few anyway
    is spared only where it loses nobody."""
    return all(_has_enough(zone, pools, out, listener) for zone in zones for listener in pools.listeners)


def _has_enough(zone: Zone, pools: Pools, out: Collection[Backend], listener: str) -> bool:
    rows = [row for row in pools.rows if row.backend.listener == listener and row.backend.address in zone.addresses]
    carrying = [row for row in rows if row.carrying]
    left = [row for row in carrying if row.backend not in out]
    return len(left) >= zone.least or len(left) == len(carrying)
