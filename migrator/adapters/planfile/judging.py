"""The keys of the plan file that say what the judge judges by."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.values import (
    Authorization,
    Duration,
    HeaderName,
    Percent,
    SecretPlace,
    Strict,
    Url,
    Word,
    usual,
)
from migrator.domain.messages.message import say


class LimitPair(Strict):
    """Above `hold` the run does not advance, above `abort` it turns back."""

    hold: Percent
    abort: Percent

    @model_validator(mode="after")
    def ordered(self) -> LimitPair:
        """Refuse limits that are the wrong way round."""
        if self.hold > self.abort:
            raise RuleBroken(say("rule.hold-abort"))
        return self


def _usual_limits() -> LimitPair:
    return LimitPair.model_validate({"hold": "0.1%", "abort": "1%"})


class Latency(LimitPair):
    """A request longer than `over` is slow; `flush` is Envoy's `stats_flush_interval`, at which its histograms are merged."""

    over: Duration = usual("1s")
    flush: Duration = usual("5s")


class Scrape(Strict):
    """The gateways' own counters."""

    interval: Duration = usual("1s")
    window: Duration = usual("5s")
    second_look: Duration = usual("1s", alias="secondLook")


class Prometheus(Strict):
    """A second opinion. Queries may be given; `{workload}` and `{window}` are filled in."""

    url: Url
    interval: Duration = usual("15s")
    window: Duration = usual("1m")
    total: Word | None = None
    errors: Word | None = None
    authorization: Authorization | None = None
    headers: dict[HeaderName, SecretPlace] = Field(default_factory=dict)
    ca: Word | None = None
    certificate: Word | None = None
    key: Word | None = None

    @model_validator(mode="after")
    def one_way_in(self) -> Prometheus:
        """Refuse half a client certificate, and two answers to who asks."""
        if (self.certificate is None) is not (self.key is None):
            raise RuleBroken(say("rule.certificate-key"))
        if self.authorization is not None and "authorization" in {name.lower() for name in self.headers}:
            raise RuleBroken(say("rule.authorization-twice"))
        return self


class NoData(Strict):
    """When nobody can say how the new side is doing, while shifting."""

    policy: Literal["hold"] = "hold"
    rollback_after: Duration = usual("5m", alias="rollbackAfter")


class Classes(Strict):
    """Too many answers other than 2xx, 3xx and 5xx: a collapse turns back, any other jump of 4xx holds."""

    collapse: Percent = usual("50%")
    times: float = Field(5.0, ge=1.0)
    min_requests: int = Field(50, ge=1, alias="minRequests")
    min_connections: int = Field(10, ge=1, alias="minConnections")
    jump: Percent = usual("5%")
    window: Duration = usual("30s")


class Judge(Strict):
    """Where the counts come from and how bad is too bad."""

    scrape: Scrape | None = Field(default_factory=lambda: Scrape.model_validate({}))
    prometheus: Prometheus | None = None
    error_rate: LimitPair = Field(default_factory=_usual_limits, alias="errorRate")
    latency: Latency | None = None
    no_data: NoData = Field(default_factory=lambda: NoData.model_validate({}), alias="noData")
    classes: Classes = Field(default_factory=lambda: Classes.model_validate({}))
