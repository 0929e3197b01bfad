"""What defeats weights or cuts connections on a Tencent listener, as findings. Pure: it reads one listener's description."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.findings import Finding, Severity
from migrator.domain.manifests import Json, items, mapping, number, text
from migrator.domain.world import HealthCheck

LAYER_7 = ("HTTP", "HTTPS", "QUIC")


def missing(balancer: str, listener: str) -> Finding:
    """Say that the balancer has no such listener."""
    return Finding(
        "balancer.no-listener",
        Severity.BLOCK,
        f"listener {listener}",
        f"balancer {balancer} has no such listener",
        "",
        "check loadBalancer.listeners",
    )


def other_port(row: dict[str, Json], planned: int) -> Iterable[Finding]:
    """Say that clients dial another port than the plan does."""
    if (real := number(row, "Port")) and planned and real != planned:
        yield Finding(
            "balancer.listener-port",
            Severity.BLOCK,
            f"listener {text(row, 'ListenerId')}",
            f"it listens on port {real}, and the plan says {planned}: the run's own connections would not be answered",
            f"DescribeListeners: Port {real}",
            f"set port: {real} for it in loadBalancer.listeners",
        )


def of_listener(row: dict[str, Json]) -> Iterable[Finding]:
    """Check what defeats weights or cuts connections on one listener."""
    subject = f"listener {text(row, 'ListenerId')}"
    if (protocol := text(row, "Protocol")) in LAYER_7 or items(row, "Rules"):
        yield Finding(
            "balancer.layer-7",
            Severity.BLOCK,
            subject,
            f"it is an {protocol} listener: its targets hang under forwarding rules, which this driver does not write",
            "",
            "use a TCP or TCP_SSL listener in front of the gateways",
        )
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


def health_check_of(row: dict[str, Json]) -> HealthCheck:
    """Give a listener's health check. `CheckPort` absent or -1 is the backend's own port (API reference, HealthCheck)."""
    check = mapping(row, "HealthCheck")
    return HealthCheck(
        text(row, "ListenerId"),
        number(check, "HealthSwitch") == 1,
        float(number(check, "IntervalTime")),
        float(number(check, "TimeOut")),
        number(check, "UnHealthNum"),
        number(check, "HealthNum"),
        max(0, number(check, "CheckPort")),
        text(check, "HttpCheckPath"),
    )


def quota_of(found: dict[str, Json]) -> int | None:
    """Give how many targets a layer-4 listener (or a forwarding rule) of this account takes; None where it is not said."""
    rows = (row for row in items(found, "QuotaSet") if text(row, "QuotaId") == "TOTAL_TARGET_BIND_QUOTA")
    return next((limit for row in rows if (limit := number(row, "QuotaLimit"))), None)
