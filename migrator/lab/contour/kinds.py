"""The kinds that Contour is told by, and the definition of its own one for a control plane. It checks no object's content."""

from __future__ import annotations

from migrator.lab.controllers.api.resources import Json, Resource
from migrator.lab.ground.definitions import definition

GROUP = "projectcontour.io"
CLASS = "contour"
INGRESSES = Resource("networking.k8s.io/v1", "ingresses", "Ingress")
HTTP_PROXIES = Resource(f"{GROUP}/v1", "httpproxies", "HTTPProxy")


def definitions() -> list[Json]:
    """Return the CustomResourceDefinition of HTTPProxy."""
    return [definition(HTTP_PROXIES.group_version, HTTP_PROXIES.plural, HTTP_PROXIES.kind)]
