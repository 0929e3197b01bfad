"""What the operator wants of the judge: where its counts come from, and how bad is too bad.

Durations are seconds, rates are fractions (0.01 is one percent).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.model.spec.access import AccessSpec


class NoData(StrEnum):
    """What to do when nobody can say how the new side is doing: hold, and turn back after a while."""

    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Limits:
    """Fractions of requests: above `hold` the run does not advance, above `abort` it turns back."""

    hold: float = 0.001
    abort: float = 0.01


@dataclass(frozen=True, slots=True)
class LatencySpec:
    """A request longer than `over` seconds is slow; the slow fractions are judged like the bad ones.

    `flush`: seconds between two merges of a gateway's histograms (`stats_flush_interval` of Envoy's bootstrap).
    """

    over: float = 1.0
    limits: Limits = Limits(0.05, 0.20)
    flush: float = 5.0


@dataclass(frozen=True, slots=True)
class ClassesSpec:
    """The mix of classes: what is too many answers other than 2xx, 3xx and 5xx of the new side, beside the old one's.

    A *collapse*, more than `collapse` of its answers and `times` the old side's fraction, turns back; `min_requests` and
    `min_connections` are needed to say so. Any other jump of 4xx, by more than the fraction `jump` in `window` seconds, holds.
    """

    collapse: float = 0.5
    times: float = 5.0
    min_requests: int = 50
    min_connections: int = 10
    jump: float = 0.05
    window: float = 30.0


@dataclass(frozen=True, slots=True)
class ScrapeSpec:
    """The gateways' own counters: seconds between samples, of a judged window, and before the second look."""

    interval: float = 1.0
    window: float = 5.0
    second_look: float = 1.0


@dataclass(frozen=True, slots=True)
class QuerySpec:
    """A query of the plan's own that gives one number: beyond `hold` the run does not advance, beyond `abort` it turns back.

    `below`: a number is bad where it is less than its limits, not where it is more. `side` is whose names are filled in.
    """

    name: str
    query: str
    hold: float | None = None
    abort: float | None = None
    below: bool = False
    side: str = "new"


@dataclass(frozen=True, slots=True)
class PrometheusSpec:
    """A Prometheus as second opinion. Queries None: the built-in ones of the gateway kind (with `{side}` filled in).

    `access`: how it is asked where it wants to know who asks (None: by anybody, with the CAs of this machine).
    `queries` are judged beside the counts.
    """

    url: str
    interval: float = 15.0
    window: float = 60.0
    total: str | None = None
    errors: str | None = None
    access: AccessSpec | None = None
    queries: tuple[QuerySpec, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherSpec:
    """A judge of the plan's own, asked every `interval` seconds: an address (POST), a command, or the balancer."""

    name: str
    url: str = ""
    command: tuple[str, ...] = ()
    interval: float = 15.0
    timeout: float = 5.0
    balancer: bool = False


@dataclass(frozen=True, slots=True)
class NoDataSpec:
    """When nobody can say how the new side is doing while shifting: hold, then turn back after `rollback_after` s."""

    policy: NoData = NoData.HOLD
    rollback_after: float = 300.0


@dataclass(frozen=True, slots=True)
class JudgeSpec:
    """Where the counts come from and how bad is too bad."""

    scrape: ScrapeSpec | None = ScrapeSpec()
    prometheus: PrometheusSpec | None = None
    error_rate: Limits = Limits()
    latency: LatencySpec | None = None
    no_data: NoDataSpec = NoDataSpec()
    classes: ClassesSpec = ClassesSpec()
    others: tuple[OtherSpec, ...] = ()

    @property
    def asks_balancer(self) -> bool:
        """Say whether the balancer's own monitoring is one of the plan's judges."""
        return any(other.balancer for other in self.others)
