"""How long going back takes: until every new connection is on the old side again, and until nothing of the run is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.domain.steps.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Return:
    """Seconds from a step: until the old side has its recorded weights, and until the route back is done (deadlines)."""

    traffic: float
    whole: float


def returns(estimates: Iterable[Estimate]) -> list[Return | None]:
    """Give the way back from each step as it stands at the step's end; None from where there is none."""
    weights = traffic = rest = drain = 0.0
    ways: list[Return | None] = []
    for estimate in estimates:
        step = estimate.way_back
        if step is None or (ways and ways[-1] is None):
            ways.append(None)
            continue
        weights = weights if step.weights is None else step.weights
        traffic, rest, drain = traffic + step.traffic, rest + step.rest, max(drain, step.drain)
        ways.append(Return(weights + traffic, weights + traffic + rest + drain))
    return ways
