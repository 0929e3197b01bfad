"""The Aliyun drivers before our emulators of CLB and NLB, which the official SDKs accept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aliyun.clb import aliyun_clb
from migrator.adapters.balancers.aliyun.nlb import aliyun_nlb
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.contracts.balancer import Can, Driver, Kind, Sent, until
from tests.lab.clouds.world import SECRET, Balancer, Process

PORTS = (8080, 8443)
CANARY = "canary-key-that-must-not-be-shown"
CHECKED = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.2, "rise": 1, "fall": 1}
FEW = 20
NAMES = ("lbl-1", "lbl-2")
MONITORED = {"monitor_period_s": 1.0, "monitor_delay_s": 0.0}


@dataclass(frozen=True, slots=True)
class Vendor:
    """One of the two: how its driver is made, what its write calls are, what can be wrong, and how many rows it takes."""

    name: str
    make: Callable[[BalancerSpec, Chain], Driver]
    verbs: Mapping[str, str]
    spoiled: Mapping[str, dict[str, Any]]
    can: frozenset[Can]
    crowd: int


CLB = Vendor(
    "aliyun-clb",
    aliyun_clb,
    {
        "AddVServerGroupBackendServers": "register",
        "SetVServerGroupAttribute": "weigh",
        "RemoveVServerGroupBackendServers": "deregister",
    },
    {
        "balancer.scheduler": {"scheduler": "LEAST_CONN"},
        "balancer.sticky": {"session_expire_s": 300},
        "balancer.default-group": {"target_type": "DEFAULT"},
        "balancer.reset-on-removal": {"deregister_rst": True},
        "balancer.shared-group": {"group": "rsp-shared"},
    },
    frozenset(Can) - {Can.JOBS, Can.PARTIAL, Can.APART},
    200,  # what one CLB holds
)

NLB = Vendor(
    "aliyun-nlb",
    aliyun_nlb,
    {
        "AddServersToServerGroup": "register",
        "UpdateServerGroupServersAttribute": "weigh",
        "RemoveServersFromServerGroup": "deregister",
    },
    {
        "balancer.scheduler": {"scheduler": "LEAST_CONN"},
        "balancer.reset-on-removal": {"deregister_rst": True},
        "balancer.shared-group": {"group": "sgp-shared"},
    },
    frozenset(Can) - {Can.PARTIAL, Can.APART},
    400,  # what one NLB holds
)


def backend(at: int, which: int, listeners: Sequence[str]) -> Backend:
    """Give the backend number `at` on a listener."""
    return Backend(listeners[which], f"10.{at // 65536}.{at // 256 % 256}.{at % 256}", PORTS[which])


def halves(first: int, count: int, listeners: Sequence[str]) -> tuple[Backend, ...]:
    """Give `count` backends from number `first` on, half of them on each listener."""
    return tuple(backend(first + at, int(at >= count // 2), listeners) for at in range(count))


class Rig:
    """One balancer in the emulator's process; the plan names its listeners by their ports."""

    def __init__(self, vendor: Vendor, balancer: Balancer, standing: int, spare: int) -> None:
        self._vendor, self._balancer = vendor, balancer
        self._listeners = tuple(str(port) for port in balancer.ports)
        self.standing = halves(1, standing, self._listeners)
        self.spare = halves(1 + standing, spare, self._listeners)
        if standing <= FEW:
            balancer.faults(health={f"{b.address}:{b.port}": "alive" for b in (*self.standing, *self.spare)})

    def driver(self, secret: str = SECRET[1], **changes: Any) -> Driver:
        return driver(self._vendor, self._balancer, secret, **changes)

    def stranger(self) -> tuple[Driver, str]:
        return self.driver(CANARY), CANARY

    def nobody(self) -> Driver:
        return self.driver(id="lb-nobody")

    def unplugged(self) -> Driver:
        return self.driver(endpoint="http://127.0.0.1:9")

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        return {code: partial(self._spoiled, row) for code, row in self._vendor.spoiled.items()}

    @contextmanager
    def _spoiled(self, row: dict[str, Any]) -> Iterator[Driver]:
        group = {"group": row["group"]} if "group" in row else {}
        made = self._balancer.process.balancer(group, row)
        yield driver(self._vendor, made)
        self._balancer.process.admin("DELETE", f"/balancers/{made.id}")

    def sent(self) -> list[Sent]:
        names = dict(zip(NAMES, self._listeners, strict=True))
        return [
            Sent(self._vendor.verbs[event["action"]], tuple(_row(row, names) for row in event["rows"]))
            for event in self._balancer.log("call")
        ]

    def trouble(self, which: Can) -> None:
        orders: dict[Can, dict[str, Any]] = {
            Can.THROTTLED: {"throttle_s": 60.0},
            Can.BUSY: {"busy_s": 60.0},
            Can.DROPPED: {"drop_responses": 1},
            Can.JOBS: {"fail_tasks": 1},
        }
        self._balancer.faults(**orders[which])

    def calm(self) -> None:
        self._balancer.faults(throttle_s=0.0, busy_s=0.0, drop_responses=0, fail_tasks=0)

    def sicken(self, backend: Backend) -> None:
        self._balancer.faults(health={f"{backend.address}:{backend.port}": "dead"})

    def rest(self) -> None:
        until(lambda: not self._balancer.process.admin("GET", f"/balancers/{self._balancer.id}")["busy"])


def driver(vendor: Vendor, balancer: Balancer, secret: str = SECRET[1], **changes: Any) -> Driver:
    """Give a driver for a balancer of the emulator; ECS answers at the same place."""
    endpoint = f"http://{balancer.process.control}"
    known: dict[str, Any] = {"id": balancer.id, "endpoint": endpoint} | changes
    listeners = tuple(ListenerSpec(str(port), port) for port in (*balancer.ports, *known.pop("absent", ())))
    monitoring = {"monitoringEndpoint": known["endpoint"], "monitoringPeriod": "1s"}
    options = {"ecsEndpoint": endpoint} | monitoring | known.pop("options", {})
    spec = BalancerSpec(vendor.name, listeners=listeners, region="lab", options=tuple(sorted(options.items())), **known)
    return vendor.make(spec, Chain(lambda: Credentials(SECRET[0], secret)))


def _row(row: dict[str, Any], names: Mapping[str, str]) -> tuple[Backend, int | None]:
    address, _, port = row["target"].rpartition(":")
    return Backend(names[row["listener"]], address, int(port)), row["weight"]


class Ground:
    """One emulator process for a module."""

    def __init__(self, vendor: Vendor, process: Process) -> None:
        self._vendor, self._process = vendor, process
        self.can, self.crowd = vendor.can, vendor.crowd

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
        for each, weight in zip(halves(1, len(weights), NAMES), weights, strict=True):
            rows[each.listener].append({"address": each.address, "port": each.port, "weight": weight})
        checks = {"health": CHECKED} if len(weights) <= FEW else {}
        balancer = self._process.balancer(
            *({"targets": rows[name]} for name in NAMES), timings=dict(MONITORED), **checks
        )
        try:
            yield Rig(self._vendor, balancer, len(weights), spare)
        finally:
            self._process.admin("DELETE", f"/balancers/{balancer.id}")


@contextmanager
def opened(vendor: Vendor) -> Iterator[Ground]:
    """Run the emulator for the length of the block."""
    process = Process()
    try:
        yield Ground(vendor, process)
    finally:
        process.close()


KINDS = tuple(Kind(vendor.name, vendor.can, partial(opened, vendor)) for vendor in (CLB, NLB))
