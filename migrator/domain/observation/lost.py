"""A run whose record is in the cluster, though nobody carries it out: its store is lost, or elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.message import Message


@dataclass(frozen=True, slots=True)
class Lost:
    """What the record says of the run: its number there, who held it, and its gateway (namespace/name). `ended`: it has ended,
    and only the record was left. `damage` is why the record cannot be used: somebody has changed it, or a part is gone."""

    run: int
    name: str
    holder: str
    gateway: str
    ended: bool = False
    damage: Message | None = None
