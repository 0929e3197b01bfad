"""Checks of how a gateway pod ends: the words of its preStop, the seconds it has, the probe that must not kill it meanwhile.

Measured facts behind the rules: `drain_listeners` without `graceful` refuses new connections at once; with `inboundonly` it
matches nothing on an Istio gateway; `healthcheck/fail` turns Envoy's `/ready` to 503 and leaves Istio's 15021 at 200.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.gateways import GatewayProfile
from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import command_of, grace_of, pod_containers
from migrator.domain.model.manifests import Manifest, dig, mapping, text
from migrator.domain.model.spec import OnTimeout
from migrator.domain.model.subjects import container_subject
from migrator.domain.planning.derive.ending import pre_stop
from migrator.domain.planning.proposal import Proposal

BUFFER = 5.0
ASSUMED = HealthCheck("", interval=5.0, unhealthy=2)
"""What the founding document recommends: 5 s, two failures. Taken, and said so, where the driver cannot say."""

_POSTED = re.compile(r"-X\s*POST|--request[ =]POST|--post-|\bPOST\b|\s-d\b|--data")


@dataclass(frozen=True, slots=True)
class Ending:
    """The seconds that decide how a pod ends. `pre_stop` is None for a hook whose length nobody can tell."""

    grace: float
    pre_stop: float | None
    drain: float
    interval: float
    threshold: int
    measured: bool

    @property
    def wanted(self) -> float:
        """Give the least preStop: interval x unhealthy threshold + buffer."""
        return self.interval * self.threshold + BUFFER


def ending(proposal: Proposal) -> Ending:
    """Give the numbers of the new pods."""
    pod = proposal.new_pod
    checks = [check for check in proposal.world.health or () if check.enabled]
    slowest = max(checks, key=lambda check: check.interval * check.unhealthy, default=ASSUMED)
    return Ending(
        grace_of(pod),
        _waiting(pod),
        proposal.gateway.drain_seconds(proposal),
        slowest.interval,
        slowest.unhealthy,
        bool(checks),
    )


def _waiting(pod: Manifest) -> float | None:
    hooks = [row for row in pod_containers(pod) if mapping(row, "lifecycle", "preStop")]
    seconds = max((pre_stop(row) for row in hooks), default=0)
    return float(seconds) if seconds or not hooks else None


def pods_end_in_time(proposal: Proposal) -> Iterable[Finding]:
    """A pod that others delete must wait until the balancer has noticed, and must not be killed while it drains."""
    if proposal.source is None:
        return
    found, subject = ending(proposal), f"DaemonSet {proposal.spec.target.name}"
    numbers = _numbers(found)
    if found.pre_stop is None:
        yield info("termination.unknown-length", subject, numbers=numbers)
    elif not found.pre_stop:
        yield warn("termination.no-prestop", subject, wanted=found.wanted, numbers=numbers)
    elif found.pre_stop < found.wanted:
        yield warn("termination.prestop-short", subject, waits=found.pre_stop, wanted=found.wanted, numbers=numbers)
    needed = (found.pre_stop or 0.0) + found.drain
    if found.grace < needed:
        yield warn(
            "termination.grace-short",
            subject,
            grace=found.grace,
            needed=needed,
            better=needed + BUFFER,
            numbers=numbers,
        )
    yield info("termination.numbers", subject, numbers=numbers)


def _numbers(found: Ending) -> Message:
    return say(
        "termination.formula",
        waits=found.pre_stop,
        interval=found.interval,
        threshold=found.threshold,
        buffer=BUFFER,
        wanted=found.wanted,
        source=say("termination.measured") if found.measured else say("termination.assumed"),
        grace=found.grace,
        drain=found.drain,
    )


def drain_is_meant(proposal: Proposal) -> Iterable[Finding]:
    """Say what a preStop that calls `drain_listeners` really does."""
    if proposal.source is None:
        return
    for container in pod_containers(proposal.new_pod):
        hook = mapping(container, "lifecycle", "preStop")
        words = command_of(hook) + text(hook, "httpGet", "path")
        if "drain_listeners" in words:
            yield from _misuse(container_subject(text(container, "name"), "preStop"), words, proposal.gateway)


def _misuse(subject: Message, words: str, gateway: GatewayProfile) -> Iterator[Finding]:
    if not _POSTED.search(words):
        yield warn("termination.drain-not-posted", subject, command=words[:120])
    if "inboundonly" in words and gateway.ignores_inbound_drain:
        yield warn("termination.drain-no-effect", subject, command=words[:120])
    elif "graceful" not in words:
        yield warn("termination.drain-refuses", subject, command=words[:120])


def liveness_survives_the_word(proposal: Proposal) -> Iterable[Finding]:
    """A liveness probe that asks what `healthcheck/fail` flips lets kubelet kill every gateway that is told to go."""
    path = proposal.gateway.flipped_path
    if proposal.source is None or not path:
        return
    for side, pod in (("old", proposal.old_pod), ("new", proposal.new_pod)):
        for container in pod_containers(pod):
            asked = _asks(mapping(container, "livenessProbe"))
            if asked and re.search(rf"(^|[^a-z/]){re.escape(path)}\b", asked):
                subject = container_subject(text(container, "name"), side=side)
                yield block("termination.liveness", subject, path=path, asks=asked)


def _asks(probe: Manifest) -> str:
    path, port = text(probe, "httpGet", "path"), dig(probe, "httpGet", "port")
    return f"GET :{port} {path}" if path else command_of(probe)


def long_connections_are_decided(proposal: Proposal) -> Iterable[Finding]:
    """Idle connections and WebSockets never go by themselves: a deadline ends the wait, and the plan says how."""
    spec = proposal.spec
    if proposal.source is None:
        return
    asks = spec.drain.on_timeout is OnTimeout.HOLD
    yield info(
        "termination.long-connections:asks" if asks else "termination.long-connections",
        "spec.drain",
        timeout=spec.drain.timeout,
        on_timeout=spec.drain.on_timeout.value,
    )
