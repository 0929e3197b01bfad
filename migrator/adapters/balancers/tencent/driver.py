"""The Tencent driver: layer-4 listeners as targets, weights and health; writes as they are given, one batch a call.

Facts: weights 0-100 (default 10, so it is always sent); health checks run at weight 0 too; one write at a time per
balancer; BatchModifyTargetWeight is a task to poll, BatchRegister/BatchDeregister return when done; at most 100 listeners
with 50 targets each, 500 in all, per call. A listener bound to target groups needs other calls and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from migrator.adapters.balancers.tencent.api import Api
from migrator.domain.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.errors import Refused, Unreachable
from migrator.domain.findings import Finding, Severity
from migrator.domain.manifests import Json, dig, items, number, text
from migrator.domain.pools import Backend, Capabilities, Health, Target, Weighted
from migrator.domain.spec import BalancerSpec

SYSTEM = "tencent"
PER_ELEMENT = 50
CAPABILITIES = Capabilities(
    weight_max=100,
    batch=500,
    several_listeners=True,
    health_at_zero=True,
    settle=2.0,
    drain_floor=5.0,
    writes_per_minute=1200,
)
_HEALTH = {"Alive": Health.HEALTHY, "Dead": Health.UNHEALTHY, "Unknown": Health.PENDING, "Close": Health.UNKNOWN}
_TASK = {0: OpState.DONE, 1: OpState.FAILED, 2: OpState.RUNNING}


class Tencent:
    """One balancer's listeners. Setting the same weights twice equals setting them once."""

    def __init__(self, api: Api, spec: BalancerSpec) -> None:
        self._api, self._id = api, spec.id
        self._listeners: list[Json] = [listener.id for listener in spec.listeners]

    def capabilities(self) -> Capabilities:
        """Give the driver's constants; what cannot be proved from here is a finding instead."""
        return CAPABILITIES

    def targets(self) -> tuple[Target, ...]:
        """Give every target of the run's listeners, with the health that the balancer sees."""
        found = self._api.call("DescribeTargets", LoadBalancerId=self._id, ListenerIds=self._listeners)
        health = self._health()
        return tuple(
            Target(
                backend,
                number(row, "Weight"),
                health.get((backend.listener, backend.address, backend.port), Health.UNKNOWN),
            )
            for listener in items(found, "Listeners")
            for row in items(listener, "Targets")
            if (backend := _backend(text(listener, "ListenerId"), row))
        )

    def _health(self) -> dict[tuple[str, str, int], Health]:
        found = self._api.call("DescribeTargetHealth", LoadBalancerIds=[self._id], ListenerIds=self._listeners)
        return {
            (text(listener, "ListenerId"), text(row, "IP"), number(row, "Port")): _HEALTH.get(
                text(row, "HealthStatusDetail"), Health.UNKNOWN
            )
            for balancer in items(found, "LoadBalancers")
            for listener in items(balancer, "Listeners")
            for rule in items(listener, "Rules")  # layer-4 targets are nested under Rules here too
            for row in items(rule, "Targets")
        }

    def poll(self, op: Op) -> OpState:
        """Ask for a task; one that the balancer does not know any more is LOST."""
        try:
            found = self._api.call("DescribeTaskStatus", TaskId=op.id)
        except Refused:
            return OpState.LOST
        return _TASK.get(number(found, "Status"), OpState.LOST)

    def address(self) -> str:
        """Give the balancer's first address."""
        found = self._api.call("DescribeLoadBalancers", LoadBalancerIds=[self._id])
        address = dig(found, "LoadBalancerSet", 0, "LoadBalancerVips", 0)
        return address if isinstance(address, str) else ""

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the listeners for a run."""
        found = self._api.call("DescribeListeners", LoadBalancerId=self._id, ListenerIds=self._listeners)
        rows = {text(row, "ListenerId"): row for row in items(found, "Listeners")}
        missing = [str(name) for name in self._listeners if name not in rows]
        return (
            *(_missing(self._id, name) for name in missing),
            *(finding for row in rows.values() for finding in _of_listener(row)),
        )

    def register(self, action: Register) -> Op:
        """Register at weight 0. The call returns when it is done; a partial failure is Unreachable (look, then decide)."""
        rows: list[Json] = [{**_named(b), "ListenerId": b.listener, "Weight": 0} for b in action.backends]
        found = self._api.call("BatchRegisterTargets", LoadBalancerId=self._id, Targets=rows)
        return _whole(found, "registered")

    def set_weights(self, action: SetWeights) -> Op:
        """Set these rows in one call, over several listeners; the task is to be polled."""
        changes: list[Json] = [
            {"ListenerId": listener, "Targets": [{**_named(row.backend), "Weight": row.weight} for row in rows]}
            for listener, rows in _elements(action)
        ]
        found = self._api.call("BatchModifyTargetWeight", LoadBalancerId=self._id, ModifyList=changes)
        return Op(SYSTEM, text(found, "RequestId"))

    def deregister(self, action: Deregister) -> Op:
        """Remove rows that are there and have no weight; one that has is Refused."""
        present = {target.backend: target.weight for target in self.targets()}
        if heavy := [str(b) for b in action.backends if present.get(b, 0) > 0]:
            raise Refused(f"These backends still have weight and were not removed: {', '.join(heavy)}.")
        rows: list[Json] = [{**_named(b), "ListenerId": b.listener} for b in action.backends if b in present]
        if not rows:
            return Op(SYSTEM)
        return _whole(self._api.call("BatchDeregisterTargets", LoadBalancerId=self._id, Targets=rows), "removed")


def _backend(listener: str, row: dict[str, Json]) -> Backend | None:
    """Give a target's backend: bound by instance (its id is the ref) or by private IP."""
    address = dig(row, "PrivateIpAddresses", 0)
    if not isinstance(address, str):
        return None
    instance = text(row, "InstanceId") if text(row, "Type") == "CVM" else ""
    return Backend(listener, address, number(row, "Port"), instance)


def _named(backend: Backend) -> dict[str, Json]:
    """Name a backend as it was bound: by InstanceId where it has one, else by its address."""
    name: dict[str, Json] = {"InstanceId": backend.ref} if backend.ref else {"EniIp": backend.address}
    return {**name, "Port": backend.port}


def _elements(action: SetWeights) -> Iterator[tuple[str, list[Weighted]]]:
    """Give the rows by listener, at most 50 in an element."""
    ordered = sorted(action.rows, key=lambda row: row.backend.listener)
    for listener, group in groupby(ordered, key=lambda row: row.backend.listener):
        rows = list(group)
        for start in range(0, len(rows), PER_ELEMENT):
            yield listener, rows[start : start + PER_ELEMENT]


def _whole(found: dict[str, Json], done: str) -> Op:
    """Give the op of a call that returns when done. HTTP 200 without Error may still hold failed listeners."""
    failed = found.get("FailListenerIdSet")
    if isinstance(failed, list) and failed:
        raise Unreachable(f"Tencent CLB {done} only a part: {text(found, 'Message')} (listeners {failed}).")
    return Op(SYSTEM)


def _missing(balancer: str, listener: str) -> Finding:
    return Finding(
        "balancer.no-listener",
        Severity.BLOCK,
        f"listener {listener}",
        f"balancer {balancer} has no such listener",
        "",
        "check loadBalancer.listeners",
    )


def _of_listener(row: dict[str, Json]) -> Iterable[Finding]:
    """Check what defeats weights or cuts connections on one listener."""
    subject = f"listener {text(row, 'ListenerId')}"
    kind = text(row, "TargetType") or "NODE"
    if kind != "NODE":
        yield Finding(
            "balancer.target-group",
            Severity.BLOCK,
            subject,
            f"its targets are a {kind}; weights live elsewhere",
            "",
            "bind targets to the listener itself",
        )
    scheduler = text(row, "Scheduler")
    if scheduler not in ("WRR", ""):
        yield Finding(
            "balancer.scheduler",
            Severity.BLOCK,
            subject,
            f"its scheduler {scheduler} does not honour weights exactly",
            "",
            "set the scheduler to WRR",
        )
    if seconds := number(row, "SessionExpireTime"):
        yield Finding(
            "balancer.sticky",
            Severity.BLOCK,
            subject,
            f"session persistence keeps clients on their old gateway for {seconds} s whatever the weights",
            "",
            "switch session persistence off for the run",
        )
    flags = row.get("AttrFlags")
    if row.get("DeregisterTargetRst") is True or (isinstance(flags, list) and "DeregisterTargetRst" in flags):
        yield Finding(
            "balancer.reset-on-removal",
            Severity.WARN,
            subject,
            "removing a backend resets its connections",
            "",
            "switch DeregisterTargetRst off",
        )
    if isinstance(flags, list) and "RescheduleTargetZeroWeight" in flags:
        yield Finding(
            "balancer.cuts-at-zero",
            Severity.BLOCK,
            subject,
            "setting weight 0 cuts live connections",
            "",
            "switch RescheduleTargetZeroWeight off",
        )
