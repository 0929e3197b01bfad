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
from migrator.domain.messages.findings import Finding
from migrator.domain.model.kubernetes import command_of, grace_of, pod_containers
from migrator.domain.model.manifests import Manifest, dig, mapping, text
from migrator.domain.model.spec import OnTimeout
from migrator.domain.model.worded import block, info, warn
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
    told = _formula(found)
    if found.pre_stop is None:
        yield info("termination.unknown-length", subject, "nobody can tell how long its preStop takes", told, "")
    elif not found.pre_stop:
        yield warn(
            "termination.no-prestop",
            subject,
            "has no preStop that waits: an eviction or a rolling update would end it while the balancer still sends",
            told,
            f"add a preStop that sleeps {found.wanted:g} s or more, in spec.target.patch",
        )
    elif found.pre_stop < found.wanted:
        yield warn(
            "termination.prestop-short",
            subject,
            f"its preStop waits {found.pre_stop:g} s, and the balancer may need {found.wanted:g} s to stop sending",
            told,
            f"sleep {found.wanted:g} s or more",
        )
    needed = (found.pre_stop or 0.0) + found.drain
    if found.grace < needed:
        yield warn(
            "termination.grace-short",
            subject,
            f"terminationGracePeriodSeconds {found.grace:g} is less than preStop + drain = {needed:g}: kubelet kills it in the "
            "middle",
            told,
            f"set terminationGracePeriodSeconds to {needed + BUFFER:g} or more",
        )
    yield info("termination.numbers", subject, "how a pod that others delete would end", told, "")


def _formula(found: Ending) -> str:
    waits = f"{found.pre_stop:g}" if found.pre_stop is not None else "?"
    source = "the balancer's own" if found.measured else "assumed: the driver cannot say"
    return (
        f"preStop waits {waits} s; wanted: interval {found.interval:g} s x threshold {found.threshold} + {BUFFER:g} s = "
        f"{found.wanted:g} s or more ({source}); grace {found.grace:g} s; wanted: preStop {waits} s + drain "
        f"{found.drain:g} s or more"
    )


def drain_is_meant(proposal: Proposal) -> Iterable[Finding]:
    """Say what a preStop that calls `drain_listeners` really does."""
    if proposal.source is None:
        return
    for container in pod_containers(proposal.new_pod):
        hook = mapping(container, "lifecycle", "preStop")
        words = command_of(hook) + text(hook, "httpGet", "path")
        if "drain_listeners" in words:
            yield from _misuse(f"container {text(container, 'name')}, preStop", words, proposal.gateway)


def _misuse(subject: str, words: str, gateway: GatewayProfile) -> Iterator[Finding]:
    if not _POSTED.search(words):
        yield warn(
            "termination.drain-not-posted",
            subject,
            "asks for drain_listeners by GET, which Envoy answers with 405: nothing is drained",
            words[:120],
            "POST it",
        )
    if "inboundonly" in words and gateway.ignores_inbound_drain:
        yield warn(
            "termination.drain-no-effect",
            subject,
            "drain_listeners?inboundonly does nothing on an Istio gateway: its listeners are OUTBOUND",
            words[:120],
            "use healthcheck/fail, or drain_listeners?graceful&skip_exit",
        )
    elif "graceful" not in words:
        yield warn(
            "termination.drain-refuses",
            subject,
            "drain_listeners without graceful refuses new connections at once, while the balancer still sends",
            words[:120],
            "use healthcheck/fail, or drain_listeners?graceful&skip_exit",
        )


def liveness_survives_the_word(proposal: Proposal) -> Iterable[Finding]:
    """A liveness probe that asks what `healthcheck/fail` flips lets kubelet kill every gateway that is told to go."""
    path = proposal.gateway.flipped_path
    if proposal.source is None or not path:
        return
    for side, pod in (("old", proposal.old_pod), ("new", proposal.new_pod)):
        for container in pod_containers(pod):
            asked = _asks(mapping(container, "livenessProbe"))
            if asked and re.search(rf"(^|[^a-z/]){re.escape(path)}\b", asked):
                yield block(
                    "termination.liveness",
                    f"container {text(container, 'name')} of the {side} pods",
                    f"its livenessProbe asks for {path}, which the word to go (healthcheck/fail) turns to 503: kubelet would "
                    "kill the gateway while it drains",
                    asked,
                    "let liveness ask for something that does not change: a tcpSocket, or /server_info",
                )


def _asks(probe: Manifest) -> str:
    path, port = text(probe, "httpGet", "path"), dig(probe, "httpGet", "port")
    return f"GET :{port} {path}" if path else command_of(probe)


def long_connections_are_decided(proposal: Proposal) -> Iterable[Finding]:
    """Idle connections and WebSockets never go by themselves: a deadline ends the wait, and the plan says how."""
    spec = proposal.spec
    if proposal.source is None:
        return
    left = "the run asks a person" if spec.drain.on_timeout is OnTimeout.HOLD else "what is left is cut, and counted"
    yield info(
        "termination.long-connections",
        "spec.drain",
        f"WebSockets and idle connections do not go when they are told to; after {spec.drain.timeout:g} s {left}",
        f"drain.timeout {spec.drain.timeout:g} s, onTimeout {spec.drain.on_timeout}",
        "let clients reconnect by themselves; an idle_timeout and max_connection_duration empty the rest",
    )
