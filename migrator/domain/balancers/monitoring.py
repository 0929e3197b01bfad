"""What a balancer itself has counted: of a backend since it knows it, or (a cloud) late, in figures of whole periods."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Backend, Side


@dataclass(frozen=True, slots=True)
class Monitored:
    """Counters that only grow. `asked` are connections (or requests) that were sent to the backend, `failed` those that came
    to nothing, `bad` answers by 5xx (None: it does not read answers)."""

    backend: Backend
    asked: int
    failed: int
    bad: int | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What a cloud's monitoring says of one part of a balancer in one period, which began at `at` (Unix seconds).

    `side` is whose backends alone the part has; None: both sides' together, or it stands before them. A figure that is
    None is not read; `asked`, `failed` and `bad` are counts of the period, as those of `Monitored`. `backend` is the one that
    the part is, where it is a single one: whose it is, is then known by its address.
    """

    part: str
    side: Side | None
    at: float
    period: float
    healthy: int | None = None
    unhealthy: int | None = None
    asked: int | None = None
    failed: int | None = None
    bad: int | None = None
    backend: Backend | None = None


@dataclass(frozen=True, slots=True)
class MonitoringLook:
    """What a plan saw of the cloud's monitoring: how many figures it had; or `why` it could not be read, and whether that was
    `refused`."""

    figures: int
    why: Message | None = None
    refused: bool = False
