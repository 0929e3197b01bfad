"""The Tencent driver before our emulator of the CLB API, which the official SDK accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import chain, repeat
from typing import Any

from migrator.adapters.balancers.credentials import Credentials
from migrator.adapters.balancers.tencent.api import Api
from migrator.adapters.balancers.tencent.driver import Tencent
from migrator.domain.pools import Backend
from migrator.domain.spec import BalancerSpec, ListenerSpec
from tests.contracts.balancer import Can, Driver, Kind, Sent, until
from tests.lab.balancer.world import SECRET, Balancer, Process

LISTENERS = ("lbl-1", "lbl-2")
PORTS = {"lbl-1": 8080, "lbl-2": 8443}
CANARY = "canary-key-that-must-not-be-shown"
CHECKED = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.2, "rise": 1, "fall": 1}
FEW = 20
VERBS = {"BatchRegisterTargets": "register", "BatchModifyTargetWeight": "weigh", "BatchDeregisterTargets": "deregister"}
CAN = frozenset(Can)
SPOILED: dict[str, dict[str, Any]] = {
    "balancer.scheduler": {"scheduler": "LEAST_CONN"},
    "balancer.sticky": {"session_expire_s": 300},
    "balancer.target-group": {"target_type": "TARGETGROUP"},
    "balancer.reset-on-removal": {"deregister_rst": True},
    "balancer.cuts-at-zero": {"reschedule_zero_weight": True},
}


def backend(at: int, listener: str) -> Backend:
    """Give the backend number `at` of a listener."""
    return Backend(listener, f"10.{at // 65536}.{at // 256 % 256}.{at % 256}", PORTS[listener])


def halves(first: int, count: int) -> tuple[Backend, ...]:
    """Give `count` backends from number `first` on, half of them on each listener."""
    half = count // 2
    return tuple(backend(first + at, LISTENERS[at >= half]) for at in range(count))


class Rig:
    """One balancer in the emulator's process."""

    def __init__(self, balancer: Balancer, standing: tuple[Backend, ...], spare: tuple[Backend, ...]) -> None:
        self.standing, self.spare = standing, spare
        self._balancer = balancer
        if len(standing) <= FEW:
            balancer.faults(health={f"{b.address}:{b.port}": "alive" for b in (*standing, *spare)})

    def driver(self, **changes: Any) -> Tencent:
        return driver(self._balancer, **changes)

    def stranger(self) -> tuple[Driver, str]:
        return self.driver(credentials=Credentials(SECRET[0], CANARY)), CANARY

    def nobody(self) -> Driver:
        return self.driver(id="lb-nobody")

    def unplugged(self) -> Driver:
        return self.driver(endpoint="http://127.0.0.1:9")

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        return {code: partial(self._spoiled, row) for code, row in SPOILED.items()}

    @contextmanager
    def _spoiled(self, row: dict[str, Any]) -> Iterator[Driver]:
        yield driver(self._balancer.process.balancer({}, row))

    def sent(self) -> list[Sent]:
        return [
            Sent(VERBS[event["action"]], tuple(_row(row) for row in event["rows"]))
            for event in self._balancer.log("call")
        ]

    def trouble(self, which: Can) -> None:
        orders: dict[Can, dict[str, Any]] = {
            Can.THROTTLED: {"throttle_s": 60.0},
            Can.BUSY: {"busy_s": 60.0},
            Can.DROPPED: {"drop_responses": 1},
            Can.PARTIAL: {"partial": 1, "partial_listeners": ["lbl-2"]},
            Can.JOBS: {"fail_tasks": 1},
        }
        self._balancer.faults(**orders[which])

    def calm(self) -> None:
        self._balancer.faults(throttle_s=0.0, busy_s=0.0, drop_responses=0, partial=0, fail_tasks=0)

    def sicken(self, backend: Backend) -> None:
        self._balancer.faults(health={f"{backend.address}:{backend.port}": "dead"})

    def rest(self) -> None:
        until(lambda: not self._balancer.process.admin("GET", f"/balancers/{self._balancer.id}")["busy"])


def driver(balancer: Balancer, credentials: Credentials | None = None, **changes: Any) -> Tencent:
    """Give a driver for a balancer of the emulator."""
    known: dict[str, Any] = {"id": balancer.id, "endpoint": f"http://{balancer.process.control}"} | changes
    # A balancer of one listener lacks the other: the plan names both.
    listeners = tuple(map(ListenerSpec, LISTENERS, chain(balancer.ports, repeat(80))))
    spec = BalancerSpec("tencent", listeners=listeners, region="ap-guangzhou", **known)
    return Tencent(Api(spec.endpoint, spec.region, lambda: credentials or Credentials(*SECRET)), spec)


def _row(row: dict[str, Any]) -> tuple[Backend, int | None]:
    address, _, port = row["target"].rpartition(":")
    return Backend(row["listener"], address, int(port)), row["weight"]


class Ground:
    """One emulator process for a module."""

    can = CAN
    crowd = 1000

    def __init__(self, process: Process) -> None:
        self._process = process

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        standing = halves(1, len(weights))
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTENERS}
        for each, weight in zip(standing, weights, strict=True):
            rows[each.listener].append({"address": each.address, "port": each.port, "weight": weight})
        checks = {"health": CHECKED} if len(weights) <= FEW else {}
        balancer = self._process.balancer(*({"targets": rows[name]} for name in LISTENERS), **checks)
        try:
            yield Rig(balancer, standing, halves(1 + len(weights), spare))
        finally:
            self._process.admin("DELETE", f"/balancers/{balancer.id}")


@contextmanager
def opened() -> Iterator[Ground]:
    """Run the emulator for the length of the block."""
    process = Process()
    try:
        yield Ground(process)
    finally:
        process.close()


KIND = Kind("tencent", CAN, opened)
