"""What defeats weights or cuts connections on a CLB's listeners. Pure checks of what the API said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.adapters.balancers.aliyun.server_groups import ListenerPort
from migrator.domain.balancers.settings import HealthCheck, Quota, Steering
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, number, text
from migrator.domain.model.subjects import balancer_subject, listeners_subject

MOST = 200
"""Backends that one CLB takes. Source: CLB's limits; it can be raised."""


def of_balancer(row: dict[str, Json], balancer: str) -> Iterable[Finding]:
    """Check the balancer itself."""
    if (status := text(row, "LoadBalancerStatus")) != "active":
        yield block("balancer.inactive", balancer_subject(balancer), status=status)


def of_listener(port: ListenerPort, row: dict[str, Json]) -> Iterable[Finding]:
    """Check one listener that leads to a group of the plan."""
    subject = listeners_subject([str(port)])
    if (scheduler := text(row, "Scheduler").lower()) != "wrr":
        yield block("balancer.scheduler:aliyun-clb", subject, scheduler=scheduler)
    if seconds := number(row, "PersistenceTimeout"):
        yield block("balancer.sticky:aliyun-clb", subject, seconds=seconds)
    elif text(row, "StickySession").lower() == "on":
        yield block("balancer.sticky:aliyun-clb-cookie", subject)
    if text(row, "ConnectionDrain").lower() == "on":
        yield _drain(subject, number(row, "ConnectionDrainTimeout"))
    if port.protocol == "udp":
        yield _udp(subject)


def _drain(subject: Message, seconds: int) -> Finding:
    return warn("balancer.reset-on-removal:aliyun-clb", subject, seconds=seconds)


def _udp(subject: Message) -> Finding:
    return warn("balancer.udp-lags", subject)


def health_check_of(listener: str, row: dict[str, Json]) -> HealthCheck:
    """Give a listener's health check, under the plan's name; a connect port of -520 is the backend's own port."""
    return HealthCheck(
        listener,
        text(row, "HealthCheck").lower() != "off",
        float(number(row, "HealthCheckInterval")),
        float(number(row, "HealthCheckConnectTimeout") or number(row, "HealthCheckTimeout")),
        number(row, "UnhealthyThreshold"),
        number(row, "HealthyThreshold"),
        max(0, number(row, "HealthCheckConnectPort")),
        text(row, "HealthCheckURI") if text(row, "HealthCheckType").lower() != "tcp" else "",
    )


SWITCHES = ("ConnectionDrain", "ConnectionDrainTimeout")
"""What a listener says of connections whose server leaves. Read again during a run."""


def steering_of(listener: str, row: dict[str, Json]) -> Steering:
    """Give how a listener steers (`EstablishedTimeout` on layer 4, `IdleTimeout` on layer 7; SLB API 2014-05-15)."""
    kept = text(row, "StickySession") or f"{number(row, 'PersistenceTimeout')} s"
    idle = number(row, "EstablishedTimeout") or number(row, "IdleTimeout")
    proxy = row.get("ProxyProtocolV2Enabled")
    return Steering(
        listener,
        text(row, "Scheduler").lower(),
        kept,
        "" if proxy is None else str(proxy).lower(),
        f"{idle} s" if idle else "",
        " ".join(f"{name}={str(row[name]).lower()}" for name in SWITCHES if name in row),
    )


def of_rules(listener: str, rules: int) -> Iterable[Finding]:
    """Check whether forwarding rules lead to the group as well."""
    if rules:
        yield warn("balancer.forwarding-rules", listeners_subject([listener]), rules=rules)


def quotas_of(balancer: str, listeners: Sequence[str], used: int) -> Quota:
    """Give the limit of the balancer, which all its vServer groups fill together."""
    return Quota(balancer_subject(balancer), tuple(listeners), used, MOST, say("aliyun-clb.limit", most=MOST))
