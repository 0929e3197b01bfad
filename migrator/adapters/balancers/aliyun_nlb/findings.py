"""What defeats weights or cuts connections in an NLB's server groups. Pure checks of what the API said."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.adapters.balancers.aliyun.doors import Place
from migrator.domain.findings import Finding, Severity
from migrator.domain.manifests import Json, dig, number, text


def of_group(place: Place, row: dict[str, Json]) -> Iterable[Finding]:
    """Check one server group of the plan."""
    subject = f"server group {place.group}"
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
    if dig(row, "HealthCheck", "HealthCheckEnabled") is False:
        yield Finding(
            "balancer.no-health-check",
            Severity.WARN,
            subject,
            "health checks are off: a dead gateway keeps its share of new connections",
            "",
            "switch health checks on",
        )
