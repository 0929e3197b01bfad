"""The Tencent driver before our emulator of the CLB API, which the official SDK accepts: two listeners, or one's two rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from typing import Any

from migrator.adapters.balancers.tencent.access.api import Api
from migrator.adapters.balancers.tencent.access.credentials import Credentials
from migrator.adapters.balancers.tencent.driver import Tencent
from migrator.adapters.balancers.tencent.monitoring import Monitoring
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.contracts.balancer import Can, Driver, Kind, Sent, until
from tests.lab.clouds.world import SECRET, Balancer, Process

LISTENERS = ("lbl-1", "lbl-2")
RULES = ("lbl-1/loc-1", "lbl-1/loc-2")
PORTS = dict(zip(LISTENERS, (8080, 8443), strict=True))
CANARY = "canary-key-that-must-not-be-shown"
CHECKED = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.2, "rise": 1, "fall": 1}
FEW = 20
VERBS = {"BatchRegisterTargets": "register", "BatchModifyTargetWeight": "weigh", "BatchDeregisterTargets": "deregister"}
CAN = frozenset(Can) - {Can.APART}
MONITORED = {"monitor_period_s": 1.0, "monitor_delay_s": 0.0}
Rows = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the two: what a plan names, how such a balancer is set up from rows for the two, and what can be wrong."""

    name: str
    pools: tuple[str, str]
    made: Callable[[Rows, Rows], tuple[Rows, ...]]
    spoiled: Mapping[str, Rows]
    crowd: int


def _rules(first: Rows, second: Rows) -> tuple[Rows, ...]:
    keepalive = {key: row.pop(key) for row in (first, second) for key in ("keepalive",) if key in row}
    return ({"rules": [{"id": "loc-1", "domain": "a.example"} | first, {"id": "loc-2"} | second]} | keepalive,)


LAYER_4 = Layer(
    "tencent",
    LISTENERS,
    lambda first, second: (first, second),
    {
        "balancer.scheduler": {"scheduler": "LEAST_CONN"},
        "balancer.sticky": {"session_expire_s": 300},
        "balancer.target-group": {"target_type": "TARGETGROUP"},
        "balancer.reset-on-removal": {"deregister_rst": True},
        "balancer.cuts-at-zero": {"reschedule_zero_weight": True},
    },
    1000,
)
LAYER_7 = Layer(
    "tencent-layer-7",
    RULES,
    _rules,
    {
        "balancer.scheduler": {"scheduler": "IP_HASH"},
        "balancer.sticky": {"session_expire_s": 300},
        "balancer.target-group": {"target_type": "TARGETGROUP-V2"},
        "balancer.upstream-keepalive": {"keepalive": True},
    },
    400,
)


def halves(first: int, count: int, pools: Sequence[str] = LISTENERS) -> tuple[Backend, ...]:
    """Give `count` backends from number `first` on, half of them in each pool."""
    return tuple(
        Backend(pools[which], f"10.{at // 65536}.{at // 256 % 256}.{at % 256}", PORTS[LISTENERS[which]])
        for at, which in ((first + i, int(i >= count // 2)) for i in range(count))
    )


class Rig:
    """One balancer in the emulator's process."""

    def __init__(self, layer: Layer, balancer: Balancer, standing: int, spare: int) -> None:
        self.standing, self.spare = halves(1, standing, layer.pools), halves(1 + standing, spare, layer.pools)
        self._layer, self._balancer = layer, balancer
        if standing <= FEW:
            balancer.faults(health={f"{b.address}:{b.port}": "alive" for b in (*self.standing, *self.spare)})

    def driver(self, **changes: Any) -> Tencent:
        return driver(self._balancer, self._layer.pools, **changes)

    def stranger(self) -> tuple[Driver, str]:
        return self.driver(credentials=Credentials(SECRET[0], CANARY)), CANARY

    def nobody(self) -> Driver:
        return self.driver(id="lb-nobody")

    def unplugged(self) -> Driver:
        return self.driver(endpoint="http://127.0.0.1:9")

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        return {code: partial(self._spoiled, row) for code, row in self._layer.spoiled.items()}

    @contextmanager
    def _spoiled(self, row: Rows) -> Iterator[Driver]:
        made = self._balancer.process.balancer(*self._layer.made({}, dict(row)))
        yield driver(made, self._layer.pools)

    def sent(self) -> list[Sent]:
        return [
            Sent(VERBS[event["action"]], tuple(_row(row) for row in event["rows"]))
            for event in self._balancer.log("call")
        ]

    def trouble(self, which: Can) -> None:
        orders: dict[Can, Rows] = {
            Can.THROTTLED: {"throttle_s": 60.0},
            Can.BUSY: {"busy_s": 60.0},
            Can.DROPPED: {"drop_responses": 1},
            Can.PARTIAL: {"partial": 1, "partial_listeners": [self._layer.pools[1]]},
            Can.JOBS: {"fail_tasks": 1},
        }
        self._balancer.faults(**orders[which])

    def calm(self) -> None:
        self._balancer.faults(throttle_s=0.0, busy_s=0.0, drop_responses=0, partial=0, fail_tasks=0)

    def sicken(self, backend: Backend) -> None:
        self._balancer.faults(health={f"{backend.address}:{backend.port}": "dead"})

    def rest(self) -> None:
        until(lambda: not self._balancer.process.admin("GET", f"/balancers/{self._balancer.id}")["busy"])


def driver(
    balancer: Balancer, pools: Sequence[str] = LISTENERS, credentials: Credentials | None = None, **changes: Any
) -> Tencent:
    """Give a driver for a balancer of the emulator."""
    known: Rows = {"id": balancer.id, "endpoint": f"http://{balancer.process.control}"} | changes
    # A balancer of one listener lacks the other: the plan names both.
    listeners = tuple(map(ListenerSpec, pools, chain(balancer.ports, repeat(80))))
    spec = BalancerSpec("tencent", listeners=listeners, region="ap-guangzhou", **known)
    api = Api(spec.endpoint, spec.region, lambda: credentials or Credentials(*SECRET))
    return Tencent(api, spec, monitoring=Monitoring(api.watching(str(spec.endpoint)), 1.0))


def _row(row: Rows) -> tuple[Backend, int | None]:
    address, _, port = row["target"].rpartition(":")
    return Backend(row["listener"], address, int(port)), row["weight"]


class Ground:
    """One emulator process for a module."""

    can = CAN

    def __init__(self, process: Process, layer: Layer) -> None:
        self._process, self._layer = process, layer
        self.crowd = layer.crowd

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        rows: dict[str, list[Rows]] = {name: [] for name in self._layer.pools}
        for each, weight in zip(halves(1, len(weights), self._layer.pools), weights, strict=True):
            rows[each.listener].append({"address": each.address, "port": each.port, "weight": weight})
        checks = {"health": CHECKED} if len(weights) <= FEW else {}
        first, second = ({"targets": rows[name]} for name in self._layer.pools)
        balancer = self._process.balancer(*self._layer.made(first, second), timings=dict(MONITORED), **checks)
        try:
            yield Rig(self._layer, balancer, len(weights), spare)
        finally:
            self._process.admin("DELETE", f"/balancers/{balancer.id}")


@contextmanager
def opened(layer: Layer) -> Iterator[Ground]:
    """Run the emulator for the length of the block."""
    process = Process("--calls", "1000")  # one account for all tests of a module: they are not what is limited
    try:
        yield Ground(process, layer)
    finally:
        process.close()


KINDS = tuple(Kind(layer.name, CAN, partial(opened, layer)) for layer in (LAYER_4, LAYER_7))
