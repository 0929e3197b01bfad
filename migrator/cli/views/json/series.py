"""What was measured over time as columns: one list of times, and beside it a list of as many values for each thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from migrator.cli.views.json.values import when
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.showing.series import BackendSample, Sample


def series(samples: Sequence[Sample]) -> dict[str, Any] | None:
    """Return the columns; None for a run of which nothing was kept."""
    if not samples:
        return None
    return {
        "at": [when(sample.at) for sample in samples],
        "seconds": [round(sample.seconds, 3) for sample in samples],
        "share": [_short(sample.share) for sample in samples],
        "meant": [_short(sample.meant) for sample in samples],
        "observed": [_short(sample.observed) for sample in samples],
        **{side.value: _side(samples, side) for side in (Side.OLD, Side.NEW)},
        "different": [sample.different for sample in samples],
        "backends": _backends(samples),
        "more_backends": max(sample.others for sample in samples),
    }


def _side(samples: Sequence[Sample], side: Side) -> dict[str, Any]:
    found = [sample.of(side) for sample in samples]
    return {
        "requests_per_second": [_short(row.requests) for row in found],
        "bad_per_second": [_short(row.bad) for row in found],
        "client_per_second": [_short(row.client) for row in found],
        "slow_percent": [None if row.slow is None else _short(100.0 * row.slow) for row in found],
        "p50": [_short(row.median) for row in found],
        "p99": [_short(row.late) for row in found],
        "connections": [row.connections for row in found],
    }


def _backends(samples: Sequence[Sample]) -> list[dict[str, Any]]:
    """Return a row for each backend; it has null where it was not seen."""
    places: dict[tuple[Backend, Side | None], list[BackendSample | None]] = {}
    for number, sample in enumerate(samples):
        for row in sample.backends:
            places.setdefault((row.backend, row.side), [None] * len(samples))[number] = row
    return [
        {
            "backend": str(backend),
            "side": side.value if side else None,
            "weight": [row and row.weight for row in rows],
            "health": [row and row.health.value for row in rows],
            "connections": [row and row.connections for row in rows],
        }
        for (backend, side), rows in places.items()
    ]


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
