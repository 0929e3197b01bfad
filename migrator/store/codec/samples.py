"""A sample of a run as short JSON text: there are hundreds of them, of fifty backends each. What cannot be read is left out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from migrator.domain.model.balancer import Backend, Health, Side
from migrator.domain.showing.series import BackendSample, Sample, SideSample
from migrator.store.codec.codec import text_of

DIGITS = 6
"""Places after the point that are kept: microseconds, and millionths of a percent."""


def dump(sample: Sample) -> str:
    """Give the text of everything but its time."""
    return text_of(
        {
            "seconds": _short(sample.seconds),
            "share": [_short(sample.share), _short(sample.meant), _short(sample.observed)],
            "old": _side(sample.old),
            "new": _side(sample.new),
            "different": sample.different,
            "backends": [_backend(row) for row in sample.backends],
            "others": sample.others,
        }
    )


def load(at: datetime, text: str) -> Sample | None:
    """Give the sample back; None for a text that is none: a chart has a gap there."""
    try:
        body = json.loads(text)
        share, meant, observed = body["share"]
        return Sample(
            at,
            float(body["seconds"]),
            share,
            meant,
            observed,
            SideSample(*body["old"]),
            SideSample(*body["new"]),
            body["different"],
            tuple(_row(row) for row in body["backends"]),
            body["others"],
        )
    except (ValueError, TypeError, KeyError):
        return None


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _side(side: SideSample) -> list[float | None]:
    numbers = (side.requests, side.bad, side.client, side.slow, side.median, side.late)
    return [*map(_short, numbers), side.connections]


def _backend(row: BackendSample) -> list[object]:
    at, side = row.backend, row.side.value if row.side else None
    return [at.listener, at.address, at.port, side, row.weight, row.health.value, row.connections]


# What was stored is JSON that nobody has looked at yet, so it is of any type.
def _row(row: list[Any]) -> BackendSample:
    listener, address, port, side, weight, health, connections = row
    backend = Backend(listener, address, port)
    return BackendSample(backend, Side(side) if side else None, weight, Health(health), connections)
