"""What the API says of a balancer before a run: its owner, its listeners' actions and rules, its target groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from migrator.adapters.balancers.aws.api import MISSING, Api, Rejected
from migrator.adapters.balancers.aws.findings import (
    Group,
    health_check_of,
    missing,
    no_group,
    of_groups,
    of_listener,
    owned,
)
from migrator.adapters.balancers.aws.forward import Door, door_of, is_called
from migrator.adapters.balancers.aws.rights import RIGHTS
from migrator.adapters.balancers.permissions import of_permissions, untried
from migrator.domain.model.balancer_settings import HealthCheck
from migrator.domain.model.findings import Finding
from migrator.domain.model.manifests import Json, items, text

APPLICATION = ("HTTP", "HTTPS")


class Preflight:
    """One look at a balancer; `rows` are all of its listeners, `new` gives a listener's new group."""

    def __init__(self, api: Api, balancer: str, rows: Sequence[dict[str, Json]], new: Callable[[Door], str]) -> None:
        self._api, self._balancer, self._rows, self._new = api, balancer, rows, new

    def findings(self, name: str, listeners: Sequence[str]) -> tuple[Finding, ...]:
        """Give what is wrong for a run."""
        found = list(owned(name, self._tags()))
        for listener in listeners:
            door = self._door(listener)
            found += [missing(name, listener)] if door is None else self._of(door)
        return (*found, *of_permissions(name, untried(RIGHTS)))

    def health_checks(self, listeners: Sequence[str]) -> tuple[HealthCheck, ...]:
        """Give the health check of the new side's group of each listener."""
        doors = [door for listener in listeners if (door := self._door(listener))]
        return tuple(health_check_of(door.name, self._described(self._new(door))) for door in doors)

    def _door(self, listener: str) -> Door | None:
        return next((door_of(listener, row) for row in self._rows if is_called(listener, row)), None)

    def _of(self, door: Door) -> list[Finding]:
        try:
            new = self._new(door)
            described = self._group(new, door)
        except Rejected as error:
            if error.code not in MISSING:
                raise
            return [no_group(door.name, error.message)]
        old = [arn for arn in door.forwards if arn != new]
        found = list(of_listener(door, new, self._rules(door, old)))
        return found + [
            each for arn in old[:1] for each in of_groups(self._group(arn, door), described, self._balancer)
        ]

    def _tags(self) -> dict[str, str]:
        found = self._api.call("DescribeTags", ResourceArns=[self._balancer])
        rows = [tag for each in items(found, "TagDescriptions") for tag in items(each, "Tags")]
        return {text(row, "Key"): text(row, "Value") for row in rows}

    def _described(self, arn: str) -> dict[str, Json]:
        return next(iter(items(self._api.call("DescribeTargetGroups", TargetGroupArns=[arn]), "TargetGroups")), {})

    def _group(self, arn: str, door: Door) -> Group:
        answer = self._api.call("DescribeTargetGroupAttributes", TargetGroupArn=arn)
        attributes = {text(row, "Key"): text(row, "Value") for row in items(answer, "Attributes")}
        others = (door_of(text(row, "ListenerArn"), row) for row in self._rows)
        elsewhere = tuple(each.arn for each in others if each.arn != door.arn and arn in each.forwards)
        return Group(self._described(arn), attributes, elsewhere)

    def _rules(self, door: Door, groups: Sequence[str]) -> int:
        """Count the rules, beside the default one, that lead to these groups; only an ALB's listeners have any."""
        if door.protocol not in APPLICATION:
            return 0
        rules = self._api.every("DescribeRules", "Rules", ListenerArn=door.arn)
        doors = [Door("", "", "", tuple(items(rule, "Actions"))) for rule in rules if rule.get("IsDefault") is not True]
        return sum(1 for each in doors if set(groups) & set(each.forwards))
