"""What the domain asks of a Prometheus, the second opinion on the sides."""

from __future__ import annotations

from typing import Protocol

from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Brief, Rate
from migrator.domain.model.spec import QuerySpec


class RateSource(Protocol):
    """A second opinion on the sides (Prometheus)."""

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give counts over the last `window` seconds; None: nobody can say (empty, NaN, stale)."""
        ...

    def brief(self, side: Side, window: float) -> Brief | None:
        """Give what the newest scrapes alone say, of the last `window` seconds; None: nobody can say, or when they were."""
        ...

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Give the number of a query of the plan's own; None: it gives none, or several."""
        ...
