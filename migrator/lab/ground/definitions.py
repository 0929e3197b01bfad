"""Definitions of kinds that a lab needs on a control plane which has none: Istio's, and any other. They check no content."""

from migrator.lab.ground.manifests import Json

_GROUP = "networking.istio.io"
_KINDS = (
    ("gateways", "Gateway", "v1"),
    ("virtualservices", "VirtualService", "v1"),
    ("envoyfilters", "EnvoyFilter", "v1alpha3"),
)


def definitions() -> list[Json]:
    """Return a CustomResourceDefinition for each of Istio's kinds."""
    return [definition(f"{_GROUP}/{version}", plural, kind) for plural, kind, version in _KINDS]


def definition(group_version: str, plural: str, kind: str, scope: str = "Namespaced") -> Json:
    """Return the CustomResourceDefinition of one kind."""
    group, _, version = group_version.partition("/")
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"spec": anything, "status": anything}}
    served = {"name": version, "served": True, "storage": True, "subresources": {"status": {}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": scope,
            "names": {"plural": plural, "singular": kind.lower(), "kind": kind, "listKind": f"{kind}List"},
            "versions": [{**served, "schema": {"openAPIV3Schema": schema}}],
        },
    }
