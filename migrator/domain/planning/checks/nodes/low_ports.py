"""The check of ports below 1024 in the node's network: the process may bind them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, Severity, finding
from migrator.domain.model.kubernetes import PRIVILEGED
from migrator.domain.model.manifests import Json, Manifest, items, mapping, number, text
from migrator.domain.model.subjects import container_subject
from migrator.domain.planning.proposal import Proposal


def ports_can_be_bound(proposal: Proposal) -> Iterable[Finding]:
    """A port below 1024 in the host's network needs root, or a binary that carries the capability itself.

    Without privilege escalation (`no_new_privs`) the kernel ignores a binary's own capabilities (execve(2)), and a capability
    that is added to a container is only root's (kubernetes#56374): then nobody but root can bind.
    """
    if proposal.source is None or not proposal.on_host:
        return
    pod = proposal.new_pod
    for container in items(pod, "containers"):
        low = sorted(p for port in items(container, "ports") if 0 < (p := number(port, "hostPort")) < PRIVILEGED)
        user = _user(pod, container)
        if low and user is not None:
            certain = mapping(container, "securityContext").get("allowPrivilegeEscalation") is False
            yield finding(
                "derive.low-port-without-root:certain" if certain else "derive.low-port-without-root",
                Severity.BLOCK if certain else Severity.WARN,
                container_subject(text(container, "name")),
                ports=tuple(low),
                user=user or None,
                patch=_as_root(text(container, "name")),
            )


def _as_root(name: str) -> str:
    rows: Json = [{"name": name, "securityContext": {"runAsUser": 0, "runAsNonRoot": False}}]
    return json.dumps({"spec": {"template": {"spec": {"containers": rows}}}})


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
