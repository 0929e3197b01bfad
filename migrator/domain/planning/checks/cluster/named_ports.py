"""The check of ports that Services ask for by name: a name that new pods lack leads nowhere, and says nothing."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block
from migrator.domain.model.kubernetes import called, pod_containers
from migrator.domain.model.manifests import Manifest, items, text
from migrator.domain.planning.proposal import Proposal


def names_still_lead(proposal: Proposal) -> Iterable[Finding]:
    """Every name that a Service of the old pods asks for, and that these have, must be a port of the new pods, too."""
    if proposal.source is None:
        return
    old, new = _names(proposal.old_pod), _names(proposal.new_pod)
    for service in proposal.services.leading:
        asked = {text(port, "targetPort") for port in items(service, "spec", "ports")} - {""}
        if lost := tuple(sorted((asked & old.keys()) - new.keys())):
            yield block(
                "ports.name-lost",
                f"Service {called(service)}",
                names=lost,
                numbers=tuple(old[name] for name in lost),
                has=tuple(sorted(new)),
            )


def _names(pod_spec: Manifest) -> dict[str, int]:
    """Give the port of each name: the endpoint controllers look at the containers that run for good."""
    rows = [port for row in pod_containers(pod_spec) for port in items(row, "ports")]
    return {
        text(row, "name"): port
        for row in rows
        if isinstance(port := row.get("containerPort"), int) and text(row, "name")
    }
