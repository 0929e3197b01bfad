"""What defeats weights or cuts connections in an NLB's server groups. Pure checks of what the API said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.adapters.balancers.aliyun.server_groups import ServerGroup
from migrator.domain.balancers.settings import HealthCheck, Quota, Steering, together
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, mapping, number, text
from migrator.domain.model.subjects import balancer_subject

MOST = 400
"""Servers (other than ECI) that a server group takes, and an NLB altogether. Source: NLB's limits; both can be raised."""

SWITCHES = ("ConnectionDrainEnabled", "ConnectionDrainTimeout", "PreserveClientIpEnabled", "AnyPortEnabled")
"""What a group says of connections whose server leaves, and of clients' addresses. Read again during a run."""


def of_group(group: ServerGroup, row: dict[str, Json]) -> Iterable[Finding]:
    """Check one server group of the plan."""
    subject = say("subject.server-group", name=group.id)
    if (scheduler := text(row, "Scheduler")).lower() != "wrr":
        yield block("balancer.scheduler:aliyun-nlb", subject, scheduler=scheduler)
    if row.get("AnyPortEnabled") is True:
        yield block("balancer.any-port", subject)
    if row.get("ConnectionDrainEnabled") is True:
        yield warn("balancer.reset-on-removal:aliyun-nlb", subject, seconds=number(row, "ConnectionDrainTimeout"))


def steering_of(listener: str, row: dict[str, Json], ports: Sequence[dict[str, Json]] = ()) -> Steering:
    """Give how a server group steers, and the listeners that lead to it (ListServerGroups, ListListeners; API 2022-04-30).

    NLB has no persistence but its hashing schedulers.
    """
    return Steering(
        listener,
        text(row, "Scheduler").lower(),
        proxy_protocol=together(_proxy(port) for port in ports),
        idle=together(f"{idle} s" if (idle := number(port, "IdleTimeout")) else "" for port in ports),
        switches=" ".join(f"{name}={_said(row[name])}" for name in SWITCHES if name in row),
    )


def _proxy(port: dict[str, Json]) -> str:
    """Give whether PROXY protocol is on, and what it carries besides the client's address."""
    on = port.get("ProxyProtocolEnabled")
    carried = sorted(name for name, value in mapping(port, "ProxyProtocolV2Config").items() if value is True)
    return "" if on is None else " ".join([_said(on), *carried])


def _said(value: Json) -> str:
    return str(value).lower()


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
    source = say("aliyun-nlb.limit", most=MOST)
    groups = [
        Quota(say("subject.server-group", name=group.id), (group.listener,), used, MOST, source)
        for group, used in counted
    ]
    if len(groups) < 2:
        return tuple(groups)
    listeners = tuple(group.listener for group, _ in counted)
    return (*groups, Quota(balancer_subject(balancer), listeners, sum(used for _, used in counted), MOST, source))
