"""The reversible changes that keep others' hands off while a run goes on: Services narrowed, HPA floors pinned.

A Service that selects the old pods by labels that the new pods carry too would send them traffic the moment they are
Ready. Deployments' selectors are immutable, Services' are not: the Service is narrowed to the old pods' template hash.
"""

from __future__ import annotations

from migrator.domain.derive import HASH, pod_labels
from migrator.domain.manifests import Json, Manifest, items, labels, number, ref_of, selects, text, uid_of
from migrator.domain.plan import Change
from migrator.domain.spec import Spec
from migrator.domain.world import World, target_port


def changes(world: World, spec: Spec) -> tuple[Change, ...]:
    """Give the changes of step Guard, each with its undo."""
    if world.source is None:
        return ()
    return (*_services(world, world.source, spec), *_floors(world, spec))


def template_hashes(world: World) -> tuple[str, ...]:
    """Give the template hashes of the live old pods; more than one means a rollout is under way."""
    found = {value for pod in world.old.live for key, value in pod.labels if key == HASH}
    return tuple(sorted(found))


def caught(world: World, source: Manifest, spec: Spec) -> list[Manifest]:
    """Give the Services that would select the new pods as well as the old ones."""
    having = pod_labels(source, spec)
    return world.services_of(having, spec.cluster.namespace)


def _services(world: World, source: Manifest, spec: Spec) -> list[Change]:
    hashes = template_hashes(world)
    if len(hashes) != 1:
        return []
    return [_narrowed(source, service, hashes[0], spec) for service in caught(world, source, spec)]


def _narrowed(source: Manifest, service: Manifest, template_hash: str, spec: Spec) -> Change:
    present = labels(service, "spec", "selector").get(HASH)
    widened: dict[str, Json] = {HASH: None, **dict(spec.target.labels)}
    ports: list[Json] = [_to_new(source, port, spec) for port in items(service, "spec", "ports")]
    return Change(
        ref_of(service),
        uid_of(service),
        {"spec": {"selector": {HASH: template_hash}}},
        {"spec": {"selector": {HASH: present}}},
        f"Service {text(service, 'metadata', 'name')} must not send traffic to the new pods before their share",
        {"spec": {"selector": widened, "ports": ports}},
    )


def _to_new(source: Manifest, port: Manifest, spec: Spec) -> Manifest:
    """Give the Service's port as it must be for the new pods; a port that is called by name stays as it is."""
    if isinstance(port.get("targetPort"), str):
        return port
    return {**port, "targetPort": spec.target.port(target_port(source, port))}


def scalers(world: World, spec: Spec) -> list[Manifest]:
    """Give the HPAs of the source."""
    return [
        hpa
        for hpa in world.all("HorizontalPodAutoscaler")
        if text(hpa, "metadata", "namespace") == spec.cluster.namespace
        and text(hpa, "spec", "scaleTargetRef", "kind") == spec.source.kind
        and text(hpa, "spec", "scaleTargetRef", "name") == spec.source.name
    ]


def _floors(world: World, spec: Spec) -> list[Change]:
    """Pin each HPA's floor to today's replicas: the old side must not shrink because its traffic leaves."""
    wanted = world.old.wanted
    return [
        Change(
            ref_of(hpa),
            uid_of(hpa),
            {"spec": {"minReplicas": wanted}},
            {"spec": {"minReplicas": number(hpa, "spec", "minReplicas") or 1}},
            f"the old side keeps its {wanted} replicas until it is removed, whatever its load",
        )
        for hpa in scalers(world, spec)
        if (number(hpa, "spec", "minReplicas") or 1) < wanted
    ]


def companion(world: World, source: Manifest, spec: Spec) -> Manifest | None:
    """Give the headless Service that gives the new pods their listener ports, where one is needed.

    Istio translates a Gateway's port through the Services that select a pod (first match); without one the new pods
    would bind the Gateway's literal port. Never LoadBalancer or NodePort: no cloud controller must care about it.
    """
    old = template_hashes(world)
    having = {**pod_labels(source, spec), **({HASH: old[0]} if old else {})}
    ports = [
        port
        for service in world.services_of(having, spec.cluster.namespace)
        for port in items(service, "spec", "ports")
    ]
    wanted = {number(port, "port"): spec.target.port(target_port(source, port)) for port in reversed(ports)}
    if not wanted or not selects(dict(spec.target.labels), pod_labels(source, spec)):
        return None
    return _headless(spec, pod_labels(source, spec), wanted)


def _headless(spec: Spec, having: dict[str, str], ports: dict[int, int]) -> Manifest:
    rows: list[Json] = [
        {"name": f"tcp-{port}", "port": port, "targetPort": target, "protocol": "TCP"}
        for port, target in sorted(ports.items())
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": spec.target.name,
            "namespace": spec.cluster.namespace,
            "labels": {"app.kubernetes.io/managed-by": "migrator"},
        },
        "spec": {"clusterIP": "None", "selector": dict(having), "ports": rows},
    }
