"""The check of the balancer's health checks: on, able to say no, on the right port, and the seconds a dead gateway stays in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.findings import Finding
from migrator.domain.model.kubernetes import host_ports
from migrator.domain.model.worded import info, listed, warn
from migrator.domain.planning.proposal import Proposal

SLOW = 15.0
PART = 0.1
"""Of the requests that a soak must see, so much may be health checks without a word."""

ADVICE = "check every 5 s, timeout 2 s, 2 failures, 2 successes"


def health_checks_work(proposal: Proposal) -> Iterable[Finding]:
    """Say what each listener's health check can see, and how long it takes."""
    target = proposal.gateway.health_target
    alike: dict[HealthCheck, list[str]] = {}  # a listener may have many rules, checked all the same way
    for check in proposal.world.health or ():
        alike.setdefault(replace(check, listener=""), []).append(check.listener)
    for check, names in alike.items():
        yield from _one(replace(check, listener=listed(names)), target, proposal)


def checks_are_no_traffic(proposal: Proposal) -> Iterable[Finding]:
    """A check over HTTP on a gateway's own port is a request like any other to the counters that a soak is judged by."""
    spec = proposal.spec
    coming = Counter(backend.listener for backend in proposal.sides.new)
    over_http = [c for c in proposal.world.health or () if c.enabled and c.path and not c.port and c.interval > 0]
    counted = sum(coming[check.listener] / check.interval for check in over_http) * spec.traffic.soak
    needed = spec.traffic.min_requests
    if counted > PART * needed:
        yield warn(
            "balancer.check-counted",
            f"listener {listed(check.listener for check in over_http)}",
            f"its health checks ask the gateways' own port, so they count as requests: at least {counted:.0f} of the new side "
            f"in each soak, where traffic.minRequests asks for {needed}",
            "as if one node of the balancer checked; usually there are several",
            "raise traffic.minRequests well above that, so that real requests are needed for a soak to pass",
        )


def _one(check: HealthCheck, target: str, proposal: Proposal) -> Iterator[Finding]:
    subject = f"listener {check.listener}"
    target = "a path that a route of the gateways answers" if check.own_port else target
    if not check.enabled:
        yield warn(
            "balancer.no-health-check",
            subject,
            "its backends are not checked: a dead gateway keeps its share until somebody acts",
            "",
            f"switch it on: {ADVICE}, {target}",
        )
        return
    shown = (
        f"every {check.interval:g} s, timeout {check.timeout:g} s, {check.unhealthy} failures, {check.healthy} successes, "
        f"{'GET ' + check.path if check.path else 'TCP connect'} on {check.port or 'the backend port'}"
    )
    yield info(
        "balancer.detection", subject, f"a dead gateway is out after {check.detection:g} s at the latest", shown, ""
    )
    if not check.path:
        yield warn(
            "balancer.tcp-check",
            subject,
            "a TCP check is content with an open port: a gateway that drains, or answers only errors, is never taken out",
            shown,
            f"use HTTP: {target}",
        )
    if check.detection > SLOW:
        yield warn(
            "balancer.slow-check",
            subject,
            f"a dead gateway keeps its share for up to {check.detection:g} s",
            shown,
            ADVICE,
        )
    declared = {port for _, _, port in host_ports(proposal.new_pod)}
    if check.port and declared and proposal.spec.target.port(check.port) not in declared:
        yield warn(
            "balancer.check-port", subject, f"checks port {check.port}, which no new pod declares", shown, target
        )
