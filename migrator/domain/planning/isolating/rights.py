"""What setting pods apart needs to be allowed besides what a run needs. Nobody gets it unasked. Pure."""

from __future__ import annotations

from migrator.domain.model.refs import namespaces
from migrator.domain.model.spec import Spec
from migrator.domain.planning.rbac import Permission

_READ = (
    ("v1", "Pod"),
    ("v1", "Service"),
    ("policy/v1", "PodDisruptionBudget"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
)


def rights(spec: Spec) -> tuple[Permission, ...]:
    """Give the permissions in the gateway's namespaces."""
    return tuple(row for namespace in namespaces(spec) for row in _within(namespace))


def _within(namespace: str) -> tuple[Permission, ...]:
    reading = tuple((verb, version, kind, namespace) for version, kind in _READ for verb in ("get", "list"))
    return (*reading, *((verb, "v1", "Pod", namespace) for verb in ("patch", "delete")))
