"""The check of the balancer's health checks: on, able to say no, on the right port, and the seconds a dead gateway stays in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.checks.matching import host_ports
from migrator.domain.checks.sides import info, new_pod_spec, warn
from migrator.domain.findings import Finding
from migrator.domain.spec import GatewayKind, Spec
from migrator.domain.world import HealthCheck, World

SLOW = 15.0
ADVICE = "check every 5 s, timeout 2 s, 2 failures, 2 successes"


def health_checks_work(world: World, spec: Spec) -> Iterable[Finding]:
    """Say what each listener's health check can see, and how long it takes."""
    target = (
        "GET /healthz/ready on 15021" if spec.gateway.kind is GatewayKind.ISTIO else "a path that needs configuration"
    )
    for check in world.health or ():
        yield from _one(check, target, world, spec)


def _one(check: HealthCheck, target: str, world: World, spec: Spec) -> Iterator[Finding]:
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
    declared = {port for _, _, port in host_ports(new_pod_spec(world, spec))}
    if check.port and declared and spec.target.port(check.port) not in declared:
        yield warn(
            "balancer.check-port", subject, f"checks port {check.port}, which no new pod declares", shown, target
        )
