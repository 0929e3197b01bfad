"""Cloud Monitor for private balancers: GetMonitorData over what the data plane counted."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from migrator.lab.balancer.model import Health
from migrator.lab.clouds.fleet import Fleet
from migrator.lab.clouds.live import Live
from migrator.lab.clouds.monitoring import Figure
from migrator.lab.clouds.tencent.calls import Call, shown
from migrator.lab.clouds.tencent.errors import ApiError
from migrator.lab.clouds.tencent.fields import Fields

VERSION = "2018-07-24"
_NAMESPACE = "QCE/LB_PRIVATE"
_MOST = 10
_WHOLE = ("vip", "vpcId")
_LISTENER = ("loadBalancerPort", "protocol", *_WHOLE)
_BACKEND = (*_LISTENER, "lanIp", "port")
_Named = dict[str, str]
_Value = Callable[[list[Figure], float], float | None]


def meant(fleet: Fleet, raw: dict[str, Any]) -> Live | None:
    """Find the balancer whose address a dimension names."""
    for instance in raw.get("Instances") or ():
        for row in (instance.get("Dimensions") or ()) if isinstance(instance, dict) else ():
            if isinstance(row, dict) and row.get("Name") == "vip":
                port = _value(instance, "loadBalancerPort")
                return next(
                    (live for live in fleet if live.model.spec.vip == row.get("Value") and _has(live, port)), None
                )
    return None


def _value(instance: dict[str, Any], name: str) -> str | None:
    return next((str(row["Value"]) for row in instance["Dimensions"] if row.get("Name") == name), None)


def _has(live: Live, port: str | None) -> bool:
    return port is None or any(str(each.port) == port for each in shown(live))


async def get_monitor_data(call: Call) -> dict[str, Any]:
    """GetMonitorData: one metric of at most ten instances, with the points that are there."""
    fields = call.fields.only("Namespace", "MetricName", "Instances", "Period", "StartTime", "EndTime")
    metric, period = fields.text("MetricName"), fields.number("Period", 1, 86400)
    start, end = (_time(fields.text(name)) for name in ("StartTime", "EndTime"))
    if fields.text("Namespace") != _NAMESPACE or metric not in _METRICS:
        raise ApiError("InvalidParameter", f"no metric {metric} in {fields.text('Namespace')}")
    rows = [_row(call.fleet, metric, _named(each), (start, end), period) for each in fields.rows("Instances", _MOST)]
    times = {"StartTime": fields.text("StartTime"), "EndTime": fields.text("EndTime")}
    return {"MetricName": metric, "Period": period, "DataPoints": rows, "Msg": "", **times}


def _named(instance: Fields) -> _Named:
    return {row.text("Name"): row.text("Value") for row in instance.rows("Dimensions", 10)}


def _row(fleet: Fleet, metric: str, named: _Named, times: tuple[float, float], period: int) -> dict[str, Any]:
    levels, find = _METRICS[metric]
    if tuple(sorted(named)) not in [tuple(sorted(level)) for level in levels]:
        raise ApiError("InvalidParameter.DimensionGroupError", f"{metric} is not by {sorted(named)}")
    points = [(at, value) for at, value in _points(fleet, named, find, period) if times[0] <= at < times[1]]
    return {
        "Dimensions": [{"Name": name, "Value": value} for name, value in named.items()],
        "Timestamps": [int(at) for at, _ in points],
        "Values": [value for _, value in points],
    }


def _points(fleet: Fleet, named: _Named, find: _Value, period: int) -> Iterable[tuple[float, float]]:
    raw = {"Instances": [{"Dimensions": [{"Name": name, "Value": value} for name, value in named.items()]}]}
    live = meant(fleet, raw)
    if live is None:
        return
    for each in live.monitor.seen(time.time()):
        value = find(_mine(live, each.figures, named), period)
        if value is not None:
            yield each.at, value


def _mine(live: Live, figures: Iterable[Figure], named: _Named) -> list[Figure]:
    """Return the figures of the backend, the listener's backends, or the listeners themselves."""
    at = {
        part.spec.id for each in shown(live) if str(each.port) == named.get("loadBalancerPort") for part in each.parts
    }
    if "lanIp" in named:
        key = f"{named['lanIp']}:{named['port']}"
        return [figure for figure in figures if figure.listener in at and str(figure.key) == key]
    if at:
        return [figure for figure in figures if figure.listener in at and figure.key is not None]
    return [figure for figure in figures if figure.key is None]


def _time(written: str) -> float:
    try:
        return datetime.fromisoformat(written).timestamp()
    except ValueError as error:
        raise ApiError("InvalidParameter", f"{written} is no time") from error


def _sick(figures: list[Figure], _: float) -> float:
    return float(sum(figure.health is Health.DEAD for figure in figures))


def _a_second(figures: list[Figure], period: float) -> float:
    return sum(figure.connections for figure in figures) / period


def _dropped(figures: list[Figure], period: float) -> float:
    return sum(figure.failed for figure in figures) / period


def _a_minute(figures: list[Figure], period: float) -> float | None:
    return sum(figure.connections for figure in figures) * 60 / period if figures else None


def _well(figures: list[Figure], period: float) -> float | None:
    return sum(figure.connections - figure.bad for figure in figures) * 60 / period if figures else None


def _bad(figures: list[Figure], period: float) -> float | None:
    return sum(figure.bad for figure in figures) * 60 / period if figures else None


def _none(_: list[Figure], __: float) -> None:
    return None


_METRICS: dict[str, tuple[tuple[tuple[str, ...], ...], _Value]] = {
    "ClientNewConn": ((_WHOLE, _LISTENER), _a_second),
    "DropTotalConns": ((_WHOLE, _LISTENER), _dropped),
    "UnhealthRsCount": ((_LISTENER,), _sick),
    "NewConn": ((_LISTENER, _BACKEND), _a_minute),
    "Http2xx": ((_LISTENER, _BACKEND), _well),
    "Http3xx": ((_LISTENER, _BACKEND), _none),
    "Http4xx": ((_LISTENER, _BACKEND), _none),
    "Http5xx": ((_LISTENER, _BACKEND), _bad),
}
