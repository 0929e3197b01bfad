"""The few definitions of Istio's kinds that a lab needs on a control plane which has none. They check no object's content."""

from migrator.lab.ground.manifests import Json

_KINDS = (
    ("gateways", "Gateway", "v1"),
    ("virtualservices", "VirtualService", "v1"),
    ("envoyfilters", "EnvoyFilter", "v1alpha3"),
)
_GROUP = "networking.istio.io"


def definitions() -> list[Json]:
    """Return a CustomResourceDefinition for each kind."""
    return [_definition(*kind) for kind in _KINDS]


def _definition(plural: str, kind: str, version: str) -> Json:
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"spec": anything, "status": anything}}
    served = {"name": version, "served": True, "storage": True, "subresources": {"status": {}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{_GROUP}"},
        "spec": {
            "group": _GROUP,
            "scope": "Namespaced",
            "names": {"plural": plural, "singular": kind.lower(), "kind": kind, "listKind": f"{kind}List"},
            "versions": [{**served, "schema": {"openAPIV3Schema": schema}}],
        },
    }
