"""CloudMonitor (CMS 2019-01-01), as much of it as is about balancers: DescribeMetricList over what the data plane counted."""

import json
import time
from collections.abc import Callable, Iterable

from migrator.lab.balancer.model import Health
from migrator.lab.clouds.aliyun.rpc.calls import Call, Json, Spoken
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.rates import Quota
from migrator.lab.clouds.live import Live
from migrator.lab.clouds.monitoring import Figure, Period

VERSION = "2019-01-01"
_QUOTA = Quota(reads=3000, writes=1)  # 50 a second
_Value = Callable[[list[Figure], float], float]


async def describe_metric_list(call: Call) -> Json:
    """DescribeMetricList of one instance; the points are JSON inside JSON, in milliseconds."""
    namespace, metric = (call.parameters.text(name) for name in ("Namespace", "MetricName"))
    if (found := _METRICS.get((namespace, metric))) is None:
        raise ApiError(404, "404", f"metric not found, Namespace={namespace}, metricName={metric}")
    live, seconds = _meant(call), float(call.parameters.text("Period"))
    start, end = (float(call.parameters.text(name)) / 1000 for name in ("StartTime", "EndTime"))
    periods = [] if live is None else live.monitor.seen(time.time())
    rows = [row for each in periods if live and start <= each.at < end for row in _rows(live, each, *found, seconds)]
    return {"Code": "200", "Success": True, "Period": call.parameters.text("Period"), "Datapoints": json.dumps(rows)}


def _rows(live: Live, period: Period, port: str, find: _Value, seconds: float) -> Iterable[Json]:
    """Return a point of the instance, or (`port`: what its dimension is called) one of each listener."""
    known: Json = {"timestamp": round((period.at + seconds) * 1000), "userId": "1", "instanceId": live.model.spec.id}
    if not port:
        yield known | _statistics(find(list(period.figures), seconds))
        return
    for name, listener in live.model.listeners.items():
        mine = [figure for figure in period.figures if figure.listener == name]
        yield known | {port: str(listener.port)} | _statistics(find(mine, seconds))


def _statistics(value: float) -> Json:
    return dict.fromkeys(("Average", "Minimum", "Maximum"), value)


def _meant(call: Call) -> Live | None:
    rows = call.parameters.documents("Dimensions")
    names = [str(row["instanceId"]) for row in rows if "instanceId" in row]
    return call.fleet.get(names[0]) if names else None


def _healthy(figures: list[Figure], _: float) -> float:
    return float(sum(figure.health in (Health.ALIVE, Health.OFF) for figure in figures))


def _sick(figures: list[Figure], _: float) -> float:
    return float(sum(figure.health is Health.DEAD for figure in figures))


def _came(figures: list[Figure], seconds: float) -> float:
    return sum(figure.connections for figure in figures if figure.key is None) / seconds


def _dropped(figures: list[Figure], seconds: float) -> float:
    return sum(figure.failed for figure in figures if figure.key is None) / seconds


def _bad(figures: list[Figure], seconds: float) -> float:
    return sum(figure.bad for figure in figures) / seconds


_METRICS: dict[tuple[str, str], tuple[str, _Value]] = {
    ("acs_slb_dashboard", "HeathyServerCount"): ("port", _healthy),
    ("acs_slb_dashboard", "UnhealthyServerCount"): ("port", _sick),
    ("acs_slb_dashboard", "NewConnection"): ("port", _came),
    ("acs_slb_dashboard", "DropConnection"): ("port", _dropped),
    ("acs_slb_dashboard", "StatusCode5xx"): ("port", _bad),
    ("acs_nlb", "ListenerHeathyServerCount"): ("listenerPort", _healthy),
    ("acs_nlb", "ListenerUnhealthyServerCount"): ("listenerPort", _sick),
    ("acs_nlb", "InstanceNewConnection"): ("", _came),
    ("acs_nlb", "InstanceDropConnection"): ("", _dropped),
}


def _never_busy(call: Call, live: Live) -> None:
    return None


def _no_rows(call: Call) -> list[Json]:
    return []


SPOKEN = Spoken({"DescribeMetricList": describe_metric_list}, {}, _QUOTA, _meant, _never_busy, _no_rows)
