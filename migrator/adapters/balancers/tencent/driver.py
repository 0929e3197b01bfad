"""The Tencent driver: layer-4 listeners as targets, weights and health; writes as they are given, one batch a call.

Facts: weights 0-100 (default 10, so it is always sent); health checks run at weight 0 too; one write at a time per
balancer; BatchModifyTargetWeight is a task to poll, BatchRegister/BatchDeregister return when done; at most 100 listeners
with 50 targets each, 500 in all, per call. A listener bound to target groups needs other calls and is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from migrator.adapters.balancers.permissions import of_permissions, untried
from migrator.adapters.balancers.tencent.api import Api, Rejected
from migrator.adapters.balancers.tencent.findings import health_check_of, missing, of_listener, other_port, quota_of
from migrator.domain.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.errors import Refused, Unreachable
from migrator.domain.findings import Finding
from migrator.domain.manifests import Json, dig, items, number, text
from migrator.domain.pools import Backend, Capabilities, Health, Target, Weighted
from migrator.domain.spec import BalancerSpec
from migrator.domain.world import HealthCheck, Quota

SYSTEM = "tencent"
PER_ELEMENT = 50
PER_READ = 20
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
_NO_SUCH = ("InvalidParameter", "ResourceNotFound")
_TASK = {0: OpState.DONE, 1: OpState.FAILED, 2: OpState.RUNNING}


class Tencent:
    """One balancer's listeners. Setting the same weights twice equals setting them once."""

    def __init__(self, api: Api, spec: BalancerSpec) -> None:
        self._api, self._id = api, spec.id
        self._listeners = [listener.id for listener in spec.listeners]
        self._ports = {listener.id: listener.port for listener in spec.listeners}

    def capabilities(self) -> Capabilities:
        """Give the driver's constants; what cannot be proved from here is a finding instead."""
        return CAPABILITIES

    def targets(self) -> tuple[Target, ...]:
        """Give every target of the run's listeners, with the health that the balancer sees."""
        bound, health = self._bound(), self._health()
        return tuple(Target(each, weight, health.get(each, Health.UNKNOWN)) for each, weight in bound.items())

    def _bound(self) -> dict[Backend, int]:
        """Give the weight of every bound target."""
        return {
            backend: number(row, "Weight")
            for names in _parts(self._listeners)
            for listener in items(
                self._api.call("DescribeTargets", LoadBalancerId=self._id, ListenerIds=names), "Listeners"
            )
            for row in items(listener, "Targets")
            if (backend := _backend(text(listener, "ListenerId"), row))
        }

    def _health(self) -> dict[Backend, Health]:
        return {
            Backend(text(listener, "ListenerId"), text(row, "IP"), number(row, "Port")): _HEALTH.get(
                text(row, "HealthStatusDetail"), Health.UNKNOWN
            )
            for names in _parts(self._listeners)
            for balancer in items(
                self._api.call("DescribeTargetHealth", LoadBalancerIds=[self._id], ListenerIds=names), "LoadBalancers"
            )
            for listener in items(balancer, "Listeners")
            for rule in items(listener, "Rules")  # layer-4 targets are nested under Rules here too
            for row in items(rule, "Targets")
        }

    def poll(self, op: Op) -> OpState:
        """Ask for a task; one that the API does not know any more is LOST, and an op without an id was done at once."""
        if not op.id:
            return OpState.DONE
        try:
            found = self._api.call("DescribeTaskStatus", TaskId=op.id)
        except Rejected as error:
            if error.code.startswith(_NO_SUCH):
                return OpState.LOST
            raise
        return _TASK.get(number(found, "Status"), OpState.LOST)

    def address(self) -> str:
        """Give the balancer's first address."""
        found = self._api.call("DescribeLoadBalancers", LoadBalancerIds=[self._id])
        address = dig(found, "LoadBalancerSet", 0, "LoadBalancerVips", 0)
        return address if isinstance(address, str) else ""

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the listeners for a run."""
        found = self._api.call("DescribeListeners", LoadBalancerId=self._id)
        rows = {text(row, "ListenerId"): row for row in items(found, "Listeners")}
        absent = [name for name in self._listeners if name not in rows]
        present = [rows[name] for name in self._listeners if name in rows]
        return (
            *(missing(self._id, name) for name in absent),
            *(finding for row in present for finding in of_listener(row)),
            *(finding for row in present for finding in other_port(row, self._ports[text(row, "ListenerId")])),
            *of_permissions(self._id, untried(SYSTEM)),
        )

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give the health check of each of the run's listeners that is there."""
        found = self._api.call("DescribeListeners", LoadBalancerId=self._id)
        rows = [row for row in items(found, "Listeners") if text(row, "ListenerId") in self._listeners]
        return tuple(health_check_of(row) for row in rows)

    def quotas(self) -> tuple[Quota, ...]:
        """Give how many targets fit on each listener; the limit is unknown where the account may not ask for it."""
        try:
            limit = quota_of(self._api.call("DescribeQuota"))
        except Rejected:
            limit = None
        used = Counter(backend.listener for backend in self._bound())
        source = "DescribeQuota, TOTAL_TARGET_BIND_QUOTA"
        return tuple(Quota(f"listener {each}", (each,), used[each], limit, source) for each in self._listeners)

    def register(self, action: Register) -> Op:
        """Register at weight 0 what is not bound yet: the call would give a bound target the new weight.

        It returns when it is done; a partial failure is Unreachable (look, then decide).
        """
        bound = self._bound()
        absent = [each for each in action.backends if each not in bound]
        rows: list[Json] = [{**_named(each), "ListenerId": each.listener, "Weight": 0} for each in absent]
        if not rows:
            return Op(SYSTEM)
        found = self._api.call("BatchRegisterTargets", LoadBalancerId=self._id, Targets=rows)
        return _whole(found, "registered")

    def set_weights(self, action: SetWeights) -> Op:
        """Set these rows in one call, over several listeners; the task is to be polled."""
        changes: list[Json] = [
            {"ListenerId": listener, "Targets": [{**_named(row.backend), "Weight": row.weight} for row in rows]}
            for listener, rows in _elements(action.rows)
        ]
        found = self._api.call("BatchModifyTargetWeight", LoadBalancerId=self._id, ModifyList=changes)
        return Op(SYSTEM, text(found, "RequestId"))

    def deregister(self, action: Deregister) -> Op:
        """Remove rows that are there and have no weight; one that has is Refused."""
        wanted, bound = set(action.backends), self._bound()
        present = [each for each in bound if each in wanted]  # the balancer's own names, whatever the plan knew
        if heavy := [str(each) for each in present if bound[each] > 0]:
            raise Refused(f"These backends still have weight; nothing was removed: {', '.join(heavy)}.")
        rows: list[Json] = [{**_named(each), "ListenerId": each.listener} for each in present]
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


def _elements(rows: Sequence[Weighted]) -> Iterator[tuple[str, Sequence[Weighted]]]:
    """Give the rows by listener, in their order, at most 50 in an element. All elements are one task of the vendor."""
    grouped: dict[str, list[Weighted]] = {}
    for row in rows:
        grouped.setdefault(row.backend.listener, []).append(row)
    for listener, group in grouped.items():
        for start in range(0, len(group), PER_ELEMENT):
            yield listener, group[start : start + PER_ELEMENT]


def _parts(listeners: Sequence[str]) -> Iterator[list[Json]]:
    """Give the listeners in parts that one read takes."""
    for start in range(0, len(listeners), PER_READ):
        yield list(listeners[start : start + PER_READ])


def _whole(found: dict[str, Json], done: str) -> Op:
    """Give the op of a call that returns when done. HTTP 200 without Error may still hold failed listeners."""
    failed = found.get("FailListenerIdSet")
    if isinstance(failed, list) and failed:
        raise Unreachable(f"Tencent CLB {done} only a part: {text(found, 'Message')} (listeners {failed}).")
    return Op(SYSTEM)
