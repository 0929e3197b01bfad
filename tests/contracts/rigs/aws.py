"""The AWS driver before our emulator of the ELBv2 API, which the official SDK accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aws import aws
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.contracts.balancer import Can, Driver, Kind, Sent, until
from tests.lab.clouds.world import SECRET, Balancer, Process

NAMES = ("lbl-1", "lbl-2")
PORTS = (8080, 8443)
REGION = "eu-central-1"
CANARY = "canary-key-that-must-not-be-shown"
CHECKED = {"kind": "tcp", "interval_s": 0.05, "timeout_s": 0.2, "rise": 1, "fall": 1}
CAN = frozenset({Can.THROTTLED, Can.DROPPED, Can.KEYS, Can.CHECKS, Can.NAMED, Can.MONITORED})
MONITORED = {"monitor_period_s": 1.0, "monitor_delay_s": 0.0}
VERBS = {"RegisterTargets": "register", "ModifyListener": "weigh", "DeregisterTargets": "deregister"}
SPOILED: dict[str, dict[str, Any]] = {
    "balancer.sticky": {"session_expire_s": 300},
    "balancer.reset-on-removal": {"deregister_rst": True},
    "balancer.target-type": {"target_type": "lambda"},
    "balancer.shared-group": {"group": "shared"},
}


def halves(first: int, count: int, listeners: Sequence[str]) -> tuple[Backend, ...]:
    """Give `count` backends from number `first` on, half of them on each listener."""
    return tuple(
        Backend(listeners[which], f"10.{at // 65536}.{at // 256 % 256}.{at % 256}", PORTS[which])
        for at, which in ((first + i, int(i >= count // 2)) for i in range(count))
    )


class Rig:
    """One balancer in the emulator's process; the plan names its listeners by their ports."""

    def __init__(self, balancer: Balancer, standing: int, spare: int) -> None:
        self.balancer = balancer
        self.listeners = tuple(str(port) for port in balancer.ports)
        self.standing = halves(1, standing, self.listeners)
        self.spare = halves(1 + standing, spare, self.listeners)
        balancer.faults(health={f"{b.address}:{b.port}": "alive" for b in (*self.standing, *self.spare)})

    def driver(self, secret: str = SECRET[1], **changes: Any) -> Driver:
        return driver(self.balancer, secret, **changes)

    def stranger(self) -> tuple[Driver, str]:
        return self.driver(CANARY), CANARY

    def nobody(self) -> Driver:
        return self.driver(id="lb-nobody")

    def unplugged(self) -> Driver:
        return self.driver(endpoint="http://127.0.0.1:9")

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        return {code: partial(self._spoiled, row) for code, row in SPOILED.items()}

    @contextmanager
    def _spoiled(self, row: dict[str, Any]) -> Iterator[Driver]:
        group = {"group": row["group"]} if "group" in row else {}
        made = self.balancer.process.balancer(group, row, pooled=True, region=REGION)
        yield driver(made)
        self.balancer.process.admin("DELETE", f"/balancers/{made.id}")

    def sent(self) -> list[Sent]:
        """Give what arrived. Attaching a group at weight 0 moves nobody, so it is no writing of weights."""
        names = dict(zip(NAMES, self.listeners, strict=True))
        calls = [event for event in self.balancer.log("call") if event["rows"]]
        return [Sent(VERBS[event["action"]], tuple(_row(row, names) for row in event["rows"])) for event in calls]

    def trouble(self, which: Can) -> None:
        orders: dict[Can, dict[str, Any]] = {Can.THROTTLED: {"throttle_s": 60.0}, Can.DROPPED: {"drop_responses": 1}}
        self.balancer.faults(**orders[which])

    def calm(self) -> None:
        self.balancer.faults(throttle_s=0.0, drop_responses=0)

    def sicken(self, backend: Backend) -> None:
        self.balancer.faults(health={f"{backend.address}:{backend.port}": "dead"})

    def rest(self) -> None:
        until(lambda: not self.balancer.process.admin("GET", f"/balancers/{self.balancer.id}")["busy"])


def driver(
    balancer: Balancer, secret: str = SECRET[1], options: Mapping[str, str] | None = None, **changes: Any
) -> Driver:
    """Give a driver for a balancer of the emulator."""
    known: dict[str, Any] = {"id": balancer.id, "endpoint": f"http://{balancer.process.control}"} | changes
    absent = known.pop("absent", ())
    listeners = tuple(ListenerSpec(str(port), port) for port in (*balancer.ports, *absent))
    pairs = zip((*balancer.ports, *absent), (*NAMES, "absent"), strict=False)
    groups = ",".join(f"{port}={balancer.id}-{name}-new" for port, name in pairs)
    monitoring = {"monitoringEndpoint": known["endpoint"], "monitoringPeriod": "1s"}
    given = {"newTargetGroups": groups} | monitoring | dict(options or {})
    spec = BalancerSpec("aws", listeners=listeners, region=REGION, options=tuple(sorted(given.items())), **known)
    return aws(spec, Chain(lambda: Credentials(SECRET[0], secret)))


def _row(row: dict[str, Any], names: Mapping[str, str]) -> tuple[Backend, int | None]:
    address, _, port = row["target"].rpartition(":")
    return Backend(names[row["listener"]], address, int(port)), row["weight"]


class Ground:
    """One emulator process for a module."""

    can = CAN
    crowd = 1000

    def __init__(self, process: Process) -> None:
        self._process = process

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
        for each, weight in zip(halves(1, len(weights), NAMES), weights, strict=True):
            rows[each.listener].append({"address": each.address, "port": each.port, "weight": weight})
        balancer = self._process.balancer(
            *({"targets": rows[name]} for name in NAMES), health=CHECKED, pooled=True, region=REGION, timings=MONITORED
        )
        try:
            yield Rig(balancer, len(weights), spare)
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


KIND = Kind("aws", CAN, opened)
