"""The kinds that Contour is told by, and the definition of its own one for a control plane. It checks no object's content."""

from __future__ import annotations

from migrator.lab.controllers.api.resources import Json, Resource

GROUP = "projectcontour.io"
CLASS = "contour"
INGRESSES = Resource("networking.k8s.io/v1", "ingresses", "Ingress")
HTTP_PROXIES = Resource(f"{GROUP}/v1", "httpproxies", "HTTPProxy")


def definitions() -> list[Json]:
    """Return the CustomResourceDefinition of HTTPProxy."""
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"spec": anything, "status": anything}}
    served = {"name": "v1", "served": True, "storage": True, "subresources": {"status": {}}}
    names = {"plural": "httpproxies", "singular": "httpproxy", "kind": "HTTPProxy", "listKind": "HTTPProxyList"}
    return [
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"httpproxies.{GROUP}"},
            "spec": {
                "group": GROUP,
                "scope": "Namespaced",
                "names": names,
                "versions": [{**served, "schema": {"openAPIV3Schema": schema}}],
            },
        }
    ]
