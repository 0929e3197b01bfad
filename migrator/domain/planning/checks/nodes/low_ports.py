"""Checks of ports below 1024 in the node's network: istiod sends a listener for them, and the process may bind it."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.findings import Finding, block, warn
from migrator.domain.model.manifests import Manifest, items, mapping, number, text
from migrator.domain.model.spec import GatewayKind
from migrator.domain.model.subjects import container_subject
from migrator.domain.planning.derive.network import PRIVILEGED
from migrator.domain.planning.kubernetes import env, gateway_container
from migrator.domain.planning.proposal import Proposal


def listeners_are_sent(proposal: Proposal) -> Iterable[Finding]:
    """Istio leaves out listeners below 1024 for a pod that says it has no privileges."""
    spec = proposal.spec
    said = env(gateway_container(proposal.new_pod, spec), "ISTIO_META_UNPRIVILEGED_POD")
    if spec.gateway.kind is not GatewayKind.ISTIO or said != "true" or not proposal.on_host:
        return
    low = sorted({slot.backend.port for slot in proposal.sides.new if slot.backend.port < PRIVILEGED})
    if low:
        yield block("ports.unprivileged-pod", f"DaemonSet {spec.target.name}", ports=tuple(low))


def ports_can_be_bound(proposal: Proposal) -> Iterable[Finding]:
    """A port below 1024 in the host's network needs root, or a binary that carries the capability itself."""
    if proposal.source is None or not proposal.on_host:
        return
    pod = proposal.new_pod
    for container in items(pod, "containers"):
        low = sorted(p for port in items(container, "ports") if 0 < (p := number(port, "hostPort")) < PRIVILEGED)
        user = _user(pod, container)
        if low and user is not None:
            yield warn(
                "derive.low-port-without-root",
                container_subject(text(container, "name")),
                ports=tuple(low),
                user=user or None,
            )


def _user(pod: Manifest, container: Manifest) -> int | None:
    """Return the user other than root that a container runs as; 0 for one without a number, None for root or when the image
    decides."""
    own, shared = mapping(container, "securityContext"), mapping(pod, "securityContext")
    if own.get("privileged") is True:
        return None
    user = own.get("runAsUser", shared.get("runAsUser"))
    if isinstance(user, int) and user:
        return user
    return 0 if own.get("runAsNonRoot", shared.get("runAsNonRoot")) is True else None
