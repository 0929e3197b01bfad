"""What Cloud Monitor has of a CLB: unhealthy backends by listener, connections that came and were dropped, answers by 5xx.

Source: Tencent's manuals "Monitoring Metrics" of CLB (214/32389: names, units, levels, periods), "Public Network CLB" and
"Private Network CLB" of Cloud Monitor (248/10997, 248/39529: namespaces) and GetMonitorData (API 2018-07-24: dimensions, ten
instances and one metric a call, 20 calls a second). Periods are 10 s or 60 s; how late a point comes is documented nowhere.

* Of the balancer (both sides): ClientNewConn, and DropTotalConns as failed, both a second.
* Of a listener (both sides): UnhealthRsCount.
* Of a backend's port (each side, by its address): NewConn at layer 4, Http2xx to Http5xx at layer 7, all a minute.
* Not read: HealthRsCount (no manual says at which level), SnatFail (a trial only), TotalReq (its unit is told in two ways).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.access.api_client import Rejected
from migrator.adapters.balancers.tencent.access.api import Api
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json, dig, items, text

BACK = 15
"""So many periods are asked for: those of the share, and some before it to compare with."""

AT_ONCE = 10
"""Instances in a call."""

MOST = 100
"""More backends than this are not read one by one: each metric would be more than ten calls."""

MINUTE = 60.0
NO_SUCH = "InvalidParameter"
"""How the codes begin that say: no such metric, or not by these dimensions. One of permissions begins otherwise."""

BAD = "Http5xx"
ANSWERS = ("Http2xx", "Http3xx", "Http4xx", BAD)
Named = tuple[tuple[str, str], ...]
Points = dict[float, float]


@dataclass(frozen=True, slots=True)
class Pool:
    """A listener of the balancer: its id, protocol and port, and the plan's backends behind it."""

    name: str
    protocol: str
    port: int
    backends: tuple[Backend, ...]

    @property
    def counts(self) -> tuple[str, ...]:
        """Give the metrics that add up to what was asked of a backend, the usual one first."""
        return ANSWERS if self.protocol.startswith("http") else ("NewConn",)


@dataclass(frozen=True, slots=True)
class Place:
    """A balancer as Cloud Monitor knows it: its namespace, its address, and (a private one) the number of its VPC."""

    namespace: str
    vip: str
    vpc: str

    @property
    def whole(self) -> Named:
        """Give the dimensions of the balancer: a private one's address may be another VPC's, too."""
        return (("vip", self.vip),) if self.namespace == PUBLIC else (("vip", self.vip), ("vpcId", self.vpc))

    def listener(self, pool: Pool) -> Named:
        """Give the dimensions of a listener."""
        return (*self.whole, ("loadBalancerPort", str(pool.port)), ("protocol", pool.protocol))

    def backend(self, pool: Pool, backend: Backend) -> Named:
        """Give the dimensions of a backend's port."""
        known = dict(self.listener(pool)) | {"vpcId": self.vpc}
        return (*known.items(), ("lanIp", backend.address), ("port", str(backend.port)))


PUBLIC, PRIVATE = "QCE/LB_PUBLIC", "QCE/LB_PRIVATE"


def place_of(described: Json) -> Place:
    """Read a balancer of DescribeLoadBalancers. The monitoring's examples of vpcId are numbers."""
    row = next(iter(items(described, "LoadBalancerSet")), {})
    vip, vpc = dig(row, "LoadBalancerVips", 0), row.get("NumericalVpcId")
    namespace = PUBLIC if text(row, "LoadBalancerType") == "OPEN" else PRIVATE
    return Place(namespace, vip if isinstance(vip, str) else "", str(vpc or ""))


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Asks Cloud Monitor; `period` is 60 s or a multiple of it (only a lab has shorter ones)."""

    api: Api
    period: float = MINUTE

    def reported(self, place: Place, pools: Sequence[Pool]) -> tuple[Reported, ...]:
        """Give the figures of the last periods of a balancer, its listeners and their backends."""
        return (*self._whole(place), *self._listeners(place, pools), *self._backends(place, pools))

    def _whole(self, place: Place) -> Iterator[Reported]:
        names = ("ClientNewConn", "DropTotalConns")
        asked, failed = (self._points(place.namespace, name, [place.whole]).get(place.whole, {}) for name in names)
        for at in sorted(asked.keys() | failed.keys()):
            came, dropped = (round(of[at] * self.period) if at in of else None for of in (asked, failed))
            yield Reported(place.vip, None, at, self.period, asked=came, failed=dropped)

    def _listeners(self, place: Place, pools: Sequence[Pool]) -> Iterator[Reported]:
        named = {place.listener(pool): pool.name for pool in pools}
        for where, points in self._points(place.namespace, "UnhealthRsCount", list(named)).items():
            for at, unhealthy in points.items():
                yield Reported(named[where], None, at, self.period, unhealthy=round(unhealthy))

    def _backends(self, place: Place, pools: Sequence[Pool]) -> Iterator[Reported]:
        for pool in pools:
            named = {place.backend(pool, backend): backend for backend in pool.backends}
            if len(named) > MOST:
                continue
            found = {metric: self._points(place.namespace, metric, list(named)) for metric in pool.counts}
            told = {metric: {at for points in found[metric].values() for at in points} for metric in found}
            for where, backend in named.items():
                mine = {metric: found[metric].get(where, {}) for metric in found}
                yield from self._backend(backend, mine, told[pool.counts[0]], told.get(BAD, set()))

    def _backend(
        self, backend: Backend, found: Mapping[str, Points], asked: set[float], bad: set[float]
    ) -> Iterator[Reported]:
        """Give one backend's rows. `asked` and `bad` are the times at which these metrics have come for any backend: only of
        those is no point a 0, at others nobody knows."""
        for at in sorted({at for points in found.values() for at in points}):
            came = self._counted(points.get(at, 0.0) for points in found.values()) if at in asked else None
            wrong = self._counted([found[BAD].get(at, 0.0)]) if at in bad else None
            yield Reported(str(backend), None, at, self.period, asked=came, bad=wrong, backend=backend)

    def _counted(self, a_minute: Iterable[float]) -> int:
        return round(sum(a_minute) * self.period / MINUTE)

    def _points(self, namespace: str, metric: str, instances: Sequence[Named]) -> dict[Named, Points]:
        """Give one metric's points by dimensions, in the order in which they were named."""
        now, found = datetime.now(UTC), dict[Named, Points]()
        for start in range(0, len(instances), AT_ONCE):
            asked = {frozenset(each): each for each in instances[start : start + AT_ONCE]}
            times = {
                "StartTime": _written(now - timedelta(seconds=BACK * self.period)),
                "EndTime": _written(now),
            }
            what: dict[str, Json] = {"Namespace": namespace, "MetricName": metric, "Period": round(self.period)}
            for row in self._asked(**what, **times, Instances=[_instance(each) for each in asked.values()]):
                dimensions = frozenset((text(each, "Name"), text(each, "Value")) for each in items(row, "Dimensions"))
                if dimensions in asked:
                    found[asked[dimensions]] = _read(row)
        return found

    def _asked(self, **parameters: Json) -> list[strict.Row]:
        """Give the rows of a metric; none where this balancer has no such metric at this level."""
        try:
            return strict.rows(self.api.call("GetMonitorData", **parameters), "DataPoints")
        except Rejected as error:
            if error.code.startswith(NO_SUCH):
                return []
            raise


def _instance(named: Named) -> Json:
    return {"Dimensions": [{"Name": name, "Value": value} for name, value in named]}


def _read(row: strict.Row) -> Points:
    """Read the points of one instance; null is none. Unreachable: they are no times with numbers."""
    times = strict.reals(row, "Timestamps")
    values = row.get("Values")
    known = zip(times, values if isinstance(values, list) else (), strict=False)
    return {at: strict.real({"Values": value}, "Values") for at, value in known if value is not None}


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
