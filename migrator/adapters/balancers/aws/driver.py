"""The AWS driver: target groups as pools; one listener's weights are one ModifyListener, which replaces its action whole.

Facts: weights 0-999 belong to target groups, not targets; health is only checked in a group that a listener forwards to,
so the new group is attached at weight 0 before anybody is registered in it; registering and deregistering are repeatable;
a deregistered target is shown as draining for minutes, and an NLB may still send it connections meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.aws.access.api import Api
from migrator.adapters.balancers.aws.instances import Instances
from migrator.adapters.balancers.aws.listeners import Listener, is_called, listener_of
from migrator.adapters.balancers.aws.monitoring import Monitoring
from migrator.adapters.balancers.aws.options import Options
from migrator.adapters.balancers.aws.preflight import Preflight
from migrator.adapters.balancers.aws.rows import Row, row_of, targets_of
from migrator.adapters.balancers.refusals import require_no_weight, require_there
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.balancers.settings import HealthCheck, Leaving, Steering
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Scope, Side, Target
from migrator.domain.model.manifests import Json, items, mapping, number, text
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.observation.logins import Login

SYSTEM = "aws"
TOP = 999
REGISTERS = 600.0
"""Seconds: an NLB takes 180 to 300 to register a target, and then its health checks begin."""


class Aws:
    """One balancer's listeners. Setting the same weights twice equals setting them once."""

    def __init__(
        self, api: Api, instances: Instances, monitoring: Monitoring, spec: BalancerSpec, options: Options
    ) -> None:
        self._api, self._instances, self._monitoring, self._options = api, instances, monitoring, options
        self._id, self._listeners = spec.id, [listener.id for listener in spec.listeners]
        self._arns: dict[str, str] = {}

    def capabilities(self) -> Capabilities:
        """Give the driver's constants, with the plan's batch and seconds."""
        return Capabilities(
            weight_max=TOP,
            batch=self._options.batch,
            several_listeners=False,
            health_at_zero=True,
            zero_keeps_connections=None,  # documented nowhere for a weight that becomes 0
            settle=self._options.settle,
            drain_floor=self._options.drain_floor,
            weights_of=Scope.POOL,
            registers=REGISTERS,
        )

    def targets(self) -> tuple[Target, ...]:
        """Give every target of the groups that the run's listeners forward to, and of the new side's groups."""
        targets: list[Target] = []
        for listener in self._there(self._listeners):
            weights = listener.forwards
            rows = self._rows(listener.name, [*weights, self._new(listener)])
            targets += [Target(row.backend, weights.get(row.group, 0), row.health, pool=row.group) for row in rows]
        return tuple(targets)

    def poll(self, op: Op) -> OpState:
        """Say DONE: a call that was answered is done at once. An id is none of ours."""
        return OpState.LOST if op.id else OpState.DONE

    def address(self) -> str:
        """Give the balancer's DNS name."""
        answer = self._api.call("DescribeLoadBalancers", LoadBalancerArns=[self._balancer()])
        return text(next(iter(items(answer, "LoadBalancers")), {}), "DNSName")

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the balancer, the listeners, and the groups they lead to."""
        return self._preflight().findings(self._id, self._listeners)

    def require_credentials(self) -> None:
        """Look for credentials; the balancer is not asked."""
        self._api.require_credentials()

    def login(self) -> Login | None:
        """Say how long the API knows us; nobody is asked for it."""
        return self._api.login()

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give the health check of the new side's group of each of the run's listeners that is there."""
        return self._preflight().health_checks(self._listeners)

    def steering(self) -> tuple[Steering, ...]:
        """Give how the groups of each of the run's listeners that is there choose targets, and its idle time."""
        return self._preflight().steering(self._listeners)

    def leaving(self) -> tuple[Leaving, ...]:
        """Give what becomes of a target that leaves a group with weight."""
        return self._preflight().leaving(self._listeners)

    def reported(self) -> tuple[Reported, ...]:
        """Give what CloudWatch has of the balancer and of both sides' groups."""
        sides: dict[str, Side] = {}
        for listener in self._there(self._listeners):
            sides |= dict.fromkeys(listener.forwards, Side.OLD) | {self._new(listener): Side.NEW}
        return self._monitoring.reported(self._balancer(), sides)

    def register(self, action: Register) -> Op:
        """Register what is not there yet: old backends where they were, new ones in their group, which is attached first.

        A group with weight gives a new target traffic as soon as it is healthy: Refused, unless it joins what stands.
        """
        listener = self._one(backend.listener for backend in action.backends)
        new, weights = self._new(listener), listener.forwards
        there = {row.backend for row in self._rows(listener.name, [*weights, new])}
        absent = [backend for backend in action.backends if backend not in there]
        for group in dict.fromkeys(backend.ref or new for backend in absent):
            if group == new and weights.get(new, 0) and not action.standing:
                raise Refused(say("aws.group-has-weight", group=group, weight=weights[new]))
            if group not in weights:
                weights = {**weights, group: 0}
                self._forward(listener, weights)
            targets = self._named(group, [backend for backend in absent if (backend.ref or new) == group])
            self._api.call("RegisterTargets", TargetGroupArn=group, Targets=targets)
        return Op(SYSTEM)

    def set_weights(self, action: SetWeights) -> Op:
        """Set the weights of the groups that these rows are in, in one call; a group is named whole, with one weight."""
        listener = self._one(row.backend.listener for row in action.rows)
        weights = listener.forwards
        rows = self._rows(listener.name, [*weights, self._new(listener)])
        wanted = _by_group(rows, {row.backend: row.weight for row in action.rows})
        if loose := tuple(group for group, weight in wanted.items() if group not in weights and weight):
            raise Refused(say("aws.unchecked-group", listener=listener.name, groups=loose))
        self._forward(listener, {group: wanted.get(group, weight) for group, weight in weights.items()})
        return Op(SYSTEM)

    def deregister(self, action: Deregister) -> Op:
        """Remove targets that are there; one whose group has weight on any listener of the balancer is Refused.

        Who leaves what stands may have weight as long as others stay in the group; AWS drains it by the group's delay.
        """
        listener = self._one(backend.listener for backend in action.backends)
        wanted = set(action.backends)
        every = self._rows(listener.name, [*listener.forwards, self._new(listener)])
        rows = [row for row in every if row.backend in wanted]
        heavy = {group for other in self._all() for group, weight in other.forwards.items() if weight}
        if action.standing:
            heavy -= {row.group for row in every if row.backend not in wanted}
        require_no_weight((row.backend, int(row.group in heavy)) for row in rows)
        for group in dict.fromkeys(row.group for row in rows):
            targets: list[Json] = [row.target for row in rows if row.group == group]
            self._api.call("DeregisterTargets", TargetGroupArn=group, Targets=targets)
        return Op(SYSTEM)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _balancer(self) -> str:
        if self._id.startswith("arn:"):
            return self._id
        if self._id not in self._arns:
            answer = self._api.call("DescribeLoadBalancers", Names=[self._id])
            self._arns[self._id] = text(next(iter(items(answer, "LoadBalancers")), {}), "LoadBalancerArn")
        return self._arns[self._id]

    def _described(self) -> list[dict[str, Json]]:
        return self._api.every("DescribeListeners", "Listeners", LoadBalancerArn=self._balancer())

    def _all(self) -> list[Listener]:
        return [listener_of(text(row, "ListenerArn"), row) for row in self._described()]

    def _there(self, names: Sequence[str]) -> list[Listener]:
        """Give these listeners as they are now. Refused: one is not there."""
        rows = self._described()
        listeners = {name: listener_of(name, row) for name in names for row in rows if is_called(name, row)}
        if absent := tuple(name for name in names if name not in listeners):
            known = tuple(f"{text(row, 'Protocol').lower()}:{number(row, 'Port')}" for row in rows)
            raise Refused(say("aws.no-listener", balancer=self._id, listeners=absent, there=known))
        return [listeners[name] for name in names]

    def _one(self, listeners: Iterable[str]) -> Listener:
        names = sorted(set(listeners))
        if len(names) != 1:
            raise Refused(say("aws.not-one-listener", listeners=tuple(names)))
        return self._there(names)[0]

    def _new(self, listener: Listener) -> str:
        """Give the ARN of the new side's group of a listener."""
        name = self._options.new_groups[listener.name]
        if name.startswith("arn:"):
            return name
        if name not in self._arns:
            answer = self._api.call("DescribeTargetGroups", Names=[name])
            self._arns[name] = text(next(iter(items(answer, "TargetGroups")), {}), "TargetGroupArn")
        return self._arns[name]

    def _rows(self, listener: str, groups: Iterable[str]) -> list[Row]:
        return [row for group in dict.fromkeys(groups) for row in self._members(listener, group)]

    def _members(self, listener: str, group: str) -> list[Row]:
        answer = self._api.call("DescribeTargetHealth", TargetGroupArn=group)
        there = targets_of(strict.rows(answer, "TargetHealthDescriptions"))
        names = [strict.word(mapping(row, "Target"), "Id") for row in there]
        instances = [name for name in names if name.startswith("i-")]
        addresses = self._instances.addresses(instances) if instances else {}
        return [row_of(listener, group, row, addresses.get(name, name)) for name, row in zip(names, there, strict=True)]

    def _named(self, group: str, backends: Sequence[Backend]) -> list[Json]:
        """Give targets as the group takes them: by address, or by the instance that has it."""
        answer = self._api.call("DescribeTargetGroups", TargetGroupArns=[group])
        described = next(iter(items(answer, "TargetGroups")), {})
        names = {backend.address: backend.address for backend in backends}
        if text(described, "TargetType") == "instance":
            names = self._instances.instances(names, text(described, "VpcId"))
        return [{"Id": names[backend.address], "Port": backend.port} for backend in backends]

    def _forward(self, listener: Listener, weights: dict[str, int]) -> None:
        self._api.call("ModifyListener", ListenerArn=listener.arn, DefaultActions=listener.actions_with(weights))

    def _preflight(self) -> Preflight:
        return Preflight(self._api, self._balancer(), self._described(), self._new)


def _by_group(rows: Sequence[Row], wanted: dict[Backend, int]) -> dict[str, int]:
    """Give weight by group. Refused: a row that is not there, or a group that would have two weights."""
    groups = {row.backend: row.group for row in rows}
    require_there(wanted, groups, say("aws.some-group"))
    weights: dict[str, int] = {}
    for backend, weight in wanted.items():
        if weights.setdefault(groups[backend], weight) != weight:
            raise Refused(say("aws.one-weight", backend=str(backend), group=groups[backend]))
    return weights
