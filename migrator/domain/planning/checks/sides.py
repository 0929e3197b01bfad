"""The two sides' pods as the checks see them: labels, specs and addresses of what runs and of what is planned."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.findings import Finding, Severity
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, text
from migrator.domain.model.spec import Network, Spec
from migrator.domain.planning.derive import derived
from migrator.domain.planning.istio_revision import mesh_name, revision
from migrator.domain.planning.world import World, template_labels

ADDED_BY_INJECTION = ("istio.io/", "service.istio.io/", "security.istio.io/", "networking.istio.io/")


def daemonset(world: World, spec: Spec) -> Manifest:
    """Give the DaemonSet that the plan will apply; an empty one without a source."""
    return derived(world, spec)[0] if world.source is not None else {}


def new_pod_spec(world: World, spec: Spec) -> Manifest:
    """Give the spec of the new pods."""
    return mapping(daemonset(world, spec), "spec", "template", "spec")


def old_pod_spec(world: World) -> Manifest:
    """Give the spec of the old pods, by the Deployment's template."""
    return mapping(world.source or {}, "spec", "template", "spec")


def old_labels(world: World) -> dict[str, str]:
    """Give the labels that every live old pod has (its template's when none lives): injection adds some."""
    live = [dict(pod.labels) for pod in world.old.live]
    if not live:
        return template_labels(world.source) if world.source is not None else {}
    return {k: v for k, v in live[0].items() if all(found.get(k) == v for found in live[1:])}


def new_labels(world: World, spec: Spec) -> dict[str, str]:
    """Give the labels that the new pods will have: their template's, and with injection what the webhook adds."""
    own = template_labels(daemonset(world, spec))
    if spec.target.network is Network.HOST:
        return own
    added = {k: v for k, v in old_labels(world).items() if k.startswith(ADDED_BY_INJECTION) and k not in own}
    return {**added, **own}


def on_host(world: World, spec: Spec) -> bool:
    """Say whether the new pods live in their node's network."""
    return new_pod_spec(world, spec).get("hostNetwork") is True


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


def mesh_text(world: World) -> str:
    """Give the text of the mesh configuration that the gateways get, of their revision; "" when it was not seen."""
    wanted = mesh_name(revision(world))
    rows = [row for row in world.all("ConfigMap") if text(row, "metadata", "name") == wanted]
    found = (dig(row, "data", "mesh") for row in rows)
    return next((value for value in found if isinstance(value, str)), "")


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
