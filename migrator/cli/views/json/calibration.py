"""A calibration as a value; times are seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.cli.views.json.values import when

if TYPE_CHECKING:
    from migrator.domain.balancers.calibration import Calibration, HealthTimes, Timed


def calibration(calibration: Calibration, kept: bool) -> dict[str, Any]:
    """Return it; `settle` is null where plans do not reckon with it."""
    return {
        "at": when(calibration.at),
        "by": calibration.by,
        "way": calibration.way.value,
        "listener": calibration.listener,
        "rate": calibration.rate,
        "connections": calibration.connections,
        "unanswered": calibration.unanswered,
        "changes": [_timed(change) for change in calibration.timed],
        "raised_p50": _rounded(calibration.middle(raised=True)),
        "zeroed_p50": _rounded(calibration.middle(raised=False)),
        "longest": _rounded(calibration.longest),
        "settle": calibration.settle if kept else None,
        "health": calibration.health and _health(calibration.health),
        "kept": kept,
    }


def _health(times: HealthTimes) -> dict[str, Any]:
    return {
        "noticed": _rounded(times.noticed),
        "avoided": _rounded(times.avoided),
        "forgiven": _rounded(times.forgiven),
        "served": _rounded(times.served),
    }


def _timed(change: Timed) -> dict[str, Any]:
    return {
        "backend": str(change.backend),
        "to": "weight" if change.raised else "zero",
        "accepted": _rounded(change.accepted),
        "shown": _rounded(change.shown),
        "effective": _rounded(change.effective),
        "resolution": _rounded(change.resolution),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
