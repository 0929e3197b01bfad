"""The check of ports below 1024 in the node's network: the process may bind them."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.kubernetes import PRIVILEGED
from migrator.domain.model.manifests import Manifest, items, mapping, number, text
from migrator.domain.model.worded import warn
from migrator.domain.planning.proposal import Proposal


def ports_can_be_bound(proposal: Proposal) -> Iterable[Finding]:
    """A port below 1024 in the host's network needs root, or a binary that carries the capability itself."""
    if proposal.source is None or not proposal.on_host:
        return
    pod = proposal.new_pod
    for container in items(pod, "containers"):
        low = sorted(p for port in items(container, "ports") if 0 < (p := number(port, "hostPort")) < PRIVILEGED)
        user = _user(pod, container)
        if low and user:
            yield warn(
                "derive.low-port-without-root",
                f"container {text(container, 'name')}",
                f"listens on {_listed(low)} of the node {user}: NET_BIND_SERVICE then helps only a binary with that file "
                "capability, and not with allowPrivilegeEscalation: false",
                "in a pod's own network ip_unprivileged_port_start may be 0; in the node's it is 1024",
                "map to ports from 1024 up in spec.target.ports, or set runAsUser: 0 in spec.target.patch",
            )


def _listed(ports: Iterable[int]) -> str:
    return ", ".join(map(str, ports))


def _user(pod: Manifest, container: Manifest) -> str:
    """Say as which user other than root a container runs; "" for root or when the image decides."""
    own, shared = mapping(container, "securityContext"), mapping(pod, "securityContext")
    if own.get("privileged") is True:
        return ""
    user = own.get("runAsUser", shared.get("runAsUser"))
    if isinstance(user, int) and user:
        return f"as user {user}"
    return "as a user that is not root" if own.get("runAsNonRoot", shared.get("runAsNonRoot")) is True else ""
