"""The kinds of the Gateway API and of Envoy Gateway that the lab knows, and their definitions for a control plane."""

from __future__ import annotations

from migrator.lab.controllers.api.resources import Json, Resource
from migrator.lab.ground.definitions import definition

API = "gateway.networking.k8s.io"
OWN = "gateway.envoyproxy.io"
GATEWAY_CLASSES = Resource(f"{API}/v1", "gatewayclasses", "GatewayClass", namespaced=False)
GATEWAYS = Resource(f"{API}/v1", "gateways", "Gateway")
HTTP_ROUTES = Resource(f"{API}/v1", "httproutes", "HTTPRoute")
ENVOY_PROXIES = Resource(f"{OWN}/v1alpha1", "envoyproxies", "EnvoyProxy")
KINDS = (GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES, ENVOY_PROXIES)


def definitions() -> list[Json]:
    """Return a CustomResourceDefinition for each kind. They check no object's content."""
    return [
        definition(kind.group_version, kind.plural, kind.kind, "Namespaced" if kind.namespaced else "Cluster")
        for kind in KINDS
    ]
