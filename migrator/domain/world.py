"""Everything a plan is made from, as it was seen in one look. Checks and the planner are pure functions of it."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.findings import Finding
from migrator.domain.manifests import Json, Manifest, items, labels, number, selects, text
from migrator.domain.plan import Node
from migrator.domain.pools import Capabilities, Target
from migrator.domain.sighting import Workload


@dataclass(frozen=True, slots=True)
class World:
    """One look. `source` is None when the Deployment does not exist; `objects` are lists by kind (Service, HPA, …).

    `denied` are the permissions we lack, as `verb kind in namespace`; `refused` what a server-side dry run of the
    derived manifests said, by object; `silent` the gateways that did not answer, with why.
    """

    source: Manifest | None
    old: Workload
    new: Workload
    nodes: tuple[Node, ...]
    objects: tuple[tuple[str, tuple[Json, ...]], ...] = ()
    targets: tuple[Target, ...] = ()
    capabilities: Capabilities = Capabilities()
    balancer: tuple[Finding, ...] = ()
    denied: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    silent: tuple[tuple[str, str], ...] = ()
    version: str = ""

    def all(self, kind: str) -> list[Manifest]:
        """Give the objects of a kind that were listed."""
        found = dict(self.objects).get(kind, ())
        return [manifest for manifest in found if isinstance(manifest, dict)]

    def services_of(self, having: dict[str, str], namespace: str) -> list[Manifest]:
        """Give the Services of a namespace that select pods with these labels."""
        return [
            service
            for service in self.all("Service")
            if text(service, "metadata", "namespace") == namespace
            and selects(labels(service, "spec", "selector"), having)
        ]


def template_labels(workload: Manifest) -> dict[str, str]:
    """Give the labels of a workload's pod template."""
    return labels(workload, "spec", "template", "metadata", "labels")


def containers(workload: Manifest) -> list[Manifest]:
    """Give the containers of a workload's pod template."""
    return items(workload, "spec", "template", "spec", "containers")


def port_by_name(workload: Manifest, name: str) -> int:
    """Give the containerPort that has this name, or 0."""
    ports = [port for container in containers(workload) for port in items(container, "ports")]
    return next((number(port, "containerPort") for port in ports if text(port, "name") == name), 0)


def target_port(workload: Manifest, port: Manifest) -> int:
    """Give the container port that a Service's port leads to: a number, a name, or the port itself."""
    wanted = port.get("targetPort")
    if isinstance(wanted, str):
        return port_by_name(workload, wanted)
    return number(port, "targetPort") or number(port, "port")
