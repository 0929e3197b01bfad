"""The kinds of the Gateway API and of Envoy Gateway that the lab knows, and their definitions for a control plane."""

from __future__ import annotations

from migrator.lab.controllers.api.resources import Json, Resource

API = "gateway.networking.k8s.io"
OWN = "gateway.envoyproxy.io"
GATEWAY_CLASSES = Resource(f"{API}/v1", "gatewayclasses", "GatewayClass", namespaced=False)
GATEWAYS = Resource(f"{API}/v1", "gateways", "Gateway")
HTTP_ROUTES = Resource(f"{API}/v1", "httproutes", "HTTPRoute")
ENVOY_PROXIES = Resource(f"{OWN}/v1alpha1", "envoyproxies", "EnvoyProxy")
KINDS = (GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES, ENVOY_PROXIES)


def definitions() -> list[Json]:
    """Return a CustomResourceDefinition for each kind. They check no object's content."""
    return [_definition(kind) for kind in KINDS]


def _definition(resource: Resource) -> Json:
    group, _, version = resource.group_version.partition("/")
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"spec": anything, "status": anything}}
    served = {"name": version, "served": True, "storage": True, "subresources": {"status": {}}}
    names = {"plural": resource.plural, "singular": resource.kind.lower(), "kind": resource.kind}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{resource.plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced" if resource.namespaced else "Cluster",
            "names": {**names, "listKind": f"{resource.kind}List"},
            "versions": [{**served, "schema": {"openAPIV3Schema": schema}}],
        },
    }
