"""Which lists are maps keyed by fields, sets, or atomic: the real types' merge markers, by field name.

Custom resources have no markers here: their lists are atomic. Sources: `patchMergeKey` (strategic merge) and
`listType`/`mapType` (server-side apply) of k8s.io/api."""

from dataclasses import dataclass
from typing import Any

from migrator.lab.kube.api.kinds import Kind

_BY_NAME = "containers initContainers ephemeralContainers volumes env imagePullSecrets"
_APPLY = {
    **dict.fromkeys(_BY_NAME.split(), ("name",)),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "conditions": ("type",),
    "ownerReferences": ("uid",),
    "hostAliases": ("ip",),
    "podIPs": ("ip",),
    "hostIPs": ("ip",),
    "addresses": ("type",),
    "secrets": ("name",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    **dict.fromkeys(("resourceClaims", "schedulingGates", "claims", "webhooks"), ("name",)),
}
_CONTAINER_PORT = ("containerPort", "protocol")
_SERVICE_PORT = ("port", "protocol")
_SETS = {"finalizers", "podCIDRs"}
_SELECTORS = "selector nodeSelector labelSelector namespaceSelector podSelector"
_REFERENCES = "secretKeyRef configMapKeyRef fieldRef resourceFieldRef involvedObject roleRef scaleTargetRef targetRef"
_ATOMIC = {*_SELECTORS.split(), *_REFERENCES.split(), "objectRef"}
_DEFAULTS = {"protocol": "TCP"}


@dataclass(frozen=True, slots=True)
class ListKeys:
    """The markers of one kind. `typed` is False for custom resources."""

    typed: bool
    plural: str

    def for_apply(self, field: str, items: list[Any]) -> tuple[str, ...] | None:
        """Return the key fields of the list `field`, or None if it is a set or atomic."""
        keys = self.declared(field)
        if keys and all(isinstance(item, dict) and keys[0] in item for item in items):
            return keys
        return None

    def for_strategic(self, field: str) -> str | None:
        """Return the merge key of the list `field`, or None if a patch replaces it."""
        keys = None if field == "hostIPs" else self.declared(field)
        return keys[0] if keys else None

    def is_set(self, field: str) -> bool:
        """Return whether `field` is a list of scalars that merge as a set."""
        return field in _SETS and (self.typed or field == "finalizers")

    def is_atomic(self, field: str) -> bool:
        """Return whether the object at `field` is owned and replaced as a whole."""
        return self.typed and field in _ATOMIC

    def declared(self, field: str) -> tuple[str, ...] | None:
        """Return the key fields that the type of the list `field` declares, whatever its items are."""
        if field == "ownerReferences":  # metadata has the same type in every kind
            return _APPLY[field]
        if not self.typed or (field == "addresses" and self.plural != "nodes"):
            return None
        if field != "ports":
            return _APPLY.get(field)
        if self.plural == "services":
            return _SERVICE_PORT
        return _CONTAINER_PORT if self.plural in _WITH_CONTAINERS else None


_WORKLOADS = "deployments replicasets daemonsets statefulsets jobs cronjobs replicationcontrollers"
_WITH_CONTAINERS = {"pods", *_WORKLOADS.split()}


def keys_of(kind: Kind) -> ListKeys:
    """Return the markers of a kind."""
    return ListKeys(not kind.custom, kind.plural)


def identity(item: dict[str, Any], keys: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the values by which an item of a keyed list is the same item."""
    return tuple(item.get(key, _DEFAULTS.get(key)) for key in keys)
