"""What the API says of a balancer before a run: its owner, its listeners' actions and rules, its target groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from migrator.adapters.balancers.access.api_client import Rejected
from migrator.adapters.balancers.aws.access.api import MISSING, Api
from migrator.adapters.balancers.aws.findings import (
    Group,
    health_check_of,
    leaving_of,
    missing,
    no_group,
    of_groups,
    of_listener,
    owned,
    steering_of,
)
from migrator.adapters.balancers.aws.listeners import Listener, is_called, listener_of
from migrator.adapters.balancers.aws.rights import RIGHTS
from migrator.adapters.balancers.permissions import of_permissions, untried
from migrator.domain.balancers.settings import HealthCheck, Leaving, Steering
from migrator.domain.messages.findings import Finding
from migrator.domain.model.manifests import Json, items, text

APPLICATION = ("HTTP", "HTTPS")
IDLE, IDLE_APPLICATION = "tcp.idle_timeout.seconds", "idle_timeout.timeout_seconds"
"""Attributes of a network balancer's listener, and of an application balancer (ELBv2 API)."""


class Preflight:
    """One look at a balancer; `rows` are all of its listeners, `new` gives a listener's new group."""

    def __init__(
        self, api: Api, balancer: str, rows: Sequence[dict[str, Json]], new: Callable[[Listener], str]
    ) -> None:
        self._api, self._balancer, self._rows, self._new = api, balancer, rows, new

    def findings(self, name: str, listeners: Sequence[str]) -> tuple[Finding, ...]:
        """Give what is wrong for a run."""
        findings = list(owned(name, self._tags()))
        for wanted in listeners:
            listener = self._listener(wanted)
            findings += [missing(name, wanted)] if listener is None else self._of(listener)
        return (*findings, *of_permissions(name, untried(RIGHTS)))

    def health_checks(self, listeners: Sequence[str]) -> tuple[HealthCheck, ...]:
        """Give the health check of the new side's group of each listener."""
        there = [listener for wanted in listeners if (listener := self._listener(wanted))]
        return tuple(health_check_of(listener.name, self._described(self._new(listener))) for listener in there)

    def steering(self, listeners: Sequence[str]) -> tuple[Steering, ...]:
        """Give how the groups of each listener steer, and its idle time."""
        there = [listener for wanted in listeners if (listener := self._listener(wanted))]
        return tuple(self._steering(listener) for listener in there)

    def leaving(self, listeners: Sequence[str]) -> tuple[Leaving, ...]:
        """Give what becomes of a target that leaves a group with weight, of each listener."""
        balancer = _attributes(self._api.call("DescribeLoadBalancerAttributes", LoadBalancerArn=self._balancer))
        there = [listener for wanted in listeners if (listener := self._listener(wanted))]
        return tuple(
            leaving_of(each.name, arn, self._attributes(arn), balancer, each.protocol in APPLICATION)
            for each in there
            for arn, weight in each.forwards.items()
            if weight
        )

    def _steering(self, listener: Listener) -> Steering:
        new = self._new(listener)
        groups = [new, *(arn for arn in listener.forwards if arn != new)]
        return steering_of(listener, [self._attributes(arn) for arn in groups], self._idle(listener))

    def _idle(self, listener: Listener) -> str:
        """Give after how many idle seconds connections are closed: a listener's own on an NLB, the balancer's on an ALB.

        "" where it is not said, or may not be asked for: policies of before this was read do not allow it.
        """
        try:
            if listener.protocol in APPLICATION:
                answer = self._api.call("DescribeLoadBalancerAttributes", LoadBalancerArn=self._balancer)
            else:
                answer = self._api.call("DescribeListenerAttributes", ListenerArn=listener.arn)
        except Rejected:
            return ""
        said = _attributes(answer)
        return said.get(IDLE_APPLICATION, "") or said.get(IDLE, "")

    def _listener(self, name: str) -> Listener | None:
        return next((listener_of(name, row) for row in self._rows if is_called(name, row)), None)

    def _of(self, listener: Listener) -> list[Finding]:
        try:
            new = self._new(listener)
            described = self._group(new, listener)
        except Rejected as error:
            if error.code not in MISSING:
                raise
            return [no_group(listener.name, error.message)]
        old = [arn for arn in listener.forwards if arn != new]
        findings = list(of_listener(listener, new, self._rules(listener, old)))
        for arn in old[:1]:
            findings += of_groups(self._group(arn, listener), described, self._balancer)
        return findings

    def _tags(self) -> dict[str, str]:
        answer = self._api.call("DescribeTags", ResourceArns=[self._balancer])
        rows = [tag for resource in items(answer, "TagDescriptions") for tag in items(resource, "Tags")]
        return {text(row, "Key"): text(row, "Value") for row in rows}

    def _described(self, arn: str) -> dict[str, Json]:
        return next(iter(items(self._api.call("DescribeTargetGroups", TargetGroupArns=[arn]), "TargetGroups")), {})

    def _group(self, arn: str, listener: Listener) -> Group:
        others = (listener_of(text(row, "ListenerArn"), row) for row in self._rows)
        elsewhere = tuple(other.arn for other in others if other.arn != listener.arn and arn in other.forwards)
        return Group(self._described(arn), self._attributes(arn), elsewhere)

    def _attributes(self, arn: str) -> dict[str, str]:
        return _attributes(self._api.call("DescribeTargetGroupAttributes", TargetGroupArn=arn))

    def _rules(self, listener: Listener, groups: Sequence[str]) -> int:
        """Count the rules, beside the default one, that lead to these groups; only an ALB's listeners have any."""
        if listener.protocol not in APPLICATION:
            return 0
        rules = self._api.every("DescribeRules", "Rules", ListenerArn=listener.arn)
        conditional = (row for row in rules if row.get("IsDefault") is not True)
        forwards = (Listener("", "", "", tuple(items(row, "Actions"))).forwards for row in conditional)
        return sum(1 for weights in forwards if set(groups) & set(weights))


def _attributes(answer: dict[str, Json]) -> dict[str, str]:
    return {text(row, "Key"): text(row, "Value") for row in items(answer, "Attributes")}
