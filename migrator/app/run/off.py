"""What a process that follows gateways can say of one: whether it is off the balancer. Only a fresh look counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrator.domain.model.balancer import Pools
from migrator.domain.observation.sighting import Stale
from migrator.workflow.progress import Progress

FRESH = 10.0
"""Seconds after which what was seen is no word any more: somebody may have raised it since."""


@dataclass(frozen=True, slots=True)
class Seen:
    """When (monotonic) a gateway's rows were seen, which addresses had weight then, and which were ever there."""

    at: float
    weighted: frozenset[str]
    known: frozenset[str]


class Off:
    """The newest look of each gateway. Written by each gateway's own thread, read by those that answer."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._newest: dict[str, Seen] = {}

    def see(self, name: str, progress: Progress) -> None:
        """Keep a turn's look, if it looked."""
        seen = progress.seen
        if (
            seen is None
            or Pools not in seen
            or (Stale in seen and any(kind is Pools for kind, _ in seen[Stale].reasons))
        ):
            return
        rows = seen[Pools].rows
        weighted = frozenset(row.backend.address for row in rows if row.weight)
        before = self._newest.get(name)
        known = frozenset(row.backend.address for row in rows) | (before.known if before else frozenset())
        self._newest[name] = Seen(self._monotonic(), weighted, known)

    def says(self, address: str) -> bool | None:
        """Say whether no row at an address has weight; None where nobody here knows it, or has looked lately."""
        now = self._monotonic()
        fresh = [seen for seen in list(self._newest.values()) if address in seen.known]
        if not fresh or any(now - seen.at > FRESH for seen in fresh):
            return None
        return not any(address in seen.weighted for seen in fresh)
