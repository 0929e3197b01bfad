"""The API types that the controllers read and write, as addresses. Knows nothing of their contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
"""An API object. `Any`, because the API's objects are open-ended JSON, here as in the real controllers' patches."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One API type: where it is served and what its objects are called."""

    group_version: str
    plural: str
    kind: str
    namespaced: bool = True

    @property
    def root(self) -> str:
        """The path that lists the objects of every namespace."""
        prefix = "apis" if "/" in self.group_version else "api"
        return f"/{prefix}/{self.group_version}"

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        """Return the path of a list, of one object, or of a subresource of one object."""
        parts = [self.root]
        if namespace and self.namespaced:
            parts += ["namespaces", namespace]
        parts += [part for part in (self.plural, name, subresource) if part]
        return "/".join(parts)


NAMESPACES = Resource("v1", "namespaces", "Namespace", namespaced=False)
NODES = Resource("v1", "nodes", "Node", namespaced=False)
PODS = Resource("v1", "pods", "Pod")
SERVICES = Resource("v1", "services", "Service")
SERVICE_ACCOUNTS = Resource("v1", "serviceaccounts", "ServiceAccount")
CONFIG_MAPS = Resource("v1", "configmaps", "ConfigMap")
EVENTS = Resource("v1", "events", "Event")
DEPLOYMENTS = Resource("apps/v1", "deployments", "Deployment")
REPLICA_SETS = Resource("apps/v1", "replicasets", "ReplicaSet")
DAEMON_SETS = Resource("apps/v1", "daemonsets", "DaemonSet")
LEASES = Resource("coordination.k8s.io/v1", "leases", "Lease")
ENDPOINT_SLICES = Resource("discovery.k8s.io/v1", "endpointslices", "EndpointSlice")
DISRUPTION_BUDGETS = Resource("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget")
ISTIO_GATEWAYS = Resource("networking.istio.io/v1", "gateways", "Gateway")
ENVOY_FILTERS = Resource("networking.istio.io/v1alpha3", "envoyfilters", "EnvoyFilter")
VIRTUAL_SERVICES = Resource("networking.istio.io/v1", "virtualservices", "VirtualService")
