"""The Service that the new pods need of their own: headless, so that no cloud controller and no kube-proxy cares for it."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.manifests import Json, Manifest, items, number, selects
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.observation.world import target_port
from migrator.domain.steps.prepare import MANAGED_BY, MANAGER


def companion(spec: Spec, source: Manifest, services: Iterable[Manifest], having: dict[str, str]) -> Manifest | None:
    """Give the headless Service that gives the new pods their listener ports, where one is needed.

    Istio translates a Gateway's port through the Services that select a pod (first match); without one the new pods
    would bind the Gateway's literal port. Never LoadBalancer or NodePort: no cloud controller must care about it.
    `services` are those that select the old pods, `having` are the new pods' labels.
    """
    ports = [port for service in services for port in items(service, "spec", "ports")]
    wanted = {number(port, "port"): spec.target.port(target_port(source, port)) for port in reversed(ports)}
    if not wanted or not selects(dict(spec.target.labels), having):
        return None
    return _headless(spec, having, wanted)


def _headless(spec: Spec, having: dict[str, str], ports: dict[int, int]) -> Manifest:
    rows: list[Json] = [
        {"name": f"tcp-{port}", "port": port, "targetPort": target, "protocol": "TCP"}
        for port, target in sorted(ports.items())
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": spec.target.service,
            "namespace": target_ref(spec).namespace,
            "labels": {MANAGED_BY: MANAGER},
        },
        "spec": {"clusterIP": "None", "selector": dict(having), "ports": rows},
    }
