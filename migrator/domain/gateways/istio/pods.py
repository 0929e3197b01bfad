"""Checks of Istio's gateway pods: which listeners istiod sends them, what their readiness says, and how long they end."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.gateways.profile import Planned
from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.model.kubernetes import PRIVILEGED, env, grace_of
from migrator.domain.model.manifests import text
from migrator.domain.model.subjects import container_subject


def listeners_are_sent(planned: Planned) -> Iterable[Finding]:
    """Istio leaves out listeners below 1024 for a pod that says it has no privileges."""
    if env(planned.container, "ISTIO_META_UNPRIVILEGED_POD") != "true" or not planned.on_host:
        return
    low = sorted(port for port in planned.new_ports if port < PRIVILEGED)
    if low:
        yield block("ports.unprivileged-pod", f"DaemonSet {planned.spec.target.name}", ports=tuple(low))


def readiness_is_sticky(planned: Planned) -> Iterable[Finding]:
    """An Istio gateway that was Ready once stays Ready, whatever becomes of its listeners."""
    if planned.source is not None:
        yield info("probes.sticky-ready", container_subject(text(planned.container, "name")))


def exit_has_a_bound(planned: Planned) -> Iterable[Finding]:
    """A gateway that waits for zero connections waits for the last idle one."""
    if planned.source is not None and env(planned.container, "EXIT_ON_ZERO_ACTIVE_CONNECTIONS") == "true":
        yield warn(
            "termination.exit-on-zero",
            container_subject(text(planned.container, "name")),
            grace=grace_of(planned.new_pod),
        )
