"""The keys of the plan file that say what the judge judges by."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.values import (
    Authorization,
    ChannelName,
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


class Query(Strict):
    """A number, and beyond what it holds or turns back."""

    name: ChannelName
    query: Word
    hold: float | None = None
    abort: float | None = None
    when: Literal["above", "below"] = "above"
    side: Literal["new", "old"] = "new"

    @field_validator("hold", "abort", mode="before")
    @classmethod
    def numbers(cls, limit: object) -> object:
        """Take whole numbers too."""
        return float(limit) if isinstance(limit, int) and not isinstance(limit, bool) else limit

    @model_validator(mode="after")
    def ordered(self) -> Query:
        """Refuse a query without a limit, and limits that are the wrong way round."""
        if self.hold is None and self.abort is None:
            raise RuleBroken(say("rule.query-limit"))
        if self.hold is None or self.abort is None:
            return self
        if self.abort < self.hold if self.when == "above" else self.abort > self.hold:
            raise RuleBroken(say("rule.query-order"))
        return self


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
    queries: list[Query] = Field(default_factory=list, max_length=20)

    @field_validator("queries")
    @classmethod
    def named_apart(cls, queries: list[Query]) -> list[Query]:
        """Refuse two of one name."""
        if len({query.name for query in queries}) != len(queries):
            raise RuleBroken(say("rule.queries-distinct"))
        return queries

    @model_validator(mode="after")
    def one_way_in(self) -> Prometheus:
        """Refuse half a client certificate, and two answers to who asks."""
        if (self.certificate is None) is not (self.key is None):
            raise RuleBroken(say("rule.certificate-key"))
        if self.authorization is not None and "authorization" in {name.lower() for name in self.headers}:
            raise RuleBroken(say("rule.authorization-twice"))
        return self


class Other(Strict):
    """A judge of one's own: an address that is asked, a command that is run, or the balancer's own counters."""

    name: ChannelName
    url: Url | None = None
    command: list[Word] = Field(default_factory=list, max_length=100)
    interval: Duration = usual("15s")
    timeout: Duration = usual("5s")
    balancer: bool = False

    @model_validator(mode="after")
    def one_way(self) -> Other:
        """Refuse a judge that is asked nowhere, or in two ways."""
        if [self.url is not None, bool(self.command), self.balancer].count(True) != 1:
            raise RuleBroken(say("rule.other-one-way"))
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
    others: list[Other] = Field(default_factory=list, max_length=8)

    @field_validator("others")
    @classmethod
    def named_apart(cls, others: list[Other]) -> list[Other]:
        """Refuse two of one name."""
        if len({other.name for other in others}) != len(others):
            raise RuleBroken(say("rule.queries-distinct"))
        return others
