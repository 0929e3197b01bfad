"""The check of the balancer's health checks: on, able to say no, on the right port, and the seconds a dead gateway stays in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.findings import Finding, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import host_ports
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.planning.proposal import Proposal

SLOW = 15.0
PART = 0.1
"""Of the requests that a soak must see, so much may be health checks without a word."""


def health_checks_work(proposal: Proposal) -> Iterable[Finding]:
    """Say what each listener's health check can see, and how long it takes."""
    ask = proposal.gateways.new.health_target
    alike: dict[HealthCheck, list[str]] = {}  # a listener may have many rules, checked all the same way
    for check in proposal.world.health or ():
        alike.setdefault(replace(check, listener=""), []).append(check.listener)
    for check, names in alike.items():
        yield from _one(check, listeners_subject(names), ask, proposal)


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
            listeners_subject(check.listener for check in over_http),
            counted=counted,
            needed=needed,
        )


def _one(check: HealthCheck, subject: Message, ask: Message, proposal: Proposal) -> Iterator[Finding]:
    ask = say("check.ask-route") if check.own_port else ask
    if not check.enabled:
        yield warn("balancer.no-health-check", subject, ask=ask)
        return
    shown = _shown(check)
    yield info("balancer.detection", subject, seconds=check.detection, check=shown)
    if not check.path:
        yield warn("balancer.tcp-check", subject, check=shown, ask=ask)
    if check.detection > SLOW:
        yield warn("balancer.slow-check", subject, seconds=check.detection, check=shown)
    declared = {port for _, _, port in host_ports(proposal.new_pod)}
    if check.port and declared and proposal.spec.target.port(check.port) not in declared:
        yield warn("balancer.check-port", subject, port=check.port, check=shown, ask=ask)


def _shown(check: HealthCheck) -> Message:
    return say(
        "check.shown",
        interval=check.interval,
        timeout=check.timeout,
        unhealthy=check.unhealthy,
        healthy=check.healthy,
        asked=say("check.http", path=check.path) if check.path else say("check.tcp"),
        port=say("check.port", port=check.port) if check.port else say("check.backend-port"),
    )
