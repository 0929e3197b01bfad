"""CloudWatch for network balancers: GetMetricData over what the data plane counted. Other metrics have no point here."""

import math
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from migrator.lab.balancer.model import Health
from migrator.lab.clouds.aws.calls import Call
from migrator.lab.clouds.aws.errors import ApiError, invalid
from migrator.lab.clouds.aws.form import Row, rows, text
from migrator.lab.clouds.aws.groups import Group, State
from migrator.lab.clouds.live import Live
from migrator.lab.clouds.monitoring import Figure, Period

SERVICE, VERSION = "monitoring", "2010-08-01"
NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/"
_BALANCERS = "AWS/NetworkELB"
_MOST = 500
_Value = Callable[[list[Figure]], int | None]


def meant(call: Call) -> Live | None:
    """Find the balancer that a dimension of the call names."""
    for query in rows(call.parameters, "MetricDataQueries"):
        if (found := _state(call, _dimensions(query))) is not None:
            return found.live
    return None


async def get_metric_data(call: Call) -> Row:
    """GetMetricData: a result for each query, without points where there is no such metric."""
    queries = rows(call.parameters, "MetricDataQueries")
    if not 1 <= len(queries) <= _MOST:
        raise invalid(f"1 to {_MOST} MetricDataQueries are needed")
    start, end = (_time(text(call.parameters, name)) for name in ("StartTime", "EndTime"))
    if start >= end:
        raise ApiError(400, "ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
    return {"MetricDataResults": [_result(call, query, start, end) for query in queries], "Messages": []}


def _result(call: Call, query: Row, start: float, end: float) -> Row:
    metric = query.get("MetricStat", {}).get("Metric", {})
    points = [(at, value) for at, value in _points(call, query) if start <= at < end]
    points.reverse()  # the newest first, as CloudWatch gives them where nothing else is asked
    return {
        "Id": text(query, "Id"),
        "Label": text(metric, "MetricName"),
        "Timestamps": [datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") for at, _ in points],
        "Values": [float(value) for _, value in points],
        "StatusCode": "Complete",
    }


def _points(call: Call, query: Row) -> Iterable[tuple[float, int]]:
    wanted, named = query.get("MetricStat", {}), _dimensions(query)
    metric = wanted.get("Metric", {})
    state, find = _state(call, named), _METRICS.get((text(metric, "MetricName"), tuple(sorted(named))))
    if state is None or find is None or text(metric, "Namespace") != _BALANCERS:
        return
    if float(text(wanted, "Period")) != math.ceil(state.live.timings.monitor_period_s):
        raise ApiError(400, "InvalidParameterValue", "The lab has figures of its own period alone")
    for period in state.live.monitor.seen(time.time()):
        if (value := find(_mine(state, period, named.get("TargetGroup")))) is not None:
            yield period.at, value


def _mine(state: State, period: Period, group: str | None) -> list[Figure]:
    """Return the figures of a group's targets; without a group those of the listeners themselves."""
    if group is None:
        return [figure for figure in period.figures if figure.key is None]
    found = next((each for each in state.groups.values() if each.arn.endswith(f":{group}")), None)
    return [figure for figure in period.figures if found is not None and _in(state, figure, found)]


def _in(state: State, figure: Figure, group: Group) -> bool:
    at = {listener.spec.id for listener in state.at(group)}
    return figure.key is not None and figure.listener in at and figure.tag == state.tag(group)


def _dimensions(query: Row) -> dict[str, str]:
    listed = rows(query.get("MetricStat", {}).get("Metric", {}), "Dimensions")
    return {text(row, "Name"): text(row, "Value") for row in listed}


def _state(call: Call, named: dict[str, str]) -> State | None:
    ends = tuple(f"/{value}" if name == "LoadBalancer" else f":{value}" for name, value in named.items())
    for state in call.every():
        if any(arn.endswith(ends) for arn in (state.arn("loadbalancer"), *state.groups)):
            return state
    return None


def _time(written: str) -> float:
    try:
        return datetime.fromisoformat(written).timestamp()
    except ValueError as error:
        raise invalid(f"{written} is no time") from error


def _healthy(figures: list[Figure]) -> int | None:
    there = [figure for figure in figures if figure.health is not None]
    return sum(figure.health in (Health.ALIVE, Health.OFF) for figure in there) if there else None


def _unhealthy(figures: list[Figure]) -> int | None:
    there = [figure for figure in figures if figure.health is not None]
    return sum(figure.health is Health.DEAD for figure in there) if there else None


def _flows(figures: list[Figure]) -> int:
    return sum(figure.connections for figure in figures)


_METRICS: dict[tuple[str, tuple[str, ...]], _Value] = {
    ("HealthyHostCount", ("LoadBalancer", "TargetGroup")): _healthy,
    ("UnHealthyHostCount", ("LoadBalancer", "TargetGroup")): _unhealthy,
    ("NewFlowCount", ("TargetGroup",)): _flows,
    ("NewFlowCount", ("LoadBalancer",)): _flows,
    ("RejectedFlowCount", ("LoadBalancer",)): lambda figures: sum(figure.failed for figure in figures),
    ("PortAllocationErrorCount", ("LoadBalancer",)): lambda _: 0,
}
