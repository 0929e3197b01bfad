"""What CloudWatch has of a balancer: healthy targets by group, connections or requests, those that failed, answers by 5xx.

Source: "CloudWatch metrics for your Network Load Balancer" and the same of the Application Load Balancer (names, dimensions,
statistics, when a metric is reported at all); botocore's model of CloudWatch 2010-08-01 (GetMetricData, which still speaks
the query protocol). Metrics are sent every 60 s while traffic flows. How late a point may come is documented nowhere.

* Network: HealthyHostCount (the documents advise its maximum) and UnHealthyHostCount (its minimum) are by LoadBalancer and
  TargetGroup, NewFlowCount by TargetGroup alone. Failed connections (RejectedFlowCount, PortAllocationErrorCount) are by
  LoadBalancer only: they cannot tell the sides apart. Resets (TCP_Target_Reset_Count, TCP_ELB_Reset_Count) are not read:
  connections that end well are ended so, too. It reads no answers, so it has no 5xx.
* Application: RequestCount, HTTPCode_Target_5XX_Count and TargetConnectionErrorCount are by group as well; those that reached
  no group (HTTPCode_ELB_5XX_Count, RejectedConnectionCount) by LoadBalancer. Counters without a point are 0 there.
* No metric is by single target.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.access.credentials import unix_time
from migrator.adapters.balancers.aws.access.api import Api
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json
from migrator.domain.model.outside.reading import whole_number

BACK = 15
"""So many periods are asked for: those of the share, and some before it to compare with."""

Points = dict[float, float]
"""Numbers by when their periods began (Unix seconds)."""

Names = Mapping[str, str]
"""The values of dimensions."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of figures: a metric, the statistic of it, and the dimensions that it is published by."""

    name: str
    statistic: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Which metrics count what, and by which dimensions."""

    by: tuple[str, ...]
    asked: str
    failed: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()

    def metrics(self, names: Names) -> list[Metric]:
        """Give all of them."""
        return [self._sum(name, names) for name in (self.asked, *self.failed, *self.bad)]

    def figures(self, names: Names, found: Mapping[Metric, Points]) -> dict[str, Points]:
        """Give points by figure; several metrics that make one are added up, in every period that one of them has."""
        figures = {"asked": found[self._sum(self.asked, names)]}
        for figure, metrics in (("failed", self.failed), ("bad", self.bad)):
            if metrics:
                every = [found[self._sum(name, names)] for name in metrics]
                times = {at for points in (*every, figures["asked"]) for at in points}
                figures[figure] = {at: sum(points.get(at, 0.0) for points in every) for at in times}
        return figures

    def _sum(self, name: str, names: Names) -> Metric:
        return Metric(name, "Sum", _dimensions(names, self.by))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of balancer has in CloudWatch. `fills`: its counters are reported only where they are not 0."""

    namespace: str
    whole: Counts
    group: Counts
    fills: bool

    def metrics(self, whole: Names, groups: Sequence[Names]) -> list[Metric]:
        """Give every metric of a balancer and of its groups."""
        mine = self.whole.metrics(whole)
        return [*mine, *(metric for names in groups for metric in (*_health(names), *self.group.metrics(names)))]

    def of_group(self, names: Names, found: Mapping[Metric, Points]) -> dict[str, Points]:
        """Give a group's points by figure."""
        healthy, unhealthy = (found[metric] for metric in _health(names))
        counts = self.group.figures(names, found)
        if self.fills:  # a minute whose health is told was watched: what is not told of it was 0
            counts = {name: dict.fromkeys(healthy, 0.0) | points for name, points in counts.items()}
        return {"healthy": healthy, "unhealthy": unhealthy} | counts


BALANCER, GROUP = "LoadBalancer", "TargetGroup"
NETWORK = Kind(
    "AWS/NetworkELB",
    Counts((BALANCER,), "NewFlowCount", ("RejectedFlowCount", "PortAllocationErrorCount")),
    Counts((GROUP,), "NewFlowCount"),
    fills=False,
)
APPLICATION = Kind(
    "AWS/ApplicationELB",
    Counts((BALANCER,), "RequestCount", ("RejectedConnectionCount",), ("HTTPCode_ELB_5XX_Count",)),
    Counts((BALANCER, GROUP), "RequestCount", ("TargetConnectionErrorCount",), ("HTTPCode_Target_5XX_Count",)),
    fills=True,
)


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Asks CloudWatch; `period` is 60 s or a multiple of it (only a lab has shorter ones)."""

    api: Api
    period: float = 60.0

    def reported(self, balancer: str, groups: Mapping[str, Side]) -> tuple[Reported, ...]:
        """Give the figures of the last periods of a balancer and of target groups, all by ARN."""
        kind = APPLICATION if ":loadbalancer/app/" in balancer else NETWORK
        whole = {BALANCER: balancer.partition(":loadbalancer/")[2]}
        named = {arn: whole | {GROUP: arn.rpartition(":")[2]} for arn in groups}
        metrics = kind.metrics(whole, list(named.values()))
        found = dict(zip(metrics, self._asked(kind.namespace, metrics), strict=True))
        rows = [*self._rows(_title(whole[BALANCER]), None, kind.whole.figures(whole, found))]
        for arn, side in groups.items():
            rows += self._rows(_title(named[arn][GROUP]), side, kind.of_group(named[arn], found))
        return tuple(rows)

    def _asked(self, namespace: str, metrics: Sequence[Metric]) -> list[Points]:
        now = datetime.now(UTC)
        queries: list[Json] = [_query(at, namespace, metric, self.period) for at, metric in enumerate(metrics)]
        times = {"StartTime": now - timedelta(seconds=BACK * self.period), "EndTime": now}
        written = {name: at.strftime("%Y-%m-%dT%H:%M:%SZ") for name, at in times.items()}
        answer = self.api.every("GetMetricData", "MetricDataResults", MetricDataQueries=queries, **written)
        points: list[Points] = [{} for _ in metrics]
        for row in answer:
            at = whole_number(strict.word(row, "Id").removeprefix("m"))
            if at is not None and at < len(points):
                points[at] |= _points(row)
        return points

    def _rows(self, part: str, side: Side | None, figures: Mapping[str, Points]) -> Iterator[Reported]:
        for at in sorted({at for points in figures.values() for at in points}):
            known = {name: round(points[at]) for name, points in figures.items() if at in points}
            healthy, unhealthy, asked = (known.get(name) for name in ("healthy", "unhealthy", "asked"))
            failed, bad = known.get("failed"), known.get("bad")
            yield Reported(part, side, at, self.period, healthy, unhealthy, asked, failed, bad)


def _health(names: Names) -> tuple[Metric, Metric]:
    where = _dimensions(names, (BALANCER, GROUP))
    return Metric("HealthyHostCount", "Maximum", where), Metric("UnHealthyHostCount", "Minimum", where)


def _dimensions(names: Names, by: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, names[name]) for name in by)


def _title(name: str) -> str:
    """Give the name within `net/NAME/ID` or `targetgroup/NAME/ID`."""
    return name.split("/")[1] if "/" in name else name


def _query(at: int, namespace: str, metric: Metric, period: float) -> Json:
    dimensions: list[Json] = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    named: Json = {"Namespace": namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {"Id": f"m{at}", "MetricStat": {"Metric": named, "Period": round(period), "Stat": metric.statistic}}


def _points(row: strict.Row) -> Points:
    """Read one metric's points; what is no time is left out."""
    times, values = strict.words(row, "Timestamps"), strict.reals(row, "Values")
    found = {unix_time(at): value for at, value in zip(times, values, strict=False)}
    return {at: value for at, value in found.items() if at < inf}
