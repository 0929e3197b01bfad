"""A run whose record is in the cluster, though nobody carries it out: its store is lost, or elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lost:
    """What the record says of the run: its number there, who held it, and its gateway (namespace/name). `ended`: it has ended,
    and only the record was left."""

    run: int
    name: str
    holder: str
    gateway: str
    ended: bool = False
