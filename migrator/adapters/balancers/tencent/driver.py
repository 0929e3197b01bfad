"""The Tencent driver: targets, weights and health of listeners, or of a layer-7 listener's rules; one batch a call.

Facts: weights 0-100 (default 10, so it is always sent); health checks run at weight 0 too; one write at a time per
balancer; BatchModifyTargetWeight is a task to poll, BatchRegister/BatchDeregister return when done; at most 100 listeners
or rules with 50 targets each, 500 in all, per call. A listener or rule bound to target groups needs other calls and is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.access.api_client import Rejected
from migrator.adapters.balancers.permissions import of_permissions, untried
from migrator.adapters.balancers.refusals import require_no_weight
from migrator.adapters.balancers.tencent.access.api import Api
from migrator.adapters.balancers.tencent.findings import (
    health_check_of,
    missing,
    of_listener,
    other_port,
    quota_of,
    steering_of,
)
from migrator.adapters.balancers.tencent.monitoring import MINUTE, Monitoring, Pool, place_of
from migrator.adapters.balancers.tencent.rights import RIGHTS
from migrator.adapters.balancers.tencent.rows import (
    OF_A_RULE,
    Row,
    backend,
    by_reads,
    elements,
    in_pool,
    listener_of,
    named,
    parts,
    pool,
)
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.balancers.profile import CloudRights
from migrator.domain.balancers.settings import HealthCheck, Quota, Rule, Steering
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Target
from migrator.domain.model.manifests import Json, dig, items, number, text
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.observation.logins import Login

SYSTEM = "tencent"
FEW = 90
"""So many pools never make more than 100 elements of 500 rows; of more than that, 100 rows are as many as is safe."""
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

    def __init__(
        self, api: Api, spec: BalancerSpec, rights: CloudRights = RIGHTS, monitoring: Monitoring | None = None
    ) -> None:
        self._api, self._id, self._rights = api, spec.id, rights
        self._monitoring = monitoring or Monitoring(api.watching(""), MINUTE)
        self._pools = {listener.id: listener.port for listener in spec.listeners}
        self._listeners = list(dict.fromkeys(map(listener_of, self._pools)))

    def capabilities(self) -> Capabilities:
        """Give the driver's constants; what cannot be proved from here is a finding instead."""
        return CAPABILITIES if len(self._pools) <= FEW else replace(CAPABILITIES, batch=100)

    def targets(self) -> tuple[Target, ...]:
        """Give every target of the run's listeners and rules, with the health that the balancer sees."""
        bound, health = self._bound(), self._health()
        return tuple(Target(target, weight, health.get(target, Health.UNKNOWN)) for target, weight in bound.items())

    def rules(self) -> tuple[Rule, ...]:
        """Give every forwarding rule of the run's layer-7 listeners, of the plan or not, with its targets."""
        return tuple(
            Rule(
                listener_of(name),
                name,
                text(rule, "Domain"),
                text(rule, "Url"),
                tuple(Target(target, strict.whole(row, "Weight")) for target, row in _of(name, rule)),
            )
            for listener in self._described()
            for name, rule in parts(listener)
            if OF_A_RULE in name
        )

    def _bound(self) -> dict[Backend, int]:
        """Give the weight of every bound target of the plan's pools."""
        return {
            target: strict.whole(row, "Weight")
            for listener in self._described()
            for name, part in parts(listener)
            if self._ours(name)
            for target, row in _of(name, part)
        }

    def _described(self) -> Iterator[Row]:
        for names in by_reads(self._listeners):
            try:
                answer = self._api.call("DescribeTargets", LoadBalancerId=self._id, ListenerIds=names)
            except Rejected:
                self._require_there(names)
                raise
            yield from strict.rows(answer, "Listeners")

    def _require_there(self, names: Iterable[Json]) -> None:
        """Refused: the balancer has no such listeners. It is asked which it has, since its own refusal names none."""
        rows = items(self._api.call("DescribeListeners", LoadBalancerId=self._id), "Listeners")
        there = {text(row, "ListenerId"): number(row, "Port") for row in rows}
        if absent := tuple(str(name) for name in names if name not in there):
            known = tuple(f"{name} ({port})" for name, port in there.items())
            raise Refused(say("tencent.no-listener", balancer=self._id, listeners=absent, there=known))

    def _ours(self, name: str) -> bool:
        """Say whether a pool is the plan's: named itself, or by its listener."""
        return name in self._pools or listener_of(name) in self._pools

    def _health(self) -> dict[Backend, Health]:
        return {
            Backend(pool(listener, rule), strict.word(row, "IP"), strict.port(row, "Port")): _HEALTH.get(
                text(row, "HealthStatusDetail"), Health.UNKNOWN
            )
            for names in by_reads(self._listeners)
            for balancer in strict.rows(
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
            task = self._api.call("DescribeTaskStatus", TaskId=op.id)
        except Rejected as error:
            if error.code.startswith(_NO_SUCH):
                return OpState.LOST
            raise
        return _TASK.get(number(task, "Status"), OpState.LOST)

    def address(self) -> str:
        """Give the balancer's first address."""
        answer = self._api.call("DescribeLoadBalancers", LoadBalancerIds=[self._id])
        address = dig(answer, "LoadBalancerSet", 0, "LoadBalancerVips", 0)
        return address if isinstance(address, str) else ""

    def reported(self) -> tuple[Reported, ...]:
        """Give what Cloud Monitor has of the balancer, the run's listeners and their backends."""
        place = place_of(self._api.call("DescribeLoadBalancers", LoadBalancerIds=[self._id]))
        behind: dict[str, dict[tuple[str, int], Backend]] = {}
        for each in self._bound():
            behind.setdefault(listener_of(each.listener), {})[(each.address, each.port)] = each
        pools = [
            Pool(name, text(row, "Protocol").lower(), number(row, "Port"), tuple(behind.get(name, {}).values()))
            for row in self._settings()
            if (name := text(row, "ListenerId"))
        ]
        return self._monitoring.reported(place, pools)

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the listeners and rules for a run."""
        rows = {text(row, "ListenerId"): row for row in self._settings()}
        there = {name for row in rows.values() for name, _ in parts(row)} | rows.keys()
        present = [rows[name] for name in self._listeners if name in rows]
        ports = dict.fromkeys((listener_of(name), port) for name, port in self._pools.items())
        return (
            *(missing(self._id, name) for name in self._pools if name not in there),
            *(finding for row in present for finding in of_listener(row, self._ours)),
            *(finding for name, port in ports for finding in other_port(rows.get(name), port)),
            *of_permissions(self._id, untried(self._rights)),
        )

    def require_credentials(self) -> None:
        """Look for credentials; the balancer is not asked."""
        self._api.require_credentials()

    def login(self) -> Login | None:
        """Say how long the API knows us; nobody is asked for it."""
        return self._api.login()

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give the health check of each of the run's listeners and rules that is there."""
        return tuple(
            health_check_of(name, part) for row in self._settings() for name, part in parts(row) if self._ours(name)
        )

    def steering(self) -> tuple[Steering, ...]:
        """Give how each of the run's listeners and rules that is there chooses targets, and its idle time."""
        return tuple(
            steering_of(name, part, row) for row in self._settings() for name, part in parts(row) if self._ours(name)
        )

    def _settings(self) -> list[Row]:
        answer = self._api.call("DescribeListeners", LoadBalancerId=self._id)
        return [row for row in items(answer, "Listeners") if text(row, "ListenerId") in self._listeners]

    def quotas(self) -> tuple[Quota, ...]:
        """Give how many targets fit on each listener or rule; the limit is unknown where the account may not ask for it."""
        try:
            limit = quota_of(self._api.call("DescribeQuota"))
        except Rejected:
            limit = None
        used = Counter(target.listener for target in self._bound())
        source = "DescribeQuota, TOTAL_TARGET_BIND_QUOTA"
        return tuple(Quota(listeners_subject([name]), (name,), used[name], limit, source) for name in self._pools)

    def register(self, action: Register) -> Op:
        """Register at weight 0 what is not bound yet: the call would give a bound target the new weight.

        It returns when it is done; a partial failure is Unreachable (look, then decide).
        """
        bound = self._bound()
        absent = [target for target in action.backends if target not in bound]
        rows: list[Json] = [{**named(target), **in_pool(target.listener), "Weight": 0} for target in absent]
        if not rows:
            return Op(SYSTEM)
        answer = self._api.call("BatchRegisterTargets", LoadBalancerId=self._id, Targets=rows)
        return _whole("BatchRegisterTargets", answer)

    def set_weights(self, action: SetWeights) -> Op:
        """Set these rows in one call, over several listeners and rules; the task is to be polled."""
        changes: list[Json] = [
            {**in_pool(name), "Targets": [{**named(row.backend), "Weight": row.weight} for row in rows]}
            for name, rows in elements(action.rows)
        ]
        answer = self._api.call("BatchModifyTargetWeight", LoadBalancerId=self._id, ModifyList=changes)
        return Op(SYSTEM, text(answer, "RequestId"))

    def deregister(self, action: Deregister) -> Op:
        """Remove rows that are there and have no weight; one that has is Refused."""
        wanted, bound = set(action.backends), self._bound()
        present = [target for target in bound if target in wanted]  # the balancer's own names, whatever the plan knew
        require_no_weight((target, bound[target]) for target in present)
        rows: list[Json] = [{**named(target), **in_pool(target.listener)} for target in present]
        if not rows:
            return Op(SYSTEM)
        answer = self._api.call("BatchDeregisterTargets", LoadBalancerId=self._id, Targets=rows)
        return _whole("BatchDeregisterTargets", answer)


def _of(name: str, part: Row) -> Iterator[tuple[Backend, Row]]:
    """Give (backend, its row) of one pool."""
    for row in strict.rows(part, "Targets"):
        if target := backend(name, row):
            yield target, row


def _whole(action: str, answer: dict[str, Json]) -> Op:
    """Give the op of a call that returns when done. HTTP 200 without Error may still hold failed listeners."""
    failed = answer.get("FailListenerIdSet")
    if isinstance(failed, list) and failed:
        listeners = tuple(str(name) for name in failed)
        raise Unreachable(say("tencent.partly-done", action=action, words=text(answer, "Message"), listeners=listeners))
    return Op(SYSTEM)
