"""What defeats weights or cuts connections in an NLB's server groups. Pure checks of what the API said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.adapters.balancers.aliyun.server_groups import ServerGroup
from migrator.domain.balancers.settings import HealthCheck, Quota
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.model.manifests import Json, mapping, number, text

MOST = 400
"""Servers (other than ECI) that a server group takes, and an NLB altogether. Source: NLB's limits; both can be raised."""


def of_group(group: ServerGroup, row: dict[str, Json]) -> Iterable[Finding]:
    """Check one server group of the plan."""
    subject = f"server group {group.id}"
    if (scheduler := text(row, "Scheduler")).lower() != "wrr":
        yield Finding(
            "balancer.scheduler",
            Severity.BLOCK,
            subject,
            f"its scheduler {scheduler} does not honour weights exactly",
            "",
            "set the scheduler to weighted round robin (Wrr)",
        )
    if row.get("AnyPortEnabled") is True:
        yield Finding(
            "balancer.any-port",
            Severity.BLOCK,
            subject,
            "it forwards to whatever port the client dialled, so a server has no port of its own to move to",
            "",
            "use a server group without all-port forwarding",
        )
    if row.get("ConnectionDrainEnabled") is True:
        yield Finding(
            "balancer.reset-on-removal",
            Severity.WARN,
            subject,
            f"connections of a removed or unhealthy server are cut after {number(row, 'ConnectionDrainTimeout')} s",
            "",
            "make the drain's timeout longer than what your clients need, or switch it off",
        )


def health_check_of(listener: str, row: dict[str, Json]) -> HealthCheck:
    """Give a group's health check, under the plan's name for the listener; a connect port of 0 is the server's own."""
    check = mapping(row, "HealthCheck")
    return HealthCheck(
        listener,
        check.get("HealthCheckEnabled") is True,
        float(number(check, "HealthCheckInterval")),
        float(number(check, "HealthCheckConnectTimeout")),
        number(check, "UnhealthyThreshold"),
        number(check, "HealthyThreshold"),
        number(check, "HealthCheckConnectPort"),
        text(check, "HealthCheckUrl") if text(check, "HealthCheckType") == "HTTP" else "",
    )


def quotas_of(balancer: str, counted: Sequence[tuple[ServerGroup, int]]) -> tuple[Quota, ...]:
    """Give the limits of the groups and, where there are several, of the balancer: other groups of it are not counted."""
    source = f"NLB's published limit of {MOST}"
    groups = [Quota(f"server group {group.id}", (group.listener,), used, MOST, source) for group, used in counted]
    if len(groups) < 2:
        return tuple(groups)
    listeners = tuple(group.listener for group, _ in counted)
    return (*groups, Quota(f"balancer {balancer}", listeners, sum(used for _, used in counted), MOST, source))
