"""The two sides' pods as the checks see them: labels, specs and addresses of what runs and of what is planned."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.findings import Finding, Severity
from migrator.domain.model.manifests import Json, Manifest, items, labels, text
from migrator.domain.model.spec import Spec
from migrator.domain.planning.world import World


def gateway_container(pod_spec: Manifest, spec: Spec) -> Manifest:
    """Give the container that answers requests: the one the plan names, Istio's, or the first."""
    rows = items(pod_spec, "containers")
    for wanted in (spec.gateway.container, "istio-proxy", "envoy"):
        found = next((row for row in rows if wanted and text(row, "name") == wanted), None)
        if found is not None:
            return found
    return rows[0] if rows else {}


def pods_in(world: World, namespace: str) -> list[Manifest]:
    """Give the pods of a namespace that have not ended."""
    return [
        pod
        for pod in world.all("Pod")
        if text(pod, "metadata", "namespace") == namespace
        and text(pod, "status", "phase") not in ("Succeeded", "Failed")
    ]


def namespace_labels(world: World, name: str) -> dict[str, str]:
    """Give a namespace's labels; its own name is one of them on every server since 1.22."""
    found = next((row for row in world.all("Namespace") if text(row, "metadata", "name") == name), {})
    return {"kubernetes.io/metadata.name": name, **labels(found, "metadata", "labels")}


def env(container: Manifest, name: str) -> Json:
    """Give an environment variable's plain value, or None."""
    return next((row.get("value") for row in items(container, "env") if text(row, "name") == name), None)


def listed(names: Iterable[str], most: int = 8) -> str:
    """Give names in one line, the first `most` of them."""
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def block(code: str, subject: str, problem: str, evidence: str = "", remedy: str = "") -> Finding:
    """Give a finding that stops a run before it starts."""
    return Finding(code, Severity.BLOCK, subject, problem, evidence, remedy)


def warn(code: str, subject: str, problem: str, evidence: str = "", remedy: str = "") -> Finding:
    """Give a finding that wants to be read."""
    return Finding(code, Severity.WARN, subject, problem, evidence, remedy)


def info(code: str, subject: str, problem: str, evidence: str = "", remedy: str = "") -> Finding:
    """Give a finding for the record."""
    return Finding(code, Severity.INFO, subject, problem, evidence, remedy)
