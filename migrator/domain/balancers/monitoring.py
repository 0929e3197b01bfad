"""What a balancer itself has counted of a backend since it knows it: connections, those that failed, and answers by 5xx."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.balancer import Backend


@dataclass(frozen=True, slots=True)
class Monitored:
    """Counters that only grow. `asked` are connections (or requests) that were sent to the backend, `failed` those that came
    to nothing, `bad` answers by 5xx (None: it does not read answers)."""

    backend: Backend
    asked: int
    failed: int
    bad: int | None = None
