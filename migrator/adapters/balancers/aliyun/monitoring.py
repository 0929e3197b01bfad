"""What CloudMonitor has of a balancer's listeners: healthy servers, connections or requests, dropped ones, answers by 5xx.

Source: the manuals "CLB monitoring" and "NLB monitoring metrics" (namespaces acs_slb_dashboard and acs_nlb, metrics, units,
dimensions, periods of 60 s) and DescribeMetricList of CMS 2019-01-01; that NLB's healthy servers are by `listenerPort`, from
public exporters of these metrics. A group of servers holds both sides, and no metric is by single server: nothing here tells
the sides apart, so it shows and holds. How late a point comes is documented nowhere, nor whether its time is a period's
beginning or end: it is read as the end, so that nothing of before a share counts for it.

Not read: figures by group (GroupNewConnection and others: CLB's groups hold both sides, too), resets (connections that end
well are ended so), NLB's connections by listener (no manual says their dimensions).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.aliyun.access.api import Api, Keys, Product
from migrator.adapters.balancers.aliyun.options import Options
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.model.manifests import Json, text
from migrator.domain.model.outside.reading import parsed

BACK = 15
"""So many periods are asked for: those of the share, and some before it to compare with."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that is a figure: which of its statistics counts, and whether it is so many a second."""

    name: str
    figure: str
    statistic: str = "Average"
    a_second: bool = True


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A product's namespace, the dimension that names a listener's port ("" in none), and its metrics."""

    namespace: str
    port: str
    metrics: tuple[Metric, ...]


CLB = Dashboard(
    "acs_slb_dashboard",
    "port",
    (
        Metric("HeathyServerCount", "healthy", "Minimum", a_second=False),  # as it is spelled there
        Metric("UnhealthyServerCount", "unhealthy", "Maximum", a_second=False),
        Metric("NewConnection", "asked"),
        Metric("DropConnection", "failed"),
        Metric("StatusCode5xx", "bad"),
    ),
)
NLB = Dashboard(
    "acs_nlb",
    "listenerPort",
    (
        Metric("ListenerHeathyServerCount", "healthy", a_second=False),
        Metric("ListenerUnhealthyServerCount", "unhealthy", a_second=False),
        Metric("InstanceNewConnection", "asked"),
        Metric("InstanceDropConnection", "failed"),
    ),
)


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Asks CloudMonitor; `period` is 60 s or a multiple of it (only a lab has shorter ones)."""

    api: Api
    dashboard: Dashboard
    period: float = 60.0

    def reported(self, balancer: str, ports: Collection[int]) -> tuple[Reported, ...]:
        """Give the figures of the last periods of a balancer and of its listeners on these ports."""
        found: dict[tuple[str, float], dict[str, int]] = {}
        for metric in self.dashboard.metrics:
            for part, at, value in self._points(metric, balancer, {str(port) for port in ports}):
                found.setdefault((part, at), {})[metric.figure] = value
        return tuple(self._row(part, at, figures) for (part, at), figures in sorted(found.items()))

    def _row(self, part: str, at: float, figures: Mapping[str, int]) -> Reported:
        healthy, unhealthy = figures.get("healthy"), figures.get("unhealthy")
        asked, failed, bad = figures.get("asked"), figures.get("failed"), figures.get("bad")
        return Reported(part, None, at, self.period, healthy, unhealthy, asked, failed, bad)

    def _points(self, metric: Metric, balancer: str, ports: Collection[str]) -> Iterator[tuple[str, float, int]]:
        """Give (listener's port or the balancer, when its period began, value)."""
        for row in self._asked(metric.name, balancer):
            port = row.get(self.dashboard.port)
            if port is not None and str(port) not in ports:
                continue
            statistic = metric.statistic if row.get(metric.statistic) is not None else "Average"
            value = strict.real(row, statistic) * (self.period if metric.a_second else 1.0)
            ended = strict.real(row, "timestamp") / 1000.0
            yield f"{balancer}:{port}" if port is not None else balancer, ended - self.period, round(value)

    def _asked(self, metric: str, balancer: str) -> Sequence[strict.Row]:
        now = datetime.now(UTC)
        times = (now - timedelta(seconds=BACK * self.period), now)
        start, end = (str(round(at.timestamp() * 1000)) for at in times)
        answer = self.api.ask(
            "DescribeMetricList",
            Namespace=self.dashboard.namespace,
            MetricName=metric,
            Period=str(round(self.period)),
            StartTime=start,
            EndTime=end,
            Dimensions=json.dumps([{"instanceId": balancer}], separators=(",", ":")),
        )
        return strict.rows({"Datapoints": _listed(text(answer, "Datapoints"))}, "Datapoints")


def watched(region: str, keys: Keys, dashboard: Dashboard, options: Options) -> Monitoring:
    """Give what asks CloudMonitor in a region."""
    endpoint = options.monitoring or f"https://metrics.{region}.aliyuncs.com"
    return Monitoring(Api(Product("Aliyun CMS", "2019-01-01", endpoint, region), keys), dashboard, options.period)


def _listed(written: str) -> Json:
    """Read the points, which are JSON inside JSON. Unreachable (by who reads on): they are no list."""
    try:
        return parsed(written) if written else []
    except ValueError:
        return written
