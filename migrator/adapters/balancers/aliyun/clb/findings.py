"""What defeats weights or cuts connections on a CLB's listeners. Pure checks of what the API said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.adapters.balancers.aliyun.server_groups import ListenerPort
from migrator.domain.balancers.settings import HealthCheck, Quota
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.model.manifests import Json, number, text

MOST = 200
"""Backends that one CLB takes. Source: CLB's limits; it can be raised."""


def of_balancer(row: dict[str, Json], balancer: str) -> Iterable[Finding]:
    """Check the balancer itself."""
    if (status := text(row, "LoadBalancerStatus")) != "active":
        yield Finding(
            "balancer.inactive",
            Severity.BLOCK,
            f"balancer {balancer}",
            f"its status is {status}; it forwards nothing",
            "",
            "start it, or see why Aliyun locked it",
        )


def of_listener(port: ListenerPort, row: dict[str, Json]) -> Iterable[Finding]:
    """Check one listener that leads to a group of the plan."""
    subject = f"listener {port}"
    if (scheduler := text(row, "Scheduler").lower()) != "wrr":
        yield Finding(
            "balancer.scheduler",
            Severity.BLOCK,
            subject,
            f"its scheduler {scheduler} does not honour weights exactly",
            "",
            "set the scheduler to weighted round robin (wrr)",
        )
    if sticky := _sticky(row):
        yield Finding(
            "balancer.sticky",
            Severity.BLOCK,
            subject,
            f"session persistence keeps clients on their old gateway {sticky} whatever the weights",
            "",
            "switch session persistence off for the run",
        )
    if text(row, "ConnectionDrain").lower() == "on":
        yield _drain(subject, number(row, "ConnectionDrainTimeout"))
    if port.protocol == "udp":
        yield _udp(subject)


def _sticky(row: dict[str, Json]) -> str:
    if seconds := number(row, "PersistenceTimeout"):
        return f"for {seconds} s"
    return "by cookie" if text(row, "StickySession").lower() == "on" else ""


def _drain(subject: str, seconds: int) -> Finding:
    return Finding(
        "balancer.reset-on-removal",
        Severity.WARN,
        subject,
        f"connections of a removed or unhealthy backend are cut after {seconds} s",
        "",
        "make the drain's timeout longer than what your clients need, or switch ConnectionDrain off",
    )


def _udp(subject: str) -> Finding:
    return Finding(
        "balancer.udp-lags",
        Severity.WARN,
        subject,
        "a UDP listener takes up to five minutes to let go of a removed backend",
        "",
        "keep the old side that long after it is detached",
    )


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


def of_rules(listener: str, rules: int) -> Iterable[Finding]:
    """Check whether forwarding rules lead to the group as well."""
    if rules:
        yield Finding(
            "balancer.forwarding-rules",
            Severity.WARN,
            f"listener {listener}",
            f"{rules} forwarding rules lead to the same vServer group; their traffic moves with it",
            "",
            "nothing to do if that is meant",
        )


def quotas_of(balancer: str, listeners: Sequence[str], used: int) -> Quota:
    """Give the limit of the balancer, which all its vServer groups fill together."""
    return Quota(f"balancer {balancer}", tuple(listeners), used, MOST, f"CLB's published limit of {MOST}")
